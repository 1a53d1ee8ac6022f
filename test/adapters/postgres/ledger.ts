/** One supplier, one order and what came of it, on a real PostgreSQL: anew for each test. */
import { afterEach, beforeEach, inject } from 'vitest';
import { fileInvoice, fileOrder, fileReceipt, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { fileStatement } from '../../../src/adapters/postgres/statements.ts';
import { reassess } from '../../../src/adapters/postgres/intake.ts';
import { dueForCutoff, takeForFile } from '../../../src/adapters/postgres/outbox.ts';
import type { FinanceWrites } from '../../../src/domains/finance/ports.ts';
import { Iban, type Invoice, type Payment, type Statement, type StatementLine, type Supplier } from '../../../src/domains/finance/records.ts';
import { digest, digestBytes } from '../../../src/kernel/digest.ts';
import { instant } from '../../../src/kernel/time.ts';
import { bill, day, eur, order, receipt } from '../../domains/finance/samples.ts';
import { books, clock, BASE, key, type Books } from '../../fixtures/books.ts';

export const MONDAY = clock('2026-03-02');
export const OURS = Iban.parse('DE45820510000012345678');
export const THEIRS = bill('1').iban;
export const ELSEWHERE = Iban.parse('DE94820522343195062492');
export const supplier: Supplier = {
  id: 'S-001',
  name: 'Holz GmbH',
  vat: 'DE214731017',
  iban: THEIRS,
  bic: null,
  address: { street: 'Weg', number: '1', postcode: '99085', town: 'Erfurt', country: 'DE' },
  since: day('2021-04-12'),
  accountSince: day('2021-04-12'),
  registeredBy: 'emre',
  budgetLine: 'wood',
  status: 'active',
};

export let ledger: Books; // of the test that runs

/** Call once in a test file. */
export function freshLedger(): void {
  beforeEach(async () => {
    statements.length = 0;
    ledger = await books(inject('services'));
    await ledger.tx((sql) => fileSupplier(sql, ledger.org, supplier, BASE));
    await ledger.tx((sql) => fileOrder(sql, ledger.org, order));
    await ledger.tx((sql) => fileReceipt(sql, ledger.org, receipt('10')));
  });
  afterEach(() => ledger.close());
}

export const add = (invoice: Invoice) =>
  ledger.tx(async (sql) => {
    const why = await fileInvoice(sql, ledger.org, invoice);
    await reassess(sql, ledger.org, null);
    return why;
  });
export const dossier = async (invoice: Invoice) => {
  const found = await ledger.reads((finance) => finance.dossier(invoice.id));
  if (!found) throw new Error(`${invoice.id} is not on file`);
  return found;
};
export const instruct = async (invoice: Invoice, name: string, patch: Partial<Payment> = {}) =>
  ledger.writes(MONDAY, async (finance) => finance.instruct({ ...(await orderOf(finance, invoice, name)), ...patch }));
async function orderOf(finance: FinanceWrites, invoice: Invoice, name: string) {
  const { account, executeOn } = await finance.payer(invoice.id);
  return {
    key: key(name),
    invoice: invoice.id,
    supplier: supplier.id,
    payee: invoice.iban,
    payeeName: supplier.name,
    amount: invoice.total,
    account,
    executeOn,
  };
}
export const paymentLine = (patch: Partial<StatementLine>): StatementLine => ({
  account: OURS,
  reference: 'R1',
  booked: day('2026-03-03'),
  amount: eur(-119_000),
  counterparty: 'Holz GmbH',
  counterpartyIban: THEIRS,
  endToEndId: null,
  remittance: 'bill 4711',
  returned: null,
  ...patch,
});
export const show = (one: Statement): Promise<unknown> => ledger.tx((sql) => fileStatement(sql, ledger.org, one));
/** The day's next statement of our account; the same lines again are the same statement. */
export function shown(...lines: StatementLine[]): Promise<unknown> {
  const known = statements.find((one) => digest(one.lines) === digest(lines));
  const next = known ?? statement(lines, { id: `2026-03-03/${statements.length}`, opening: statements.at(-1)?.closing ?? eur(1_000_000) });
  if (!known) statements.push(next);
  return show(next);
}
const statements: Statement[] = []; // of the test that runs
const totalOf = (lines: readonly StatementLine[]): number => lines.reduce((sum, { amount }) => sum + amount.minor, 0);
export const statement = (lines: StatementLine[], patch: Partial<Statement> = {}): Statement => ({
  id: '2026-03-03',
  account: OURS,
  from: day('2026-03-03'),
  to: day('2026-03-03'),
  opening: eur(1_000_000),
  closing: eur((patch.opening?.minor ?? 1_000_000) + totalOf(lines)),
  lines,
  problems: [],
  source: digestBytes('statement'),
  ...patch,
});
export const one = bill('4711');

/** What leaves at the cut-off of a day. */
export async function leave(today: string): Promise<unknown> {
  return ledger.tx(async (sql) => {
    const due = await dueForCutoff(sql, ledger.org, day(today), true, day(today));
    const files = [];
    for (const each of due) files.push((await takeForFile(sql, ledger.org, each, instant(Date.parse(`${today}T14:00:00Z`)))).file);
    return files;
  });
}
