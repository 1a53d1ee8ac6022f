/** What is believed of papers that people hand in, and what is refused. */
import { expect, test } from 'vitest';
import { recordOf } from '../../../src/adapters/files/ingest.ts';
import { endBase } from '../../../src/adapters/postgres/base.ts';
import type { Filing } from '../../../src/adapters/postgres/domain.ts';
import { fileInvoice, fileSupplier } from '../../../src/adapters/postgres/filing.ts';
import { noteHanded } from '../../../src/adapters/postgres/files.ts';
import { describeRecord, fileRecord } from '../../../src/adapters/postgres/intake.ts';
import { billedBefore } from '../../../src/domains/finance/duplicate.ts';
import { threeWayMatch } from '../../../src/domains/finance/match.ts';
import type { SupplierEntry } from '../../../src/domains/finance/records.ts';
import { money } from '../../../src/kernel/money.ts';
import { adapters } from '../../../src/registry.generated.ts';
import { bill, day, eur, line, order, receipt, tolerance } from '../../domains/finance/samples.ts';
import { BASE, FILED_AT } from '../../fixtures/books.ts';
import { billXml, discountTerms, supplierCsv, supplierRow, type Paper } from '../../fixtures/papers.ts';
import { ELSEWHERE, THEIRS, add, dossier, freshLedger, ledger, one, supplier } from './ledger.ts';

freshLedger();
const registers = adapters.flatMap(({ registers: all }) => all);
const file = (name: string, text: string) => ledger.tx((sql) => fileRecord(sql, ledger.org, recordOf(name, Buffer.from(text)), FILED_AT, registers));
const handed = (name: string, text: string, by: string) =>
  ledger.tx((sql) => noteHanded(sql, ledger.org, recordOf(name, Buffer.from(text)).digest, by, FILED_AT)).then(() => file(name, text));
const paper: Paper = { vat: supplier.vat, number: 'P-1', po: 'PO-1', iban: THEIRS };
const onFile = async (id: string) =>
  (
    await ledger.tx((sql) =>
      sql<{ since: string; account: string; registered: string; filed: string | null; kept: string | null; twin: string | null }>(
        `select since::text, account_since::text account, registered_by registered, filed_by filed, account_by kept, vat_twin_of twin from supplier where org = $1 and id = $2`,
        [ledger.org, id],
      ),
    )
  )[0];

/** Handed in by a person, on the workshop's first morning. */
const CLARA: Filing = { by: 'clara', base: false, day: day('2026-03-02') };

test('the first records are believed of their own age; what a person hands in later is new that day, and that person’s', async () => {
  await file('first.csv', supplierCsv(supplierRow('S-700', 'DE700', ELSEWHERE)));
  expect(await onFile('S-700')).toMatchObject({ since: '2019-01-01', account: '2019-01-01', registered: 'emre', filed: null, kept: null });
  await handed('early.csv', supplierCsv(supplierRow('S-701', 'DE701', ELSEWHERE)), 'clara');
  expect(await onFile('S-701'), 'a person is never the base').toMatchObject({
    since: '2026-03-02',
    account: '2026-03-02',
    registered: 'clara',
    filed: 'clara',
  });
  await ledger.tx((sql) => endBase(sql, ledger.org, FILED_AT));
  await file('late.csv', supplierCsv(supplierRow('S-702', 'DE702', ELSEWHERE)));
  expect(await onFile('S-702'), 'nor is what comes after it').toMatchObject({ since: '2026-03-02', registered: 'folder', filed: 'folder' });
});

test('an update moves no first day, and an account that differs is new that day and whoever’s filed it', async () => {
  const refile = (patch: Partial<SupplierEntry>, filing = CLARA) =>
    ledger.tx((sql) => fileSupplier(sql, ledger.org, { ...supplier, since: day('2001-01-01'), accountSince: day('2001-01-01'), ...patch }, filing));
  await refile({ registeredBy: 'emre', budgetLine: 'tools' });
  expect(await onFile('S-001')).toMatchObject({ since: '2021-04-12', account: '2021-04-12', registered: 'emre', kept: null });
  await refile({ iban: ELSEWHERE });
  expect(await onFile('S-001')).toMatchObject({ since: '2021-04-12', account: '2026-03-02', registered: 'emre', kept: 'clara' });
  await refile({ iban: ELSEWHERE }, { by: 'emre', base: false, day: day('2026-04-02') });
  expect(await onFile('S-001'), 'filed again by somebody else, it is still hers').toMatchObject({ account: '2026-03-02', kept: 'clara' });
  expect((await dossierOf()).supplier).toMatchObject({ since: '2021-04-12', accountSince: '2026-03-02', iban: ELSEWHERE });
});
async function dossierOf() {
  await add(one);
  return dossier(one);
}

