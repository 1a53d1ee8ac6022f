/** Stock, orders and machines of the workshop, through review, gate and receipt. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller, TaskCard } from '../../src/client.ts';
import { ItemCode } from '../../src/domains/operations/records.ts';
import { operationsReads } from '../../src/adapters/postgres/operations.ts';
import { sqlOf } from '../../src/adapters/postgres/store.ts';
import { card as cardOf } from '../../src/surfaces/cli/render.ts';
import { cardContent } from '../../src/surfaces/slack/card.ts';
import { plantedFor } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let paul: Caller;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first', 'operations');
  paul = await on.person('paul');
});
afterAll(() => on.close());

const planted = plantedFor('operations-coordinator');
const about = (word: string): Promise<TaskCard[]> => on.tasks().then((tasks) => tasks.filter(({ card }) => JSON.stringify(card).includes(word)));
const level = (item: string, site: string) =>
  on.app.world.store.tx(on.organization.id, (tx) => operationsReads(sqlOf(tx), tx.org).stock(ItemCode.parse(item), site));
const hand = (name: string, rows: string) => on.app.client.add_records(paul, { files: [{ name, base64: Buffer.from(rows).toString('base64') }] });

test('the review sees what was planted, and nothing else', async () => {
  const rows = await on.rows<{ key: string }>(`select key from drift where org = $1 and reconciler like 'operations.%' order by key`, [on.organization.id]);
  const expected = planted.filter(({ drift }) => drift !== null).map(({ drift, subject }) => `${drift}/${subject}`);
  expect(rows.map(({ key }) => key)).toEqual(expected.sort());
});

describe('an order', () => {
  test('within authority leaves by itself, valid for its supplier, and counts as on order', async () => {
    const [task] = await about('Cup hinge');
    expect(task).toMatchObject({ outcome: 'done', tool: 'operations.reorder_stock', decision: { verdict: 'permit' } });
    const [file] = await on.rows<{ content: string }>(`select content from outbox_file where org = $1 and name like 'order-%'`, [on.organization.id]);
    expect(file?.content).toContain('<cbc:Quantity unitCode="H87">500</cbc:Quantity>');
    const { level: left, open } = await level('hinge-35', 'mill-lane');
    expect([left, open.map(({ quantity }) => quantity)]).toEqual([150, [500]]);
    const orders = await on.rows<{ supplier: string }>(`select supplier from purchase_order where org = $1 and number = $2`, [
      on.organization.id,
      open[0]?.order,
    ]);
    expect(orders).toEqual([{ supplier: 'S-003' }]);
  });
  test('above it waits for operations, and leaves once after approval', async () => {
    const [task] = await about('Beech board');
    if (!task) expect.fail('nothing is asked about boards');
    expect(task).toMatchObject({ waits: true, decision: { needs: [{ role: 'operations' }] } });
    expect(task.card.filter(({ before }) => before !== undefined)).toEqual([{ label: 'Stock', value: '64 with it', before: '14 left' }]);
    const [me, { zone, business }] = [await on.app.client.me(paul, {}), await on.app.client.place(paul, {})];
    const { blocks } = cardContent({ kind: 'card', task, me, halted: [], names: {}, business }, 'http://localhost', zone, Date.now());
    expect(JSON.stringify(blocks)).toContain(String.raw`Stock\n14 left → 64 with it`);
    expect(stripVTControlCharacters(cardOf(task, { zone, business }))).toMatch(/Stock +64 with it +on record: 14 left/);
    await on.app.client.decide(paul, { id: task.id, choice: 'approve', reason: '' });
    await on.until('it is ordered', async () => (await about('Beech board'))[0]?.outcome === 'done');
    expect((await level('beech-27', 'mill-lane')).open).toHaveLength(1);
  });
  test('reviewed again, nothing is ordered twice', async () => {
    const before = (await on.tasks()).length;
    await reviewed(on, 'second', 'operations');
    expect(await on.tasks()).toHaveLength(before);
  });
  test.each([
    ['at another price', { amount: { minor: 1, currency: 'EUR' } }],
    ['beyond its target', { quantity: 5_000, amount: { minor: 600_000, currency: 'EUR' } }],
    ['from another supplier', { supplier: 'S-001' }],
    ['of what is not below its minimum', { item: 'slide-500', site: 'station-yard', quantity: 30, amount: { minor: 29_400, currency: 'EUR' } }],
    ['of what is on order', {}],
    ['of what nobody has counted right', { item: 'screw-4x40', quantity: 2_000, amount: { minor: 8_000, currency: 'EUR' } }],
  ])('%s is denied, whoever asks', async (_what, change) => {
    const args = { item: 'hinge-35', site: 'mill-lane', quantity: 500, supplier: 'S-003', amount: { minor: 60_000, currency: 'EUR' }, ...change };
    const judged = await on.app.client.gate_check(operator, { agent: 'operations-coordinator', tool: 'operations.reorder_stock', args, onBehalfOf: null });
    expect(judged.verdict, judged.why.join('; ')).toBe('deny');
  });
});

describe('stock', () => {
  test('a delivery that is recorded raises the level, and its order has arrived', async () => {
    const { open } = await level('hinge-35', 'mill-lane');
    await hand('movements.csv', `id,item,site,kind,quantity,moved_on,order\nM-0301,hinge-35,mill-lane,delivery,500,2026-03-02,${open[0]?.order}\n`);
    expect(await level('hinge-35', 'mill-lane')).toMatchObject({ level: 650, open: [] });
  });
  test('a movement counts once; another one under its number is refused', async () => {
    const [row] = await hand('again.csv', 'id,item,site,kind,quantity,moved_on\nM-0301,hinge-35,mill-lane,withdrawal,600,2026-03-02\n');
    expect(row).toMatchObject({ state: 'set_aside', reason: expect.stringContaining('`M-0301`') as string });
    expect((await level('hinge-35', 'mill-lane')).level).toBe(650);
  });
  test('the next shortage is a new episode, seen because a record changed', async () => {
    await hand('taken.csv', 'id,item,site,kind,quantity,moved_on\nM-0302,hinge-35,mill-lane,withdrawal,500,2026-03-02\n');
    await on.until('it is asked again', async () => (await about('Cup hinge')).some(({ waits }) => waits)); // the day's limit is drawn on already
    const again = (await about('Cup hinge')).find(({ waits }) => waits);
    expect(again?.decision?.why[0]).toBe("Above the agent's limit for a day operations decides: granted for the day up to 2,000.00 EUR; asked 3,125.00 EUR");
    await on.app.client.decide(paul, { id: again?.id ?? '', choice: 'approve', reason: '' });
    await on.until('it is ordered again', async () => (await level('hinge-35', 'mill-lane')).open.length === 1);
    const [row] = await on.rows<{ episode: number }>(`select episode from drift where org = $1 and key = 'operations.low_stock/hinge-35@mill-lane'`, [
      on.organization.id,
    ]);
    expect(row?.episode).toBe(2);
  });
  test('a count makes the level known again', async () => {
    await hand('count.csv', 'Artikel;Lager;Bestand;Gezählt am\nscrew-4x40;mill-lane;900;2026-03-02\n');
    expect((await level('screw-4x40', 'mill-lane')).level).toBe(900);
  });
});

test('a machine is booked once, on a working day ahead, and its calendar entry leaves', async () => {
  const [saw] = await about('Panel saw');
  expect(saw).toMatchObject({ tool: 'operations.book_maintenance', outcome: 'done' });
  expect(saw?.card.slice(1, 3)).toEqual([
    { label: 'On', value: '2026-03-03' },
    { label: 'Last service', value: '2025-08-20' },
  ]);
  const [planer] = await about('Thickness planer');
  expect(planer?.card.find(({ label }) => label === 'On')?.value).toBe('2026-03-06');
  const judged = await on.app.client.gate_check(operator, {
    agent: 'operations-coordinator',
    tool: 'operations.book_maintenance',
    args: { machine: 'panel-saw', day: '2026-03-04', by: 'anybody' },
    onBehalfOf: null,
  });
  expect(judged).toMatchObject({ verdict: 'deny', articles: [{ id: 'operations.service' }] });
});
