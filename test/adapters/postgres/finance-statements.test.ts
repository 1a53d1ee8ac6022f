/** What statements settle, and what filing a record may not do. */
import { expect, inject, test } from 'vitest';
import { financeWrites } from '../../../src/adapters/postgres/finance.ts';
import { fileOrder, fileReceipt, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { type Supplier } from '../../../src/domains/finance/records.ts';
import { money } from '../../../src/kernel/money.ts';
import { bill, eur, line, order, receipt } from '../../domains/finance/samples.ts';
import { books, BASE, key } from '../../fixtures/books.ts';
import { ELSEWHERE, MONDAY, OURS, add, dossier, freshLedger, instruct, leave, ledger, one, paymentLine, show, shown, statement, supplier } from './ledger.ts';

freshLedger();

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
  const first = statement([paymentLine({})]);
  expect(await show(first)).toEqual([]);
  expect(await show(first), 'the same again').toEqual([]);
  expect(await show(statement([paymentLine({}), paymentLine({ reference: 'R2' })]))).toMatch(/on file with other balances or lines/);
  expect(await show({ ...first, lines: [paymentLine({ counterpartyIban: ELSEWHERE })] }), 'with other lines').toMatch(/other balances or lines/);
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
  const refile = (patch: Partial<Supplier>) => ledger.tx((sql) => fileSupplier(sql, ledger.org, { ...supplier, ...patch }, BASE));
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
  await expect(other.tx((sql) => fileSupplier(sql, ledger.org, supplier, BASE))).rejects.toThrow(/row-level security/);
  await other.close();
});