test('what a person says of a file is that person’s, whoever handed it in', async () => {
  const row = { id: 'S-720', name: 'Neu', vat: 'DE720', iban: ELSEWHERE, street: 'Weg', number: '1', postcode: '1', town: 'Ort', country: 'DE' };
  const fields = { ...row, budget_line: 'wood', status: 'active', since: '2001-01-01', registered_by: 'emre' };
  expect(await handed('scan.pdf', 'just words', 'emre')).toMatchObject({ state: 'asks' });
  const { digest } = recordOf('scan.pdf', Buffer.from('just words'));
  const said = { register: 'suppliers', columns: {}, fields };
  expect(await ledger.tx((sql) => describeRecord(sql, ledger.org, digest, said, 'clara', FILED_AT, registers))).toMatchObject({
    state: 'filed',
    rows: [fields],
  });
  expect(await onFile('S-720')).toMatchObject({ since: '2026-03-02', registered: 'clara', filed: 'clara', kept: 'clara' });
});

test('a register needs to say nothing of its age', async () => {
  const csv =
    'id,name,vat,iban,street,number,postcode,town,country,budget_line,status\nS-710,Neu,DE710,DE94820522343195062492,Weg,1,99085,Erfurt,DE,wood,active\n';
  expect(await handed('short.csv', csv, 'clara')).toMatchObject({ state: 'filed' });
  expect(await onFile('S-710')).toMatchObject({ since: '2026-03-02', registered: 'clara' });
});

test.each<[string, Partial<Paper>, RegExp]>([
  ['a credit', { quantity: '-10', net: '-1000.00', tax: '-190.00', total: '-1190.00' }, /less than nothing|not a quantity/],
  ['a line of less than nothing', { quantity: '-10', price: '-100.00' }, /less than nothing|not a quantity/],
  ['a tax of less than nothing', { tax: '-190.00', total: '810.00' }, /`tax` is less than nothing/],
  ['a currency in lower case', { currency: 'eur' }, /`eur` is no currency/],
  ['a NUL in a note', { note: 'a\0b' }, /NUL/],
  ['year 0000', { issued: '0000-01-01' }, /no year 0000/],
  [
    'an amount beyond exact arithmetic',
    { quantity: '1', price: '99999999999999.00', net: '99999999999999.00', tax: '0.00', total: '99999999999999.00' },
    /exact arithmetic/,
  ],
  ['a discount of less than nothing', { terms: discountTerms('-50') }, /`-50` is no discount/],
  ['a discount of more than everything', { terms: discountTerms('100.01') }, /no discount/],
])('%s is set aside with the reason, and the rest goes on', async (_what, patch, reason) => {
  expect(await file('bad.xml', billXml({ ...paper, ...patch }))).toMatchObject({ state: 'set_aside', reason: expect.stringMatching(reason) as string });
  expect(await file('good.xml', billXml({ ...paper, number: 'P-2' }))).toMatchObject({ state: 'filed' });
});

test('a discount leaves less than the total, or is none', async () => {
  await file('none.xml', billXml({ ...paper, terms: discountTerms('0') }));
  const rows = await ledger.tx((sql) => sql<{ minor: string | null }>('select discount_minor minor from invoice where org = $1', [ledger.org]));
  expect(rows).toEqual([{ minor: null }]);
  const total = eur(119_000);
  for (const minor of [119_000, 119_001, -1]) {
    const odd = bill('odd', [line('10')], { discount: { percent: '2', until: day('2026-03-01'), total: { ...total, minor } } });
    expect(await ledger.tx((sql) => fileInvoice(sql, ledger.org, odd)), String(minor)).toMatch(/`discount`/);
  }
});

test('a unit price of four decimals is kept as it is, and compared as it is', async () => {
  expect(await file('exact.xml', billXml({ ...paper, price: '101.9950', net: '1019.95', tax: '193.79', total: '1213.74' }))).toMatchObject({ state: 'filed' });
  const [id = ''] = await ledger.reads((finance) => finance.invoices('open'));
  const { invoice, match } = await dossier({ ...one, id });
  expect(invoice).toMatchObject({ problems: [], lines: [{ price: { amount: '101.9950', currency: 'EUR', per: '1' } }] });
  expect(match.reasons).toEqual(['billed 1,019.95 EUR net, ordered 1,000.00 EUR']); // 19.95 over: the price is within 2%, the sum is not within 10.00
});

