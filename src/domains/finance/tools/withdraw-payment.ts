import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { ProposalId } from '../../../kernel/ids.ts';
import { withdrawal } from '../facts.ts';
import type { FinanceWrites } from '../ports.ts';
import { InvoiceId } from '../records.ts';

/** Takes back a payment that has not left. Its invoice is held with the reason: it is not paid again until finance releases it. */
export const withdrawPayment = defineWriteTool<FinanceWrites>()({
  name: 'finance.withdraw_payment',
  summary: 'Take back a payment before its cut-off; its invoice is held until finance releases it',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ payment: ProposalId, reason: z.string().min(5).max(500) }),
  output: z.strictObject({ payment: ProposalId, invoice: InvoiceId }),
  governs: { payment: 'identifier' },
  facts: withdrawal,
  resource: { type: 'Payment', argument: 'payment' },
  takesBack: 'payment',
  compensation: {
    tool: 'finance.release_invoice',
    args: ({ output: { invoice }, reason }) => ({ invoice, reason }),
    otherwise: 'Finance releases its invoice; then it is paid as any other.',
  },
  answers: [], // another payment is another matter, and people alone ask for it: no agent has more to say
  card: ({ payment, reason }) => [
    { label: 'Take back', value: payment },
    { label: 'Because', prose: true, value: reason },
  ],
  run: async ({ payment, reason }, finance) => {
    const { key, invoice } = await finance.withdraw(payment, reason);
    return { payment: key, invoice };
  },
});
