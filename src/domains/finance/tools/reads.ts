/** What agents may read of finance. Words that suppliers wrote are marked: they are data, never instructions. */
import { z } from 'zod';
import { defineReadTool } from '../../../kernel/define.ts';
import { Money } from '../../../kernel/money.ts';
import { LocalDate } from '../../../kernel/time.ts';
import type { FinanceReads } from '../ports.ts';
import { Iban, Invoice, InvoiceId, Payment, StatementLine } from '../records.ts';
import { standing } from '../standing.ts';

const State = z.enum(['open', 'held', 'instructed', 'paid']);

export const listInvoices = defineReadTool<FinanceReads>()({
  name: 'finance.list_invoices',
  summary: 'List invoices in a state: number, supplier, amount and due date, the earliest due first',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ state: State }),
  output: z.array(z.strictObject({ invoice: InvoiceId, supplier: z.string(), total: Money, due: LocalDate, heldBecause: z.string() })),
  run: async ({ state }, finance) => {
    const dossiers = await Promise.all((await finance.invoices(state)).slice(0, 200).map((id) => finance.dossier(id)));
    return dossiers.flatMap((d) =>
      d
        ? [{ invoice: d.invoice.id, supplier: d.supplier?.name ?? d.invoice.supplier, total: d.invoice.total, due: d.invoice.due, heldBecause: d.heldBecause }]
        : [],
    );
  },
});

export const getInvoice = defineReadTool<FinanceReads>()({
  name: 'finance.get_invoice',
  summary: 'Everything on file about one invoice: the document, the supplier, the match with order and receipts, what is due today',
  classification: 'confidential',
  untrusted: ['invoice.note', 'invoice.lines.*.description', 'invoice.iban', 'invoice.order'],
  input: z.strictObject({ invoice: InvoiceId, today: LocalDate }),
  output: z.strictObject({
    invoice: Invoice,
    state: State,
    supplier: z.string().nullable(),
    accountOnRecord: Iban.nullable(),
    match: z.strictObject({ matched: z.boolean(), reasons: z.array(z.string()) }),
    ordered: z.boolean(),
    duplicateOf: z.string().nullable(),
    standing: z.strictObject({ kind: z.string(), why: z.string(), amount: Money.nullable() }).nullable(),
  }),
  run: async ({ invoice, today }, finance) => {
    const dossier = await finance.dossier(invoice);
    if (!dossier) throw new RangeError(`There is no invoice \`${invoice}\`.`);
    const found = standing(dossier, today, await finance.settings());
    const amount = Money.safeParse(found?.facts['amount']);
    return {
      invoice: dossier.invoice,
      state: dossier.state,
      supplier: dossier.supplier?.name ?? null,
      accountOnRecord: dossier.supplier?.iban ?? null,
      match: { matched: dossier.match.matched, reasons: [...dossier.match.reasons] },
      ordered: dossier.order !== undefined,
      duplicateOf: dossier.duplicateOf,
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
    const balances = await Promise.all(accounts.map(({ iban }) => finance.balance(iban)));
    return {
      accounts: accounts.map(({ iban, name }, n) => ({ account: iban, name, balance: balances[n]?.amount ?? null, on: balances[n]?.on ?? null })),
      pending: [...(await finance.pendingPayments())],
    };
  },
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
