import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { hold as holdFacts, lift as liftFacts } from '../facts.ts';
import type { ComplianceWrites } from '../ports.ts';

const Supplier = z.string().min(1).max(40);
const Reason = z.string().min(5).max(500);

/** Stops every payment to a supplier until it is lifted. */
export const hold = defineWriteTool<ComplianceWrites>()({
  name: 'compliance.hold',
  summary: 'Stop all payments to a supplier until compliance lets them go on',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ supplier: Supplier, reason: Reason }),
  output: z.strictObject({ supplier: Supplier }),
  governs: { supplier: 'identifier' },
  facts: holdFacts,
  resource: { type: 'Supplier', argument: 'supplier' },
  compensation: {
    tool: 'compliance.lift_hold',
    args: ({ input: { supplier }, reason }) => ({ supplier, reason }),
    otherwise: 'Compliance lets the payments go on.',
  },
  answers: ['respond'], // another supplier is another matter
  card: ({ supplier, reason }, onRecord) => [
    { label: 'Stop payments to', value: onRecord['seller'] ?? supplier },
    { label: 'Because', prose: true, value: reason },
  ],
  run: async ({ supplier, reason }, compliance, { proposal }) => {
    await compliance.hold(supplier, reason, proposal);
    return { supplier };
  },
});

/** Lets payments to a supplier go on. */
export const liftHold = defineWriteTool<ComplianceWrites>()({
  name: 'compliance.lift_hold',
  summary: 'Let payments to a supplier go on that compliance had stopped',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ supplier: Supplier, reason: Reason }),
  output: z.strictObject({ supplier: Supplier }),
  governs: { supplier: 'identifier' },
  facts: liftFacts,
  resource: { type: 'Supplier', argument: 'supplier' },
  compensation: {
    tool: 'compliance.hold',
    args: ({ input: { supplier }, reason }) => ({ supplier, reason }),
    otherwise: 'What was paid since is paid; see `charter why` of each payment.',
  },
  answers: ['respond'], // another supplier is another matter
  card: ({ supplier, reason }, onRecord) => [
    { label: 'Let payments go on to', value: onRecord['seller'] ?? supplier },
    { label: 'Because', prose: true, value: reason },
  ],
  run: async ({ supplier }, compliance) => {
    await compliance.lift(supplier);
    return { supplier };
  },
});
