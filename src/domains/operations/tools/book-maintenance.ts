import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { maintenance } from '../facts.ts';
import type { OperationsWrites } from '../ports.ts';
import { MachineCode } from '../records.ts';

/** Books a service of a machine for a day: the machine is blocked that day, and everybody's calendar has it. */
export const bookMaintenance = defineWriteTool<OperationsWrites>()({
  name: 'operations.book_maintenance',
  summary: 'Book a service of a machine for a day',
  classification: 'internal',
  effect: 'write',
  input: z.strictObject({ machine: MachineCode, day: LocalDate, by: z.string().min(1).max(80) }),
  output: z.strictObject({ machine: MachineCode, day: LocalDate }),
  governs: { machine: 'identifier' },
  facts: maintenance,
  resource: { type: 'Machine', argument: 'machine' },
  compensation: { tool: null, why: 'Whoever services it may have been told. Call them off, and take the booking out of the register of machines.' },
  answers: ['edit', 'respond'],
  card: ({ machine, day, by }, onRecord) => [
    { label: 'Service', value: onRecord['machine'] ?? machine },
    { label: 'On', value: day },
    ...(onRecord['lastService'] === undefined ? [] : [{ label: 'Last service', value: onRecord['lastService'] }]),
    { label: 'By', value: by },
  ],
  run: async ({ machine, day, by }, operations, { proposal }) => {
    await operations.book({ key: proposal, machine, day, by });
    return { machine, day };
  },
});
