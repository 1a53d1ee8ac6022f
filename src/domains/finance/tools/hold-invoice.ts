import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { invoice as invoiceFacts } from '../facts.ts';
import type { FinanceWrites } from '../ports.ts';
import { InvoiceId } from '../records.ts';

/** Holds an invoice: it is not paid until a person releases it. */
export const holdInvoice = defineWriteTool<FinanceWrites>()({
  name: 'finance.hold_invoice',
  summary: 'Hold an invoice that must not be paid as it is',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ invoice: InvoiceId, reason: z.string().min(5).max(500) }),
  output: z.strictObject({ invoice: InvoiceId }),
  governs: { invoice: 'identifier' },
  facts: invoiceFacts,
  resource: { type: 'Invoice', argument: 'invoice' },
  compensation: {
    tool: 'finance.release_invoice',
    args: ({ input: { invoice }, reason }) => ({ invoice, reason }),
    otherwise: 'Finance releases it once it adds up.',
  },
  answers: ['respond'], // another invoice is another matter
  card: ({ invoice, reason }, onRecord) => [
    { label: 'Hold', value: invoice },
    { label: 'From', value: onRecord['supplier'] ?? 'an unknown supplier' },
    { label: 'Because', prose: true, value: reason },
  ],
  run: async ({ invoice, reason }, finance, { proposal }) => {
    await finance.hold(invoice, reason, proposal);
    return { invoice };
  },
});
