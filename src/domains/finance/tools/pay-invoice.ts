import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { ProposalId } from '../../../kernel/ids.ts';
import { Money, show } from '../../../kernel/money.ts';
import { payment } from '../facts.ts';
import type { FinanceWrites } from '../ports.ts';
import { Iban, InvoiceId } from '../records.ts';

/** Pays one invoice. The proposal id is the bank's end-to-end id, so a retry pays once. It leaves at the cut-off. */
export const payInvoice = defineWriteTool<FinanceWrites>()({
  name: 'finance.pay_invoice',
  summary: 'Pay one supplier invoice by bank transfer; the payment leaves at the next cut-off',
  classification: 'confidential',
  effect: 'irreversible', // a settled transfer cannot be recalled
  input: z.strictObject({ invoice: InvoiceId, payee: Iban, amount: Money }),
  output: z.strictObject({ payment: ProposalId, executeOn: z.string() }),
  governs: { invoice: 'identifier', payee: 'account', amount: 'amount' },
  facts: payment,
  resource: { type: 'Invoice', argument: 'invoice' },
  amount: 'amount',
  compensation: {
    tool: 'finance.withdraw_payment',
    args: ({ output: { payment: made }, reason }) => ({ payment: made, reason }),
    otherwise: 'After the cut-off the bank has it: ask the bank at once to recall it, or the supplier to send it back.',
  },
  answers: ['edit', 'respond'], // a discount, a part of it: an account that no record vouches for takes one more approval
  card: ({ invoice, payee, amount }, onRecord) => [
    { label: 'Pay', value: show(amount) },
    { label: 'To', value: onRecord['supplier'] ?? 'an unknown supplier' },
    { label: 'Account', value: payee, ...(onRecord['account'] === undefined || onRecord['account'] === payee ? {} : { before: onRecord['account'] }) },
    { label: 'Invoice', value: invoice },
    ...(onRecord['order'] === undefined ? [] : [{ label: 'Order', value: onRecord['order'] }]),
  ],
  run: async ({ invoice, payee, amount }, finance, { proposal }) => {
    const { account, supplier, executeOn } = await finance.payer(invoice);
    const made = await finance.instruct({ key: proposal, invoice, supplier: supplier.id, payee, payeeName: supplier.name, amount, account, executeOn });
    return { payment: made.key, executeOn: made.executeOn };
  },
});
