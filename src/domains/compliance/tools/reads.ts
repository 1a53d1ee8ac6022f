/** What agents may read of compliance. */
import { z } from 'zod';
import { defineReadTool } from '../../../kernel/define.ts';
import { LocalDate } from '../../../kernel/time.ts';
import type { ComplianceReads } from '../ports.ts';
import { Evidence, Obligation, ObligationId, Task } from '../records.ts';
import { standingOf } from '../standing.ts';

const Stands = z.enum(['met', 'due', 'expired', 'overdue']);

export const listObligations = defineReadTool<ComplianceReads>()({
  name: 'compliance.list_obligations',
  summary: 'Every obligation with its deadline and how it stands, the earliest deadline first',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ today: LocalDate }),
  output: z.array(z.strictObject({ id: ObligationId, title: z.string(), source: z.string(), responsible: z.string(), state: Stands, deadline: LocalDate })),
  run: async ({ today }, compliance) => {
    const all = [];
    for (const id of await compliance.obligations()) {
      const file = await compliance.obligation(id);
      if (!file) continue;
      const { title, source, responsible } = file.obligation;
      all.push({ id, title, source, responsible, ...standingOf(file.obligation, file.evidence, today) });
    }
    return all.sort((a, b) => (a.deadline < b.deadline ? -1 : a.deadline > b.deadline ? 1 : 0));
  },
});

export const getObligation = defineReadTool<ComplianceReads>()({
  name: 'compliance.get_obligation',
  summary: 'One obligation with its evidence and the task that is open about it',
  classification: 'internal',
  untrusted: ['evidence.document'], // names that whoever sent a document gave it
  input: z.strictObject({ obligation: ObligationId, today: LocalDate }),
  output: z.strictObject({ obligation: Obligation, evidence: z.array(Evidence), task: Task.nullable(), state: Stands, deadline: LocalDate }).nullable(),
  run: async ({ obligation, today }, compliance) => {
    const file = await compliance.obligation(obligation);
    return file
      ? { obligation: file.obligation, evidence: [...file.evidence], task: file.openTask ?? null, ...standingOf(file.obligation, file.evidence, today) }
      : null;
  },
});

export const listTasks = defineReadTool<ComplianceReads>()({
  name: 'compliance.list_tasks',
  summary: 'What people were asked to see to and have not done, the earliest due first',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({}),
  output: z.array(Task),
  run: async (_input, compliance) => (await compliance.tasks()).filter(({ done }) => done === null),
});

export const getHold = defineReadTool<ComplianceReads>()({
  name: 'compliance.get_hold',
  summary: 'Whether payments to a supplier are stopped, and why',
  classification: 'internal',
  untrusted: ['reason'], // in the words of whoever proposed it
  input: z.strictObject({ supplier: z.string().min(1).max(40) }),
  output: z.strictObject({ reason: z.string() }).nullable(), // null: they are not stopped
  run: async ({ supplier }, compliance) => (await compliance.held(supplier)) ?? null,
});
