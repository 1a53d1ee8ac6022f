import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { PersonId } from '../../../kernel/ids.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { task } from '../facts.ts';
import type { ComplianceWrites } from '../ports.ts';
import { ObligationId } from '../records.ts';

/** Asks a person to see to an obligation. */
export const openTask = defineWriteTool<ComplianceWrites>()({
  name: 'compliance.open_task',
  summary: 'Ask a person to see to an obligation by a day',
  classification: 'internal',
  effect: 'write',
  input: z.strictObject({ obligation: ObligationId, person: PersonId, title: z.string().min(3).max(200), due: LocalDate }),
  output: z.strictObject({ obligation: ObligationId }),
  governs: { obligation: 'identifier', person: 'recipient' },
  facts: task,
  resource: { type: 'Obligation', argument: 'obligation' },
  compensation: { tool: null, why: 'The person was asked. They say that it is done, or compliance does: `charter tasks done`.' },
  answers: ['edit', 'respond'],
  card: ({ obligation, person, title, due }, onRecord) => [
    { label: 'Ask', value: onRecord['person'] ?? person },
    { label: 'To do', prose: true, value: title },
    { label: 'By', value: due },
    { label: 'For', value: onRecord['obligation'] ?? obligation },
  ],
  run: async ({ obligation, ...asked }, compliance, { proposal }) => {
    await compliance.openTask({ key: proposal, obligation, ...asked });
    return { obligation };
  },
});
