/** What agents may read of finance. Words that suppliers wrote are marked: they are data, never instructions. */
import { z } from 'zod';
import { defineReadTool } from '../../../kernel/define.ts';
import { Money } from '../../../kernel/money.ts';
import { LocalDate, weekdayOf } from '../../../kernel/time.ts';
import type { FinanceReads } from '../ports.ts';
import { Iban, Invoice, InvoiceId, Payment, PaymentState, StatementLine } from '../records.ts';
import { standing } from '../standing.ts';

const MOST_LISTED = 200; // a reader of more has another question
const State = z.enum(['open', 'held', 'instructed', 'paid']);

export const listInvoices = defineReadTool<FinanceReads>()({
  name: 'finance.list_invoices',
  summary: 'List invoices in a state: number, supplier, amount and due date, the earliest due first',
  classification: 'confidential',
  untrusted: ['*.invoice', '*.heldBecause'],
  input: z.strictObject({ state: State }),
  output: z.array(z.strictObject({ invoice: InvoiceId, supplier: z.string(), total: Money, due: LocalDate, heldBecause: z.string() })),
  run: async ({ state }, finance) => {
    const listed = [];
    for (const id of (await finance.invoices(state)).slice(0, MOST_LISTED)) {
      const found = await finance.dossier(id);
      if (found)
        listed.push({
          invoice: id,
          supplier: found.supplier?.name ?? found.invoice.supplier,
          total: found.invoice.total,
          due: found.invoice.due,
          heldBecause: found.heldBecause,
        });
    }
    return listed;
  },
});

/** What `finance.get_invoice` gives. `standing` is what is to be done about it now; `amount` what to pay now. */
const Filed = z.strictObject({
  invoice: Invoice,
  state: State,
  heldBecause: z.string(),
  supplier: z.string().nullable(),
  accountOnRecord: Iban.nullable(),
  match: z.strictObject({ matched: z.boolean(), reasons: z.array(z.string()) }),
  ordered: z.boolean(),
  duplicateOf: z.string().nullable(),
  payments: z.array(Payment),
  standing: z.strictObject({ kind: z.string(), why: z.string(), amount: Money.nullable() }).nullable(),
});

export const getInvoice = defineReadTool<FinanceReads>()({
  name: 'finance.get_invoice',
  summary: 'Everything on file about one invoice: the document, the supplier, the match with order and receipts, what is due today',
  classification: 'confidential',
  untrusted: ['invoice', 'heldBecause', 'match.reasons', 'standing.why'], // the document as a whole, and what quotes it
  input: z.strictObject({
    invoice: InvoiceId,
    today: LocalDate,
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('00:00'),
  }),
  output: Filed.nullable(), // null: there is no such invoice
  run: async ({ invoice, today, time }, finance) => {
    const dossier = await finance.dossier(invoice);
    if (!dossier) return null;
    const now = { date: today, hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)), weekday: weekdayOf(today) };
    const found = standing(dossier, now, await finance.settings());
    const amount = Money.safeParse(found?.facts['amount']);
    return {
      invoice: dossier.invoice,
      state: dossier.state,
      heldBecause: dossier.heldBecause,
      supplier: dossier.supplier?.name ?? null,
      accountOnRecord: dossier.supplier?.iban ?? null,
      match: { matched: dossier.match.matched, reasons: [...dossier.match.reasons] },
      ordered: dossier.order !== undefined,
      duplicateOf: dossier.duplicateOf,
      payments: [...(await finance.payments({ invoice }))],
      standing: found ? { kind: found.kind, why: found.why, amount: amount.success ? amount.data : null } : null,
    };
  },
});

export const getBalance = defineReadTool<FinanceReads>()({
  name: 'finance.get_balance',
  summary: 'The balance of each of our accounts by the newest statement, and what is instructed but not booked',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({}),
  output: z.strictObject({
    accounts: z.array(z.strictObject({ account: Iban, name: z.string(), balance: Money.nullable(), on: LocalDate.nullable() })),
    pending: z.array(Payment),
  }),
  run: async (_input, finance) => {
    const { accounts } = await finance.settings();
    const held = [];
    for (const { iban, name } of accounts) {
      const balance = await finance.balance(iban);
      held.push({ account: iban, name, balance: balance?.amount ?? null, on: balance?.on ?? null });
    }
    return {
      accounts: held,
      pending: [...(await finance.pendingPayments())],
    };
  },
});

export const listPayments = defineReadTool<FinanceReads>()({
  name: 'finance.list_payments',
  summary: 'List our payments in a state (instructed, sent, paid, rejected, withdrawn), the latest first',
  classification: 'confidential',
  untrusted: ['*.invoice'],
  input: z.strictObject({ state: PaymentState }),
  output: z.array(Payment),
  run: async ({ state }, finance) => [...(await finance.payments({ state }))],
});

export const listDebits = defineReadTool<FinanceReads>()({
  name: 'finance.list_unexplained_debits',
  summary: 'Debits on our statements that no payment of ours explains',
  classification: 'confidential',
  untrusted: ['*.counterparty', '*.remittance'],
  input: z.strictObject({}),
  output: z.array(StatementLine),
  run: async (_input, finance) => [...(await finance.unexplainedDebits())],
});