test('what was filed before prices were exact is read as it was', async () => {
  await add(one);
  await ledger.tx((sql) =>
    sql(`update invoice set document = jsonb_set(document - 'charges', '{lines,0,price}', '{"minor": 10000, "currency": "EUR"}') where org = $1`, [ledger.org]),
  );
  await ledger.tx((sql) =>
    sql(`update purchase_order set document = jsonb_set(document, '{lines,0,price}', '{"minor": 10000, "currency": "EUR"}') where org = $1`, [ledger.org]),
  );
  await add(bill('another', [line('1')], { order: null })); // everything is checked anew
  expect(await dossier(one)).toMatchObject({ invoice: one, match: { matched: true } });
});

test('a list of bills with an amount beyond exact arithmetic is set aside with its line', async () => {
  const rows = [
    'supplier,number,issued,due,net,tax,total,currency,iban',
    `S-001,L-1,2026-02-20,2026-03-20,99999999999999.00,0,99999999999999.00,EUR,${THEIRS}`,
  ];
  expect(await file('list.csv', `${rows.join('\n')}\n`)).toMatchObject({
    state: 'set_aside',
    reason: expect.stringMatching(/^line 2: .*exact arithmetic/) as string,
  });
});

test('credits on file make no room for what was billed, and no sum is too large to be compared', () => {
  const paid = { invoice: bill('4711'), state: 'paid' as const };
  const credit = { invoice: bill('C-1', [line('-10')], { issued: day('2026-02-13') }), state: 'open' as const };
  const again = bill('4712', [line('4'), line('6')], { issued: day('2026-02-14') });
  const receipts = [receipt('10')];
  const match = threeWayMatch(again, order, receipts, billedBefore(again, [paid, credit], receipts), tolerance);
  expect(match).toMatchObject({ matched: false, reasons: [expect.stringContaining('billed 10 on top of 10 before'), expect.anything(), expect.anything()] });
  expect(threeWayMatch(credit.invoice, order, receipts, [], tolerance).reasons).toContain('it bills less than nothing');
  const huge = (number: string) => bill(number, [line('1')], { net: money(Number.MAX_SAFE_INTEGER, 'EUR') });
  expect(threeWayMatch(huge('H-1'), order, receipts, [huge('H-2')], tolerance).reasons.join()).toContain('exact arithmetic');
});

test('a second supplier with the VAT id of the first takes no bills over, and is a finding', async () => {
  await handed('twin.csv', supplierCsv(supplierRow('S-000', 'de 214 731 017', ELSEWHERE)), 'clara');
  expect(await onFile('S-000')).toMatchObject({ twin: 'S-001' });
  await file('v.xml', billXml(paper));
  expect(await ledger.tx((sql) => sql('select supplier from invoice where org = $1', [ledger.org]))).toEqual([{ supplier: 'S-001' }]);
  expect(await ledger.reads((finance) => finance.vatTwins())).toMatchObject([{ supplier: 'S-000', of: 'S-001' }]);
  await handed('mended.csv', supplierCsv(supplierRow('S-000', 'DE999', ELSEWHERE)), 'clara');
  expect(await ledger.reads((finance) => finance.vatTwins()), 'until its VAT id is its own').toEqual([]);
});

test('a bill that was set aside is judged again when it is handed in again, and not before', async () => {
  const xml = billXml({ ...paper, vat: 'DE999' });
  expect(await handed('r.xml', xml, 'emre')).toMatchObject({ state: 'set_aside', reason: expect.stringContaining('hand in a list of suppliers') as string });
  await ledger.tx((sql) => fileSupplier(sql, ledger.org, { ...supplier, id: 'S-555', vat: 'DE999' }, BASE));
  expect((await file('r.xml', xml)).state, 'it only lies there').toBe('known');
  expect((await handed('r.xml', xml, 'clara')).state).toBe('filed');
  expect((await handed('r.xml', xml, 'emre')).state, 'filed once').toBe('known');
  const kept = await ledger.tx((sql) => sql('select state, filed_by, tries from record_file where org = $1', [ledger.org]));
  expect(kept).toEqual([{ state: 'filed', filed_by: 'clara', tries: 2 }]);
});
