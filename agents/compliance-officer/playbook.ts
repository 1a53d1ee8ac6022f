/** The routine of compliance in code. It reads, and proposes; it has no limits of its own, for those are the gate's. */
import { draft, type Playbook, type Reads, type Resolution } from '../../src/kernel/define.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import type { Drift } from '../../src/kernel/nouns.ts';
import { addDays, type LocalDate, type LocalTime } from '../../src/kernel/time.ts';
import { ObligationId } from '../../src/domains/compliance/records.ts';
import { openTask } from '../../src/domains/compliance/tools/open-task.ts';
import { getObligation } from '../../src/domains/compliance/tools/reads.ts';

const DAYS_WHEN_LATE = 3; // for who is asked about what is late already

/** Asks whoever is responsible, once; who was asked is not asked again. */
async function ask(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await reads.read(getObligation, { obligation: ObligationId.parse(drift.subject), today: now.date });
  if (!found || found.task)
    return { drafts: [], finding: `${drift.why}${found?.task ? `; \`${found.task.person}\` was asked to see to it by ${found.task.due}` : ''}.` };
  const { obligation, deadline } = found;
  const due: LocalDate = deadline > now.date ? deadline : addDays(now.date, DAYS_WHEN_LATE);
  const title = `${obligation.title}, and file \`${obligation.evidence}\``.slice(0, 200).replace(/[\ud800-\udbff]$/, '');
  return { drafts: [draft(openTask, { obligation: obligation.id, person: PersonId.parse(obligation.responsible), title, due }, `${drift.why}.`)] };
}

const report = (drift: Drift): Promise<Resolution> => Promise.resolve({ drafts: [], finding: drift.why });

export const playbook: Playbook = {
  'compliance.obligation_due': ask,
  'compliance.evidence_expired': ask,
  'compliance.obligation_overdue': ask,
  'compliance.unwarranted_payment': report,
  'compliance.rubber_stamps': report,
};
