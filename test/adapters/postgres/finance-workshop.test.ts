/** The example's books, filed into a real PostgreSQL: what reconcilers see in them, and what the analyst makes of it. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { agent } from '../../../agents/finance-analyst/agent.ts';
import type { Drift } from '../../../src/kernel/nouns.ts';
import { Money } from '../../../src/kernel/money.ts';
import { Iban, InvoiceId } from '../../../src/domains/finance/records.ts';
import { recordOf } from '../../../src/adapters/files/ingest.ts';
import { fileRecord } from '../../../src/adapters/postgres/intake.ts';
import { adapters } from '../../../src/registry.generated.ts';
import { books, clock, FILED_AT, key, type Books } from '../../fixtures/books.ts';
import { supplierCsv, supplierRow } from '../../fixtures/papers.ts';
import { plantedFor } from '../../fixtures/planted.ts';

const MONDAY = clock('2026-03-02');
const planted = plantedFor('finance-analyst');

let workshop: Books;
let aside: readonly string[];
let seen: readonly Drift[];
beforeAll(async () => {
  workshop = await books(inject('services'));
  aside = await workshop.fileAll();
  seen = await workshop.drifts(MONDAY);
});
afterAll(() => workshop.close());

const routine = (drift: Drift) => {
  const known = agent.playbook[drift.reconciler];
  if (!known) throw new Error(`no routine for ${drift.reconciler}`);
  return known(drift, workshop.tools, MONDAY);
};

test('every record of the example is filed', () => expect(aside).toEqual([]));

test('filed again, nothing is new', async () => {
  const before = await workshop.tx((sql) =>
    sql('select id, state, matched, match_reasons, duplicate_of from invoice where org = $1 order by id', [workshop.org]),
  );
  await workshop.fileAll();
  expect(
    await workshop.tx((sql) => sql('select id, state, matched, match_reasons, duplicate_of from invoice where org = $1 order by id', [workshop.org])),
  ).toEqual(before);
});

test.each(planted)('$subject, planted as $kind, is seen as that and once', (sample) => {
  const about = seen.filter(({ subject }) => subject === sample.subject).map(({ reconciler }) => reconciler);
  expect(about).toEqual(sample.drift === null ? [] : [sample.drift]);
});

test('of one invoice there is one drift at most, whatever the day', async () => {
  for (const day of ['2026-02-20', '2026-03-06', '2026-03-07', '2026-03-31']) {
    const subjects = (await workshop.drifts(clock(day))).map(({ subject }) => subject);
    expect(new Set(subjects).size, day).toBe(subjects.length);
  }
});

test('seen again, it is the same to the last fact', async () => expect(await workshop.drifts(MONDAY)).toEqual(seen));

test.each([
  { kind: 'duplicate', tool: 'finance.hold_invoice' },
  { kind: 'wrong_sums', tool: 'finance.hold_invoice' },
  { kind: 'more_than_received', tool: 'finance.hold_invoice' },
  { kind: 'not_ordered', tool: 'finance.pay_invoice' },
  { kind: 'changed_account', tool: 'finance.pay_invoice' },
  { kind: 'discount_worth_taking', tool: 'finance.pay_invoice' },
  { kind: 'order_to_the_ai', tool: 'finance.pay_invoice' },
])('the routine for $kind proposes $tool, once', async ({ kind, tool }) => {
  for (const { subject: invoice } of planted.filter((one) => one.kind === kind)) {
    const drift = seen.find(({ subject }) => subject === invoice);
    if (!drift) throw new Error(`${invoice} was not seen`);
    expect((await routine(drift)).drafts.map((draft) => draft.tool)).toEqual([tool]);
  }
});

test('to the account that an invoice asks for it pays only where people are asked about that', async () => {
  for (const drift of seen) {
    const { drafts } = await routine(drift);
    for (const { tool, args } of drafts) {
      if (tool !== 'finance.pay_invoice') continue;
      const dossier = await workshop.reads((finance) => finance.dossier(InvoiceId.parse(drift.subject)));
      expect(args['payee'] === dossier?.supplier?.iban, drift.key).toBe(drift.reconciler !== 'finance.changed_account');
    }
  }
});

test('the discount is taken off, and the rationale says why', async () => {
  const invoice = planted.find(({ kind }) => kind === 'discount_worth_taking')?.subject;
  const drift = seen.find(({ subject }) => subject === invoice);
  if (!drift) throw new Error('not seen');
  const [draft] = (await routine(drift)).drafts;
  const dossier = await workshop.reads((finance) => finance.dossier(InvoiceId.parse(drift.subject)));
  expect(draft?.args['amount']).toEqual(dossier?.invoice.discount?.total);
  expect(draft?.rationale).toMatch(/discount until .* is worth taking/);
});

test('once all is done that the routines propose, there is nothing to ask about those invoices', async () => {
  const fresh = await books(inject('services'));
  await fresh.fileAll();
  const before = (await fresh.drifts(MONDAY)).filter(({ subject }) => InvoiceId.safeParse(subject).success);
  expect(before.length).toBeGreaterThan(10);
  for (const drift of before) {
    for (const { tool, args } of (await agent.playbook[drift.reconciler]?.(drift, fresh.tools, MONDAY))?.drafts ?? []) {
      const invoice = InvoiceId.parse(args['invoice']);
      await fresh.writes(MONDAY, async (finance) => {
        if (tool === 'finance.hold_invoice') return finance.hold(invoice, String(args['reason']), key(drift.key));
        const { account, supplier, executeOn } = await finance.payer(invoice);
        await finance.instruct({
          key: key(drift.key),
          invoice,
          supplier: supplier.id,
          payee: Iban.parse(args['payee']),
          payeeName: supplier.name,
          amount: Money.parse(args['amount']),
          account,
          executeOn,
        });
      });
    }
  }
  const after = (await fresh.drifts(MONDAY)).map(({ subject }) => subject);
  for (const { subject } of before) expect(after).not.toContain(subject);
  await fresh.close();
});

test('finance.cash_floor: an account below its floor is told, with what is under way taken off; without a statement it is unknown, and not zero', async () => {
  const raised = await books(inject('services'), (organization) => ({
    ...organization,
    finance: { ...organization.finance, accounts: organization.finance.accounts.map((account) => ({ ...account, floor: '500000.00' })) },
  }));
  const about = async () => (await raised.drifts(MONDAY)).filter(({ reconciler }) => reconciler === 'finance.cash_floor').map(({ why }) => why);
  expect(await about()).toEqual(raised.organization.finance.accounts.map(({ iban }) => `no statement for \`${iban}\``));
  await raised.fileAll();
  const [first] = await about();
  expect(first).toContain('`DE45820510000012345678` will hold 78,922.65 EUR, 421,077.35 EUR below its floor of 500,000.00 EUR');
  const drift = (await raised.drifts(MONDAY)).find(({ reconciler }) => reconciler === 'finance.cash_floor');
  expect(drift && (await agent.playbook['finance.cash_floor']?.(drift, raised.tools, MONDAY))).toMatchObject({
    drafts: [],
    finding: expect.stringContaining('below its floor') as string,
  });
  await raised.close();
});

test('finance.shared_vat: a second supplier of a VAT id is told, by the one that has it later', async () => {
  const twins = await books(inject('services'));
  await twins.fileAll();
  const registers = adapters.flatMap(({ registers: of }) => of);
  const row = supplierCsv(supplierRow('S-900', 'DE214731017', 'DE02120300000000202051')); // that of S-001
  expect(await twins.tx((sql) => fileRecord(sql, twins.org, recordOf('twin.csv', Buffer.from(row)), FILED_AT, registers))).toMatchObject({ state: 'filed' });
  const told = (await twins.drifts(MONDAY)).filter(({ reconciler }) => reconciler === 'finance.shared_vat');
  expect(told).toMatchObject([{ subject: 'S-900', facts: { of: 'S-001' }, why: expect.stringContaining('has the VAT id that `S-001` had before') as string }]);
  await twins.close();
});
