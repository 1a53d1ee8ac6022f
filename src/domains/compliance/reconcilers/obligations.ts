/** Obligations against what shows that they are met: one reconciler per kind of drift, and of one obligation at most one. */
import { defineReconciler } from '../../../kernel/define.ts';
import type { ComplianceReads } from '../ports.ts';
import { ObligationId } from '../records.ts';
import { standingOf, type Standing } from '../standing.ts';

const WORDS: Readonly<Record<Exclude<Standing['state'], 'met'>, string>> = { due: 'is due by', expired: 'was met until', overdue: 'was due on' };

const about = (name: string, state: Exclude<Standing['state'], 'met'>) =>
  defineReconciler<ComplianceReads>()({
    name: `compliance.${name}`,
    domain: 'compliance',
    keys: (compliance) => compliance.obligations(),
    desired: async () => 'met' as const,
    observed: (id, compliance) => compliance.obligation(ObligationId.parse(id)),
    drift(id, _met, file, now) {
      const found = file && standingOf(file.obligation, file.evidence, now.date);
      if (!file || found?.state !== state) return [];
      const { title, source, responsible, consequence } = file.obligation;
      const why = `\`${id}\` (${title}; ${source}) ${WORDS[state]} ${found.deadline}${consequence === '' ? '' : `; otherwise: ${consequence}`}`;
      return [
        {
          subject: id,
          why,
          arose: state === 'due' ? null : found.deadline,
          facts: { deadline: found.deadline, responsible, task: file.openTask?.key ?? null },
        },
      ];
    },
  });

export const obligationDue = about('obligation_due', 'due');
export const evidenceExpired = about('evidence_expired', 'expired');
export const obligationOverdue = about('obligation_overdue', 'overdue');
