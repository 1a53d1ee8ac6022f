/** One person in finance writes every paper there is: supplier, order, receipt and bill. Nobody is paid by that person's word. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import type { Caller } from '../../src/client.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { base64, billXml, orderXml, receiptXml, supplierCsv, supplierRow, type Paper } from '../fixtures/papers.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const MINE = 'DE02120300000000202051'; // an account of whoever attacks
let on: Stage;
let people: Record<'clara' | 'emre' | 'johanna', Caller>;
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  people = { clara: await on.person('clara'), emre: await on.person('emre'), johanna: await on.person('johanna') };
});
afterAll(() => on.close());

const papers = async (by: Caller, row: string, paper: Paper) => {
  const files = [
    base64(`${paper.number}.csv`, supplierCsv(row)),
    base64(`${paper.po}.xml`, orderXml(paper)),
    base64(`GR-${paper.po}.xml`, receiptXml(paper.po)),
    base64(`${paper.number}.xml`, billXml(paper)),
  ];
  const rows = await on.app.client.add_records(by, { files });
  expect(rows.map(({ state, reason }) => `${state}${reason}`)).toEqual(['filed', 'filed', 'filed', 'filed']);
};
const check = (invoice: string, onBehalfOf: PersonId | null = null) =>
  on.app.client.gate_check(people.johanna, {
    agent: 'finance-analyst',
    tool: 'finance.pay_invoice',
    args: { invoice, payee: MINE, amount: { minor: 119_000, currency: 'EUR' } },
    onBehalfOf,
  });
const articles = ({ articles: all }: Awaited<ReturnType<typeof check>>) => all.map(({ id }) => id);

describe('a supplier that one person made', () => {
  const BILL = 'S-777:X-1';
  test('is new that day whatever the register says, and waits for somebody else', async () => {
    await papers(people.clara, supplierRow('S-777', 'DE777777777', MINE), { vat: 'DE777777777', number: 'X-1', po: 'PO-7777', iban: MINE });
    const judged = await check(BILL);
    expect(judged.verdict).toBe('escalate');
    expect(articles(judged)).toEqual(expect.arrayContaining(['finance.duties.first', 'finance.new']));
    await reviewed(on, 'papers'); // or the review that new papers begin: whichever came first asks
    await on.until('it waits', async () => (await on.tasks()).some(({ card, waits }) => waits && card.some(({ value }) => value === BILL)));
    expect(await on.task(BILL)).toMatchObject({ outcome: null, waits: true });
  });

  test('that person’s vote counts for nothing; another one’s does', async () => {
    const { id } = await on.task(BILL);
    expect((await on.task(BILL)).may.map(({ person }) => person)).toEqual(['emre']);
    await expect(on.app.client.decide(people.clara, { id, choice: 'approve', reason: 'fine by me' })).rejects.toMatchObject({
      code: 'not_eligible',
      message: expect.stringMatching(/whoever filed what it pays to.*Who may: `emre`/) as string,
    });
    expect(await on.task(BILL)).toMatchObject({ outcome: null, votes: [] });
    await on.app.client.decide(people.emre, { id, choice: 'approve', reason: 'I called them' });
    await on.until('it is done', async () => (await on.task(BILL)).outcome === 'done');
  });

  test('is not paid on that person’s behalf at all', async () => {
    const judged = await check(BILL, PersonId.parse('clara'));
    expect(judged.verdict).toBe('deny');
    expect(articles(judged)).toContain('finance.duties');
    expect(articles(await check(BILL, PersonId.parse('emre')))).not.toContain('finance.duties');
  });

  test('waits for somebody however long it lies there, until it was paid once', async () => {
    await on.rows(`update supplier set since = '2020-01-01', account_since = '2020-01-01' where org = $1 and id = 'S-777'`, [on.organization.id]);
    await on.rows(`update invoice set state = 'open' where org = $1 and id = $2`, [on.organization.id, BILL]);
    const before = articles(await check(BILL));
    expect(before).toContain('finance.duties.first');
    expect(before).not.toContain('finance.new');
    await on.rows(`update payment set state = 'paid' where org = $1 and invoice = $2`, [on.organization.id, BILL]);
    expect(articles(await check(BILL))).not.toContain('finance.duties.first');
  });
});

test('an account that one person changed takes two others, and says so where there are not two', async () => {
  const [known] = await on.rows<{ vat: string }>(`select document ->> 'vat' vat from supplier where org = $1 and id = 'S-002'`, [on.organization.id]);
  const vat = known?.vat ?? '';
  await papers(people.clara, supplierRow('S-002', vat, MINE), { vat, number: 'Y-1', po: 'PO-8888', iban: MINE });
  const judged = await check('S-002:Y-1');
  expect(judged).toMatchObject({ verdict: 'deny', kind: 'unapprovable' });
  expect(judged.why.join()).toMatch(/This needs 2 with the role `finance`, and `emre` could decide it; .* other than `clara`/);
  await on.rows(`update person set roles = roles || '{finance}' where org = $1 and person = 'greta'`, [on.organization.id]);
  const reachable = await check('S-002:Y-1');
  expect(reachable.verdict).toBe('escalate');
  expect(reachable.needs.find(({ role }) => role === 'finance')?.quorum).toBe(2);
});

test('a second supplier with a VAT id on file is noticed, and never paid by itself', async () => {
  const rows = await on.app.client.add_records(people.johanna, { files: [base64('twin.csv', supplierCsv(supplierRow('S-778', 'DE 777 777 777', MINE)))] });
  expect(rows.map(({ state }) => state)).toEqual(['filed']);
  await reviewed(on, 'twin');
  expect((await on.app.client.status({ kind: 'operator' }, {})).findings.join('\n')).toMatch(/`S-778`.*VAT id that `S-777` had before/);
  await on.rows(`update invoice set supplier = 'S-778', state = 'open' where org = $1 and id = 'S-777:X-1'`, [on.organization.id]);
  expect(articles(await check('S-777:X-1'))).toContain('finance.vat');
});

test('a sum in another currency needs finance and the owner, however small it looks', async () => {
  const gold = { quantity: '1', price: '9.00', net: '9.00', tax: '0.00', total: '9.00', currency: 'XAU' };
  const paper = { vat: 'DE214731017', number: 'G-1', po: 'none', iban: 'DE51820511173097531246', ...gold };
  await on.app.client.add_records(people.clara, { files: [base64('g.xml', billXml(paper))] });
  const args = { invoice: 'S-001:G-1', payee: paper.iban, amount: { minor: 900, currency: 'XAU' } };
  const judged = await on.app.client.gate_check(people.clara, { agent: 'finance-analyst', tool: 'finance.pay_invoice', args, onBehalfOf: null });
  expect(judged.verdict).toBe('escalate');
  expect(judged.needs.map(({ role }) => role).sort()).toEqual(['finance', 'owner']);
});

test('what was set aside is told to people until it is handed in again, and then judged again', async () => {
  const xml = billXml({ vat: 'DE999999999', number: 'Z-9', po: 'none', iban: MINE });
  const add = async () => (await on.app.client.add_records(people.johanna, { files: [base64('z.xml', xml)] }))[0];
  const told = async () => (await on.app.client.status({ kind: 'operator' }, {})).findings.filter((finding) => finding.includes('z.xml'));
  expect((await add())?.state).toBe('set_aside');
  expect(await told()).toEqual([expect.stringContaining('was set aside')]);
  await on.app.client.add_records(people.johanna, { files: [base64('s.csv', supplierCsv(supplierRow('S-779', 'DE999999999', 'DE94820522343195062492')))] });
  expect((await add())?.state).toBe('filed');
  expect(await told()).toEqual([]);
});

test('a table that a person describes is shown, as far as a screen goes', async () => {
  const of = (n: number) => `S-001,T-${n},2026-02-20,2026-03-20,100.00,19.00,119.00,EUR,DE51820511173097531246`;
  const csv = `who,nr,on,until,n,t,sum,cur,acc\n${Array.from({ length: 60 }, (_, n) => of(n)).join('\n')}\n`;
  const [row] = await on.app.client.add_records(people.johanna, { files: [base64('list.csv', csv)] });
  const columns = { supplier: 'who', number: 'nr', issued: 'on', due: 'until', net: 'n', tax: 't', total: 'sum', currency: 'cur', iban: 'acc' };
  const done = await on.app.client.describe_record(people.clara, { id: row?.id ?? '', register: 'invoices', columns, fields: {} });
  expect(done).toMatchObject({ filed: true, more: 10 });
  expect(done.rows).toHaveLength(50);
  expect(done.rows[0]).toMatchObject({ number: 'T-0', iban: 'DE51820511173097531246' });
});
