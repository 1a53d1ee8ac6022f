/** The facts that the gate reads about a payment, from a real PostgreSQL. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { agent } from '../../../agents/finance-analyst/agent.ts';
import { fileInvoice, fileOrder, fileReceipt, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { reassess } from '../../../src/adapters/postgres/intake.ts';
import type { FactsQuery } from '../../../src/activities/ports.ts';
import * as sheets from '../../../src/domains/finance/facts.ts';
import { valuesOf } from '../../../src/kernel/facts.ts';
import { actionDigest } from '../../../src/kernel/action.ts';
import { deriveId, PersonId, ToolName } from '../../../src/kernel/ids.ts';
import type { JsonObject } from '../../../src/kernel/nouns.ts';
import { Iban, type Invoice, type Supplier } from '../../../src/domains/finance/records.ts';
import { bill, day, eur, line, order, receipt } from '../../domains/finance/samples.ts';
import { books, BASE, FILED_AT, key, type Books } from '../../fixtures/books.ts';

const TODAY = day('2026-03-02');
const ELSEWHERE = 'DE94820522343195062492';
const base: Supplier = {
  id: 'S-001',
  name: 'Holz GmbH',
  vat: 'DE1',
  iban: bill('1').iban,
  bic: null,
  address: { street: 'Weg', number: '1', postcode: '99085', town: 'Erfurt', country: 'DE' },
  since: day('2021-04-12'),
  accountSince: day('2021-04-12'),
  registeredBy: 'emre',
  budgetLine: 'wood',
  status: 'active',
};
const [fine, unmatched, wrong, held, ofNew, ofBlocked] = [
  bill('fine', [line('2')], { discount: { percent: '2', until: TODAY, total: eur(23_324) } }),
  bill('unmatched', [line('99')], { issued: day('2026-02-28') }),
  bill('awry', [line('1')], { problems: ['does not add up'] }),
  bill('held', [line('1')]),
  { ...bill('new', [line('1')]), supplier: 'S-002', id: 'S-002:new' },
  { ...bill('blocked', [line('1')]), supplier: 'S-003', id: 'S-003:blocked' },
] as const;

let ledger: Books;
beforeAll(async () => {
  ledger = await books(inject('services'));
  const { org } = ledger;
  await ledger.tx(async (sql) => {
    await fileSupplier(sql, org, base, BASE);
    await fileSupplier(sql, org, { ...base, id: 'S-002', since: day('2026-02-20'), accountSince: day('2026-02-20') }, BASE);
    await fileSupplier(sql, org, { ...base, id: 'S-003', status: 'blocked', accountSince: day('2026-02-25') }, BASE);
    await fileOrder(sql, org, order);
    await fileReceipt(sql, org, receipt('10'));
    for (const invoice of [fine, unmatched, wrong, held, ofNew, ofBlocked]) await fileInvoice(sql, org, invoice);
    await sql(`update invoice set state = 'held' where org = $1 and id = $2`, [org, held.id]);
    await reassess(sql, org, null);
    const reserved: [string, string, string, string, number, string][] = [
      ['r1', 'agent_day', agent.name, '2026-03-02', 100, 'reserved'],
      ['r1', 'supplier_month', 'S-001', '2026-03', 100, 'reserved'],
      ['r1', 'budget_month', 'wood', '2026-03', 100, 'reserved'],
      ['r2', 'agent_day', agent.name, '2026-03-02', 20, 'spent'],
      ['r3', 'agent_day', agent.name, '2026-03-02', 4_000, 'released'],
      ['r4', 'agent_day', agent.name, '2026-03-01', 50_000, 'spent'],
      ['r5', 'supplier_month', 'S-002', '2026-03', 600_000, 'spent'],
      ['own', 'agent_day', agent.name, '2026-03-02', 7_000_000, 'reserved'],
    ];
    for (const [name, kind, of, period, minor, state] of reserved) {
      await sql('insert into reservation (org, proposal, agent, kind, key, period, minor, state) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        org,
        key(name),
        agent.name,
        kind,
        of,
        period,
        minor,
        state,
      ]);
    }
  });
});
afterAll(() => ledger.close());

function query(tool: string, facts: FactsQuery['facts'], args: JsonObject, today = TODAY, onBehalfOf: PersonId | null = null): FactsQuery {
  const call = { org: ledger.org, agent: agent.name, onBehalfOf, tool: ToolName.parse(tool), args };
  const proposal = { ...call, id: key('own'), ask: deriveId('ask', ['test']), actionDigest: actionDigest(call), rationale: '' };
  return { proposal, facts, domain: 'finance', times: { wall: FILED_AT, business: FILED_AT }, today };
}
const read = (of: FactsQuery) => ledger.store.tx(ledger.org, (tx) => tx.facts(of));
const paying = (invoice: Pick<Invoice, 'id' | 'total'>, args: JsonObject = {}, today = TODAY) =>
  query('finance.pay_invoice', sheets.payment, { invoice: invoice.id, payee: base.iban, amount: { ...invoice.total }, ...args }, today);
const payment = async (...of: Parameters<typeof paying>) => {
  const { domainFacts, vouched } = await read(paying(...of));
  return { ...valuesOf(sheets.payment).parse(domainFacts), vouched };
};

test('a routine payment: every fact is there, and records vouch for every argument', async () => {
  expect(await payment(fine)).toEqual({
    amount_minor: 23_800,
    home_currency: true,
    spent_day_minor: 120,
    spent_supplier_month_minor: 100,
    limit_supplier_month_minor: 1_500_000,
    spent_budget_month_minor: 100,
    limit_budget_month_minor: 800_000,
    invoice_known: true,
    invoice_open: true,
    invoice_amount_agrees: true,
    sums_agree: true,
    matched: true,
    duplicate: false,
    supplier: 'S-001',
    supplier_known: true,
    supplier_new: false,
    account_of_record: true,
    account_changed_lately: false,
    budget_line_moved_lately: false,
    account_refused: false,
    requester_registered_supplier: false,
    supplier_unproven: false,
    supplier_vat_shared: false,
    supplier_stopped: false,
    vouched: ['invoice', 'payee', 'amount'],
  });
});

test.each([
  {
    law: 'an account that is not on record is vouched for by nothing',
    of: fine,
    args: { payee: ELSEWHERE },
    facts: { account_of_record: false },
    vouched: ['invoice', 'amount'],
  },
  {
    law: 'another amount is vouched for by nothing',
    of: fine,
    args: { amount: eur(23_801) },
    facts: { invoice_amount_agrees: false },
    vouched: ['invoice', 'payee'],
  },
  {
    law: 'an amount in another currency agrees with nothing',
    of: fine,
    args: { amount: { minor: 23_800, currency: 'USD' } },
    facts: { home_currency: false, invoice_amount_agrees: false },
    vouched: ['invoice', 'payee'],
  },
  {
    law: 'the discounted amount agrees until its day',
    of: fine,
    args: { amount: eur(23_324) },
    facts: { invoice_amount_agrees: true },
    vouched: ['invoice', 'payee', 'amount'],
  },
  {
    law: 'an amount is not vouched for by the invoice alone',
    of: unmatched,
    args: {},
    facts: { matched: false, invoice_amount_agrees: true },
    vouched: ['invoice', 'payee'],
  },
  { law: 'wrong sums are a fact', of: wrong, args: {}, facts: { sums_agree: false }, vouched: ['invoice', 'payee', 'amount'] },
  { law: 'a held invoice is not open', of: held, args: {}, facts: { invoice_open: false }, vouched: ['invoice', 'payee', 'amount'] },
  {
    law: 'a supplier is new for thirty days, and its first account is no changed one',
    of: ofNew,
    args: {},
    facts: { supplier_new: true, account_changed_lately: false, spent_supplier_month_minor: 600_000 },
    vouched: ['invoice', 'payee'],
  },
  {
    law: 'a blocked supplier is not known, and a changed account is a fact',
    of: ofBlocked,
    args: {},
    facts: { supplier_known: false, account_changed_lately: true },
    vouched: ['invoice', 'payee'],
  },
])('$law', async ({ of, args, facts, vouched }) => expect(await payment(of, args)).toMatchObject({ ...facts, vouched }));

test('after its day the discounted amount agrees with nothing', async () => {
  expect(await payment(fine, { amount: eur(23_324) }, day('2026-03-03'))).toMatchObject({ invoice_amount_agrees: false, vouched: ['invoice', 'payee'] });
});

test('of an unknown invoice every fact is there, on the careful side, and nothing is vouched for', async () => {
  expect(await payment(bill('nowhere'))).toMatchObject({
    invoice_known: false,
    invoice_open: false,
    matched: false,
    supplier_known: false,
    supplier_new: true,
    account_of_record: false,
    account_changed_lately: true,
    budget_line_moved_lately: true,
    vouched: [],
  });
});

test('a payment draws on the day of its agent, the month of its supplier and the month of its budget line', async () => {
  expect(await ledger.store.tx(ledger.org, (tx) => tx.budgetKeys(paying(fine)))).toEqual([
    { kind: 'agent_day', key: agent.name, period: '2026-03-02' },
    { kind: 'budget_month', key: 'wood', period: '2026-03' },
    { kind: 'supplier_month', key: 'S-001', period: '2026-03' },
  ]);
  expect(await ledger.store.tx(ledger.org, (tx) => tx.budgetKeys(paying(bill('nowhere'))))).toEqual([
    { kind: 'agent_day', key: agent.name, period: '2026-03-02' },
  ]);
});

test('what a payment to an account came back is remembered of the account, not of the invoice', async () => {
  await ledger.tx((sql) =>
    sql(
      `insert into payment (org, key, invoice, supplier, payee, payee_name, minor, currency, account, execute_on, state) values ($1, $2, $3, 'S-001', $4, 'x', 1, 'EUR', 'DE45820510000012345678', '2026-02-01', 'rejected')`,
      [ledger.org, key('back'), held.id, ELSEWHERE],
    ),
  );
  expect(await payment(fine, { payee: Iban.parse(ELSEWHERE) })).toMatchObject({ account_refused: true });
  expect(await payment(fine)).toMatchObject({ account_refused: false });
});

test('facts of a hold and of taking a payment back, known or not', async () => {
  const hold = async (invoice: string) => {
    const { domainFacts, vouched } = await read(query('finance.hold_invoice', sheets.invoice, { invoice, reason: 'look at it' }));
    return { ...valuesOf(sheets.invoice).parse(domainFacts), vouched };
  };
  expect(await hold(fine.id)).toEqual({ invoice_known: true, invoice_open: true, vouched: ['invoice'] });
  expect(await hold(held.id)).toEqual({ invoice_known: true, invoice_open: false, vouched: ['invoice'] });
  expect(await hold('S-001:nowhere')).toEqual({ invoice_known: false, invoice_open: false, vouched: [] });
  const { domainFacts, vouched } = await read(query('finance.withdraw_payment', sheets.withdrawal, { payment: key('nowhere'), reason: 'take it back' }));
  expect({ ...valuesOf(sheets.withdrawal).parse(domainFacts), vouched }).toEqual({ payment_known: false, before_cutoff: false, vouched: [] });
});

test('who registered a supplier, or filed its account, is known of a requester; of nobody else, and of a review', async () => {
  const asked = async (person: string | null) => {
    const args = { invoice: fine.id, payee: base.iban, amount: { ...fine.total } };
    const { domainFacts } = await read(query('finance.pay_invoice', sheets.payment, args, TODAY, person === null ? null : PersonId.parse(person)));
    return valuesOf(sheets.payment).parse(domainFacts)['requester_registered_supplier'];
  };
  expect([await asked('emre'), await asked('clara'), await asked('johanna'), await asked(null)]).toEqual([true, false, false, false]);
  await ledger.tx((sql) => sql(`update supplier set filed_by = 'johanna', account_by = 'clara' where org = $1 and id = 'S-001'`, [ledger.org]));
  expect([await asked('emre'), await asked('clara'), await asked('johanna'), await asked('paul')]).toEqual([true, true, true, false]);
  await ledger.tx((sql) => sql(`update supplier set filed_by = null, account_by = null where org = $1 and id = 'S-001'`, [ledger.org]));
});

test('who filed a supplier, or its account, has no vote on it until it was paid there; the base bars nobody', async () => {
  const seen = async () => {
    const { domainFacts, barred } = await read(paying(fine));
    return { unproven: valuesOf(sheets.payment).parse(domainFacts)['supplier_unproven'], barred };
  };
  const filed = (by: string | null, account: string | null) =>
    ledger.tx((sql) => sql(`update supplier set filed_by = $2, account_by = $3 where org = $1 and id = 'S-001'`, [ledger.org, by, account]));
  expect(await seen()).toEqual({ unproven: false, barred: [] });
  await filed('clara', 'emre');
  expect(await seen()).toEqual({ unproven: true, barred: ['clara', 'emre'] });
  await filed(null, 'emre');
  expect(await seen()).toEqual({ unproven: true, barred: ['emre'] });
  const paid = (payee: string) =>
    ledger.tx((sql) =>
      sql(
        `insert into payment (org, key, invoice, supplier, payee, payee_name, minor, currency, account, execute_on, state) values ($1, $2, $3, 'S-001', $4, 'x', 1, 'EUR', 'DE45820510000012345678', '2026-02-01', 'paid')`,
        [ledger.org, key(payee), `S-001:${payee}`, payee],
      ),
    );
  await paid(ELSEWHERE);
  expect(await seen(), 'to another account').toMatchObject({ unproven: true });
  await paid(base.iban);
  expect(await seen()).toEqual({ unproven: false, barred: [] });
  await filed(null, null);
});

test('a supplier that was moved to another budget line is that for fourteen days, and whoever moved it has no vote on it so long', async () => {
  const seen = async (today = TODAY) => {
    const { domainFacts, barred } = await read(paying(fine, {}, today));
    return { moved: valuesOf(sheets.payment).parse(domainFacts)['budget_line_moved_lately'], barred };
  };
  const refile = (budgetLine: string, by: string, date = TODAY) =>
    ledger.tx((sql) => fileSupplier(sql, ledger.org, { ...base, budgetLine }, { by, base: false, day: date }));
  await refile('wood', 'clara');
  expect(await seen(), 'filed again on the line that it was on').toEqual({ moved: false, barred: [] });
  await refile('tools', 'clara');
  expect(await seen()).toEqual({ moved: true, barred: ['clara'] });
  await refile('tools', 'emre', day('2026-03-10'));
  expect(await seen(day('2026-03-15')), 'filed again by somebody else, the move is still hers').toEqual({ moved: true, barred: ['clara'] });
  expect(await seen(day('2026-03-16'))).toEqual({ moved: false, barred: [] });
  await refile('wood', 'emre', day('2026-03-16'));
  expect(await seen(day('2026-03-16')), 'back is a move as well').toEqual({ moved: true, barred: ['emre'] });
  await ledger.tx((sql) => sql(`update supplier set line_since = null, line_by = null where org = $1 and id = 'S-001'`, [ledger.org]));
});

test('a release lifts the duplicate that it was given for, and no other', async () => {
  const set = (duplicate: string, released: string) =>
    ledger.tx((sql) =>
      sql(`update invoice set duplicate_of = $3, released = true, released_duplicate = $4 where org = $1 and id = $2`, [
        ledger.org,
        fine.id,
        duplicate,
        released,
      ]),
    );
  await set('S-001:x', 'S-001:x');
  expect(await payment(fine)).toMatchObject({ duplicate: false });
  await set('S-001:y', 'S-001:x');
  expect(await payment(fine)).toMatchObject({ duplicate: true });
  await ledger.tx((sql) => sql(`update invoice set duplicate_of = null, released = false where org = $1 and id = $2`, [ledger.org, fine.id]));
});
