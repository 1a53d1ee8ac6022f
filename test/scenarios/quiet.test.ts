/** What was declined, or nobody decided, comes back when a fact changes or on its day, and not before. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller, TaskCard } from '../../src/client.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const DAY_MS = 86_400_000;
let on: Stage;
let paul: Caller;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, inbox: { cards_per_day: 12, quiet_days: 5 } }) });
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first', 'operations');
  paul = await on.person('paul');
}, 180_000);
afterAll(() => on.close());

const boards = async (): Promise<readonly TaskCard[]> => (await on.tasks()).filter(({ card }) => JSON.stringify(card).includes('Beech board'));
const open = async (): Promise<TaskCard> => {
  const found: TaskCard[] = [];
  await on.until('a task is open', async () => {
    found.push(...(await boards()).filter((task) => task.outcome === null));
    return found.length > 0;
  });
  return found[0] ?? expect.fail('no open task');
};
const outcome = (id: string, is: string) => on.until(`it is ${is}`, async () => (await on.app.client.task(operator, { id })).outcome === is);
/** The clock alone: what falls due in every domain on the way is the clock's own test. */
const advance = (days: number) => on.rows('update organization set clock_offset_ms = clock_offset_ms + $2 where org = $1', [on.organization.id, days * DAY_MS]);
const drift = async () =>
  (
    await on.rows<{ state: string; quiet: string | null; episode: number }>(
      `select state, quiet_until::text quiet, episode from drift where org = $1 and key = 'operations.low_stock/beech-27@mill-lane'`,
      [on.organization.id],
    )
  )[0];
const decline = (id: string, day?: string) =>
  on.app.client.decide(paul, { id, choice: 'decline', reason: 'we wait for the sale', ...(day === undefined ? {} : { againOn: LocalDate.parse(day) }) });

test.each([
  ['today', '2026-03-02'],
  ['a day that is over', '2026-02-01'],
  ['a day in two years', '2028-03-02'],
])('a decline until %s is refused, and nothing is decided', async (_what, day) => {
  const { id } = await open();
  await expect(decline(id, day)).rejects.toMatchObject({ code: 'day_invalid' });
  expect((await on.app.client.task(operator, { id })).votes).toEqual([]);
});

test('an approval names no day', async () => {
  const { id } = await open();
  await expect(on.app.client.decide(paul, { id, choice: 'approve', reason: '', againOn: LocalDate.parse('2026-03-20') })).rejects.toMatchObject({
    code: 'day_invalid',
  });
});

test('declined until a day, it is quiet until then, and asked again on it', async () => {
  const { id } = await open();
  await decline(id, '2026-03-05');
  await outcome(id, 'declined');
  expect((await on.app.client.task(operator, { id })).votes).toMatchObject([{ person: 'paul', choice: 'decline', againOn: '2026-03-05', void: null }]);
  expect(await drift()).toEqual({ state: 'declined', quiet: '2026-03-05', episode: 1 });
  await advance(2);
  await reviewed(on, 'before its day', 'operations');
  expect(await boards()).toHaveLength(1);
  await advance(1);
  await reviewed(on, 'on its day', 'operations');
  expect((await open()).id).not.toBe(id);
  expect(await drift()).toEqual({ state: 'asked', quiet: null, episode: 2 });
});

test('expired, it is quiet for the organization’s time, not asked at the next review', async () => {
  const { id } = await open();
  await on.past(`update decision set expires_at = now() - interval '1 second' where org = $1 and proposal = $2`, [on.organization.id, id]);
  await on.app.world.orchestrator.wakeUpkeep(on.organization.id);
  await outcome(id, 'expired');
  expect(await drift()).toEqual({ state: 'declined', quiet: '2026-03-10', episode: 2 });
  await reviewed(on, 'after it expired', 'operations');
  expect(await boards()).toHaveLength(2);
  await advance(5);
  await reviewed(on, 'after its quiet time', 'operations');
  expect(await drift()).toMatchObject({ state: 'asked', episode: 3 });
});

test('declined without a day, it comes back when a governing fact changes', async () => {
  const { id } = await open();
  await decline(id);
  await outcome(id, 'declined');
  expect(await drift()).toEqual({ state: 'declined', quiet: null, episode: 3 });
  await advance(30);
  await reviewed(on, 'a month later', 'operations');
  expect(await drift()).toMatchObject({ state: 'declined', episode: 3 });
  const rows = 'id,item,site,kind,quantity,moved_on\nM-0399,beech-27,mill-lane,withdrawal,1,2026-04-08\n';
  await on.app.client.add_records(paul, { files: [{ name: 'taken.csv', base64: Buffer.from(rows).toString('base64') }] });
  await reviewed(on, 'one board less', 'operations');
  expect(await drift()).toMatchObject({ state: 'asked', episode: 4 });
});

test('a card that is judged again shows what the records say then', async () => {
  const { id } = await open();
  const stock = async () => (await on.app.client.task(operator, { id })).card.find(({ label }) => label === 'Stock')?.before;
  const [before, rows] = [await stock(), 'id,item,site,kind,quantity,moved_on\nM-0398,beech-27,mill-lane,withdrawal,2,2026-04-08\n'];
  await on.app.client.add_records(paul, { files: [{ name: 'two-more.csv', base64: Buffer.from(rows).toString('base64') }] });
  await on.temporal.wakeAction(on.organization.id, id);
  await on.until('it shows two less', async () => (await stock()) === `${Number.parseInt(before ?? '', 10) - 2} left`);
});

test('what waits is closed where a review sees that it is not so any more, and is not asked twice in two ways', async () => {
  const { id } = await open();
  const rows = 'id,item,site,kind,quantity,moved_on\nM-0400,beech-27,mill-lane,delivery,90,2026-04-08\n';
  await on.app.client.add_records(paul, { files: [{ name: 'brought.csv', base64: Buffer.from(rows).toString('base64') }] });
  await reviewed(on, 'boards came', 'operations');
  await outcome(id, 'overtaken');
  expect(await drift()).toMatchObject({ state: 'gone', episode: 4 });
  await expect(on.app.client.decide(paul, { id, choice: 'approve', reason: '' })).resolves.toMatchObject({
    counted: false,
    message: 'It is already overtaken.',
  });
  const why = await on.app.client.why(operator, { id });
  expect(why.map(({ type }) => type).slice(-2)).toEqual(['drift.gone', 'proposal.closed']);
  expect(why.at(-1)?.says).toBe('closed: overtaken');
});
