/** What statements settle, and what filing a record may not do. */
import { describe, expect, inject, test } from 'vitest';
import { financeWrites } from '../../../src/adapters/postgres/finance.ts';
import { fileOrder, fileReceipt, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { Iban, type Supplier } from '../../../src/domains/finance/records.ts';
import { money } from '../../../src/kernel/money.ts';
import { bill, day, eur, line, order, receipt } from '../../domains/finance/samples.ts';
import { books, BASE, key } from '../../fixtures/books.ts';
import { ELSEWHERE, MONDAY, OURS, add, dossier, freshLedger, instruct, leave, ledger, one, paymentLine, show, shown, statement, supplier } from './ledger.ts';

freshLedger();
const RESERVE = Iban.parse('DE84820510000087654321');

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

test.each([
  { law: 'up to its amount a regular debit needs no bill', to: 'DE51820640380000771122', minor: -480_000, unexplained: 0 },
  { law: 'a cent above it people look', to: 'DE51820640380000771122', minor: -480_001, unexplained: 1 },
  { law: 'in another currency it is not the declared one', to: 'DE51820640380000771122', minor: -100, currency: 'USD', unexplained: 1 },
  { law: 'declared without an amount it is explained whatever it is', to: ELSEWHERE, minor: -99_999_900, unexplained: 0 },
])('$law', async ({ to, minor, currency = 'EUR', unexplained }) => {
  await ledger.tx((sql) =>
    sql(`update organization set document = jsonb_insert(document, '{finance,regular_debits,0}', $2) where org = $1`, [
      ledger.org,
      JSON.stringify({ name: 'Any', iban: ELSEWHERE }),
    ]),
  );
  await show(statement([paymentLine({ amount: money(minor, currency), counterpartyIban: to, remittance: 'as always' })]));
  expect(await ledger.reads((finance) => finance.unexplainedDebits())).toHaveLength(unexplained);
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

describe('a statement is believed', () => {
  const returned = { endToEndId: key('a'), amount: eur(119_000), returned: 'AC04 closed' };
  const sent = async () => {
    await add(one);
    await instruct(one, 'a');
    await leave('2026-03-02');
  };

  test('only of an account of ours', async () => {
    await sent();
    const forged = statement([paymentLine({ account: ELSEWHERE, endToEndId: key('a') })], { account: ELSEWHERE });
    expect(await show(forged)).toMatch(/no account of ours/);
    expect((await dossier(one)).state).toBe('instructed');
  });

  test('only where it adds up', async () => {
    await sent();
    const wrong = { ...statement([paymentLine({ endToEndId: key('a') })]), problems: ['it does not add up'] };
    expect(await show(wrong)).toBe('it does not add up');
    expect((await dossier(one)).state).toBe('instructed');
  });

  test('a payment comes back only after it was debited, out of its account, over its amount and in its currency', async () => {
    await sent();
    await shown(paymentLine({ reference: 'R0', ...returned }));
    expect((await dossier(one)).state, 'never debited').toBe('instructed');
    await shown(paymentLine({ reference: 'R1', endToEndId: key('a') }));
    expect((await dossier(one)).state).toBe('paid');
    await shown(paymentLine({ reference: 'R2', ...returned, amount: money(119_000, 'HUF') }));
    await shown(paymentLine({ reference: 'R3', ...returned, amount: eur(118_999) }));
    await shown(paymentLine({ reference: 'R4', ...returned, booked: day('2026-03-02') }));
    await show(statement([paymentLine({ ...returned, account: RESERVE })], { account: RESERVE }));
    expect((await dossier(one)).state).toBe('paid');
    await shown(paymentLine({ reference: 'R5', ...returned }));
    expect((await dossier(one)).state).toBe('open');
  });

  test('a debit out of another account of ours, or in another currency, is not our payment', async () => {
    await sent();
    await show(statement([paymentLine({ account: RESERVE, endToEndId: key('a') })], { account: RESERVE }));
    await shown(paymentLine({ endToEndId: key('a'), amount: money(-119_000, 'HUF') }));
    expect((await dossier(one)).state).toBe('instructed');
  });

  test('each opens with what the one before closed with, and none speaks of days of another', async () => {
    const of = (id: string, from: string, to: string, opening: number, minor: number) =>
      show(statement([paymentLine({ reference: id, amount: eur(minor) })], { id, from: day(from), to: day(to), opening: eur(opening) }));
    expect(await of('s1', '2026-03-03', '2026-03-05', 1_000, -100)).toEqual([]);
    expect(await of('s3', '2026-03-09', '2026-03-09', 800, -100)).toMatch(/opens with 8\.00 EUR, but `s1` before it closed with 9\.00 EUR; ask the bank/);
    expect(await of('s2', '2026-03-06', '2026-03-06', 900, -100)).toEqual([]);
    expect(await of('s3', '2026-03-09', '2026-03-09', 800, -100)).toEqual([]);
    expect(await of('s0', '2026-03-01', '2026-03-02', 1_100, -50)).toMatch(/closes with 10\.50 EUR, but `s1` after it opens with 10\.00 EUR/);
    expect(await of('s9', '2026-03-04', '2026-03-04', 1_000, -1)).toMatch(/days that `s1` covers/);
    expect(await of('s4', '2026-03-09', '2026-03-09', 700, -100), 'two on one day').toEqual([]);
  });

  test('lines that a bank numbered alike, in two statements or in one, are so many lines', async () => {
    const alike = (minor: number) => paymentLine({ reference: '1', amount: eur(minor), counterpartyIban: ELSEWHERE });
    await shown(alike(-100), alike(-200));
    await shown(alike(-900_000));
    const debits = await ledger.reads((finance) => finance.unexplainedDebits());
    expect(debits.map(({ amount }) => amount.minor).sort((a, b) => b - a)).toEqual([-100, -200, -900_000]);
    for (const { account, reference } of debits) expect(await ledger.reads((finance) => finance.unexplainedDebit(account, reference))).toBeDefined();
  });

  test.each([
    ['to an account that is on nobody’s record', { iban: ELSEWHERE }, { counterpartyIban: ELSEWHERE }],
    ['whose words hold the number inside another one', {}, { remittance: 'bill 14711' }],
  ])('no bill explains a debit %s, whichever comes first', async (_law, billed, patch) => {
    await shown(paymentLine(patch));
    await add({ ...one, ...billed, order: null });
    await shown(paymentLine({ reference: 'R2', ...patch }));
    expect((await dossier(one)).state).toBe('open');
    expect(await ledger.reads((finance) => finance.unexplainedDebits())).toHaveLength(2);
  });
});
