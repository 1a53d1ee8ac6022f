import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { release } from '../facts.ts';
import type { FinanceWrites } from '../ports.ts';
import { InvoiceId } from '../records.ts';

/** Releases a held invoice: a person found that it may be paid after all. Who may say so the constitution decides. */
export const releaseInvoice = defineWriteTool<FinanceWrites>()({
  name: 'finance.release_invoice',
  summary: 'Release an invoice that was held, so that it is paid when due',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ invoice: InvoiceId, reason: z.string().min(5).max(500) }),
  output: z.strictObject({ invoice: InvoiceId }),
  governs: { invoice: 'identifier' },
  facts: release,
  resource: { type: 'Invoice', argument: 'invoice' },
  compensation: {
    tool: 'finance.hold_invoice',
    args: ({ input: { invoice }, reason }) => ({ invoice, reason }),
    otherwise: 'If it was paid meanwhile, say that the payment was wrong.',
  },
  answers: ['respond'], // another invoice is another matter
  card: ({ invoice, reason }, onRecord) => [
    { label: 'Release', value: invoice },
    { label: 'From', value: onRecord['supplier'] ?? 'an unknown supplier' },
    { label: 'Because', prose: true, value: reason, ...(onRecord['held'] === undefined ? {} : { before: `held: ${onRecord['held']}` }) },
  ],
  run: async ({ invoice }, finance) => {
    await finance.release(invoice);
    return { invoice };
  },
});
