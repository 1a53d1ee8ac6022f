/** Payments, statements and the outbox on a real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { financeWrites } from '../../../src/adapters/postgres/finance.ts';
import { fileInvoice, fileOrder, fileReceipt, fileStatement, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { reassess } from '../../../src/adapters/postgres/intake.ts';
import { dueForCutoff, takeForFile, unwritten } from '../../../src/adapters/postgres/outbox.ts';
import type { FinanceWrites } from '../../../src/domains/finance/ports.ts';
import { Iban, type Invoice, type Payment, type Statement, type StatementLine, type Supplier } from '../../../src/domains/finance/records.ts';
import { digestBytes } from '../../../src/kernel/digest.ts';
import { money } from '../../../src/kernel/money.ts';
import { instant } from '../../../src/kernel/time.ts';
import { bill, day, eur, line, order, receipt } from '../../domains/finance/samples.ts';
import { books, clock, FILED_AT, key, type Books } from '../../fixtures/books.ts';

const MONDAY = clock('2026-03-02');
const OURS = Iban.parse('DE45820510000012345678');
const THEIRS = bill('1').iban;
const ELSEWHERE = Iban.parse('DE94820522343195062492');
const supplier: Supplier = {
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

let ledger: Books;
beforeAll(async () => void (ledger = await books(inject('services'))));
afterAll(() => ledger.close());
beforeEach(async () => {
  await ledger.close();
  ledger = await books(inject('services'));
  await ledger.tx((sql) => fileSupplier(sql, ledger.org, supplier, FILED_AT));
  await ledger.tx((sql) => fileOrder(sql, ledger.org, order));
  await ledger.tx((sql) => fileReceipt(sql, ledger.org, receipt('10')));
});

const add = (invoice: Invoice) =>
  ledger.tx(async (sql) => {
    const why = await fileInvoice(sql, ledger.org, invoice);
    await reassess(sql, ledger.org, null);
    return why;
  });
const dossier = async (invoice: Invoice) => {
  const found = await ledger.reads((finance) => finance.dossier(invoice.id));
  if (!found) throw new Error(`${invoice.id} is not on file`);
  return found;
};
const instruct = async (invoice: Invoice, name: string, patch: Partial<Payment> = {}) =>
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
const paymentLine = (patch: Partial<StatementLine>): StatementLine => ({
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
const shown = (...lines: StatementLine[]): Promise<unknown> => ledger.tx((sql) => fileStatement(sql, ledger.org, statement(lines)));
const statement = (lines: StatementLine[], patch: Partial<Statement> = {}): Statement => ({
  id: '2026-03-03',
  account: OURS,
  from: day('2026-03-03'),
  to: day('2026-03-03'),
  opening: eur(1_000_000),
  closing: eur(1_000_000 + lines.reduce((sum, { amount }) => sum + amount.minor, 0)),
  lines,
  problems: [],
  source: digestBytes('statement'),
  ...patch,
});
const one = bill('4711');

test('the same order under the same key is one payment', async () => {
  await add(one);
  const first = await instruct(one, 'a');
  expect(await instruct(one, 'a')).toEqual(first);
  expect(await instruct(one, 'a', { executeOn: day('2026-03-03') })).toEqual(first);
  expect(await ledger.reads((finance) => finance.pendingPayments())).toHaveLength(1);
});

test('another order under the same key is refused', async () => {
  await add(one);
  await instruct(one, 'a');
  await expect(instruct(one, 'a', { amount: eur(1) })).rejects.toMatchObject({ code: 'key_reused' });
});

test('an invoice has one live payment, however many come at once', async () => {
  await add(one);
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => instruct(one, `at-once-${n}`)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of all) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'invoice_not_open' });
});

test('payments of one order at once all go through: each changes the match of the others, and none waits in a circle', async () => {
  const many = Array.from({ length: 10 }, (_, n) => bill(`M-${n}`, [line('6')], { issued: day(`2026-02-1${n}`) }));
  for (const each of many) await add(each);
  await Promise.all(many.toReversed().map((each) => instruct(each, each.number)));
  expect(await ledger.reads((finance) => finance.pendingPayments())).toHaveLength(10);
});

test('the database itself refuses a second live payment of an invoice', async () => {
  const insert = (name: string, state: string) =>
    ledger.tx((sql) =>
      sql(
        `insert into payment (org, key, invoice, supplier, payee, payee_name, minor, currency, account, execute_on, state) values ($1, $2, $3, 'S-001', $4, 'x', 1, 'EUR', $5, '2026-03-02', $6)`,
        [ledger.org, key(name), one.id, THEIRS, OURS, state],
      ),
    );
  await insert('gone', 'withdrawn');
  await insert('first', 'sent');
  for (const state of ['instructed', 'sent', 'paid']) await expect(insert(state, state), state).rejects.toThrow(/payment_live/);
  await insert('back', 'rejected');
});

test('what one payment bills no longer matches in another invoice of the order', async () => {
  const [half, rest] = [bill('H-1', [line('6')]), bill('H-0', [line('6')], { issued: day('2026-02-01') })];
  await add(half);
  expect((await dossier(half)).match.matched).toBe(true);
  await instruct(half, 'half');
  await add(rest); // issued earlier, come later
  expect((await dossier(rest)).match.reasons.join()).toContain('on top of 6 before');
});

test('a payment taken back leaves no trace in the match, and frees what it drew of its budgets', async () => {
  const [early, late] = [one, bill('4712', [line('10')], { issued: day('2026-02-20') })];
  await add(early);
  await add(late);
  await instruct(late, 'late');
  expect((await dossier(early)).duplicateOf).toBe(late.id);
  await ledger.tx((sql) =>
    sql(
      `insert into reservation (org, proposal, agent, kind, key, period, minor, state) values ($1, $2, 'finance-analyst', 'agent_day', 'finance-analyst', '2026-03-02', 119000, 'spent')`,
      [ledger.org, key('late')],
    ),
  );
  expect(await ledger.writes(MONDAY, (finance) => finance.withdraw(key('late'), 'sent in error'))).toMatchObject({
    state: 'withdrawn',
    reason: 'sent in error',
  });
  expect([(await dossier(early)).duplicateOf, (await dossier(late)).duplicateOf]).toEqual([null, early.id]);
  expect(await ledger.tx((sql) => sql('select state from reservation where org = $1', [ledger.org]))).toEqual([{ state: 'released' }]);
});

test('what was sent cannot be taken back, and what is not there neither', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  await expect(ledger.writes(MONDAY, (finance) => finance.withdraw(key('a'), 'too late'))).rejects.toMatchObject({ code: 'already_sent' });
  await expect(ledger.writes(MONDAY, (finance) => finance.withdraw(key('b'), 'nothing'))).rejects.toMatchObject({ code: 'payment_unknown' });
});

test('only an open invoice is held, and a held one is not paid', async () => {
  await add(one);
  const hold = () => ledger.writes(MONDAY, (finance) => finance.hold(one.id, 'ask the supplier', key('h')));
  await hold();
  await expect(instruct(one, 'a')).rejects.toMatchObject({ code: 'invoice_not_open' });
  const other = bill('4799', [line('1')]);
  await add(other);
  await instruct(other, 'other');
  await expect(ledger.writes(MONDAY, (finance) => finance.hold(other.id, 'too late', key('h2')))).rejects.toMatchObject({ code: 'invoice_not_open' });
  await expect(ledger.writes(MONDAY, (finance) => finance.hold(bill('none').id, 'unknown', key('h3')))).rejects.toMatchObject({ code: 'invoice_unknown' });
});

async function leave(today: string): Promise<unknown> {
  return ledger.tx(async (sql) => {
    const due = await dueForCutoff(sql, ledger.org, day(today), true);
    const files = [];
    for (const each of due) files.push(await takeForFile(sql, ledger.org, each, instant(Date.parse(`${today}T14:00:00Z`))));
    return files;
  });
}

test('payments of an account and day leave in one file, each once', async () => {
  const many = [bill('M-1', [line('1')]), bill('M-2', [line('2')])];
  for (const each of many) await add(each);
  for (const each of many) await instruct(each, each.number);
  expect(await ledger.tx((sql) => dueForCutoff(sql, ledger.org, MONDAY.date, false))).toEqual([]);
  await leave('2026-03-02');
  expect(await leave('2026-03-02')).toEqual([]);
  const files = await ledger.tx((sql) => unwritten(sql, ledger.org));
  expect(files.map(({ name }) => name)).toEqual(['5678-2026-03-02-1.xml']);
  for (const each of many) expect(files[0]?.content.split(`<EndToEndId>${key(each.number)}</EndToEndId>`)).toHaveLength(2);
});

test('a file that should have left days ago asks for today, not for a day that is past', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-05');
  const [file] = await ledger.tx((sql) => unwritten(sql, ledger.org));
  expect(file?.name).toBe('5678-2026-03-05-1.xml');
  expect(file?.content).toContain('2026-03-05');
  expect(file?.content).not.toContain('2026-03-02</');
});

test('a statement that shows our payment settles it and its invoice, once', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  expect(await shown(paymentLine({ endToEndId: key('a') }))).toMatchObject([{ payment: key('a'), file: '5678-2026-03-02-1.xml' }]);
  expect(await shown(paymentLine({ endToEndId: key('a') }))).toEqual([]);
  expect((await dossier(one)).state).toBe('paid');
});

test('with our end-to-end id but another amount nothing is settled, and people see the debit', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  await shown(paymentLine({ endToEndId: key('a'), amount: eur(-118_999) }));
  expect((await dossier(one)).state).toBe('instructed');
  expect(await ledger.reads((finance) => finance.unexplainedDebits())).toHaveLength(1);
});

test('where the bank dropped our id, a sent payment is known by account, amount and number', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  expect(await shown(paymentLine({ endToEndId: 'NOTPROVIDED' }))).toMatchObject([{ payment: key('a') }]);
});

test('a bill that somebody paid otherwise while our payment waits stays unexplained, for people', async () => {
  await add(one);
  await instruct(one, 'a');
  await shown(paymentLine({}));
  expect((await dossier(one)).state).toBe('instructed');
  expect(await ledger.reads((finance) => finance.unexplainedDebit(OURS, 'R1'))).toMatchObject({ remittance: 'bill 4711' });
});

test.each([
  { law: 'a bill is paid by the debit that names it', patch: {}, state: 'paid' },
  { law: 'a debit to another account does not pay it', patch: { counterpartyIban: ELSEWHERE }, state: 'open' },
  { law: 'a debit that names another bill does not pay it', patch: { remittance: 'bill 815' }, state: 'open' },
  { law: 'a debit of another amount does not pay it', patch: { amount: eur(-118_000) }, state: 'open' },
  { law: 'a debit in another currency does not pay it', patch: { amount: money(-119_000, 'USD') }, state: 'open' },
])('$law, whichever of the two comes first', async ({ patch, state }) => {
  await add(one);
  await shown(paymentLine(patch));
  expect((await dossier(one)).state).toBe(state);
  const late = bill('4711/2', [line('10')], { order: null });
  await shown(paymentLine({ reference: 'R2', ...patch, remittance: patch.remittance ?? 'bill 4711/2' }));
  expect(await add(late)).toBeUndefined();
  expect((await dossier(late)).state).toBe(state);
});

test('a number is text and no pattern: `%` names only itself', async () => {
  const wild = bill('%', [line('10')]);
  await add(wild);
  await shown(paymentLine({}));
  expect((await dossier(wild)).state).toBe('open');
});

test('a payment that the bank returned opens its bill again, and counts as an attempt', async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
  await shown(
    paymentLine({ endToEndId: key('a') }),
    paymentLine({ reference: 'R2', endToEndId: key('a'), amount: eur(119_000), returned: 'AC04 closed account' }),
  );
  expect(await dossier(one)).toMatchObject({ state: 'open', attempts: 1 });
  expect(await ledger.reads((finance) => finance.payment(key('a')))).toMatchObject({ state: 'rejected', reason: 'AC04 closed account' });
});

test('a statement filed before with other balances is set aside with the reason', async () => {
  expect(await shown(paymentLine({}))).toEqual([]);
  expect(await shown(paymentLine({}), paymentLine({ reference: 'R2' }))).toMatch(/on file with other balances/);
});

test.each(['order', 'receipt'] as const)('an %s filed before with other contents is set aside, not swallowed', async (what) => {
  const again = (changed: boolean) =>
    ledger.tx((sql) =>
      what === 'order'
        ? fileOrder(sql, ledger.org, { ...order, ...(changed ? { orderedBy: 'mallory' } : {}) })
        : fileReceipt(sql, ledger.org, receipt(changed ? '99' : '10')),
    );
  expect(await again(false)).toBeUndefined();
  expect(await again(true)).toMatch(/on file with other contents/);
});

test('a changed account counts as changed the day it was filed, whatever day the register gives', async () => {
  const since = async () =>
    (await ledger.tx((sql) => sql<{ since: string }>('select account_since::text since from supplier where org = $1', [ledger.org])))[0]?.since;
  const refile = (patch: Partial<Supplier>) => ledger.tx((sql) => fileSupplier(sql, ledger.org, { ...supplier, ...patch }, FILED_AT));
  expect(await since()).toBe('2021-04-12');
  await refile({ iban: ELSEWHERE });
  expect(await since()).toBe('2026-03-02');
  await refile({ iban: ELSEWHERE });
  expect(await since(), 'filed again, it is no older').toBe('2026-03-02');
});

test('without an account that pays suppliers nothing is paid from another one', async () => {
  const poor = await books(inject('services'), (organization) => ({
    ...organization,
    finance: { ...organization.finance, accounts: organization.finance.accounts.map((account) => ({ ...account, pays_suppliers: false })) },
  }));
  await poor.fileAll();
  await expect(poor.writes(MONDAY, async (finance) => finance.payer((await poor.reads((reads) => reads.invoices('open')))[0] ?? one.id))).rejects.toMatchObject(
    { code: 'no_paying_account' },
  );
  await poor.close();
});

test('another organization sees none of it, and cannot write into it', async () => {
  await add(one);
  const other = await books(inject('services'));
  for (const table of ['supplier', 'invoice', 'purchase_order', 'goods_receipt', 'payment', 'statement', 'statement_line', 'record_file', 'outbox_file']) {
    expect(await other.tx((sql) => sql(`select 1 from ${table} where org = $1`, [ledger.org])), table).toEqual([]);
  }
  await expect(other.tx((sql) => financeWrites(sql, ledger.org, MONDAY).hold(one.id, 'not ours to hold', key('x')))).rejects.toMatchObject({
    code: 'invoice_unknown',
  });
  await expect(other.tx((sql) => fileSupplier(sql, ledger.org, supplier, FILED_AT))).rejects.toThrow(/row-level security/);
  await other.close();
});
