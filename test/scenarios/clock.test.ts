/** Days that pass: each with its cut-off, the bank's answer and the reviews of every domain; and what a halt keeps in the house. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { isBankDay } from '../../src/domains/finance/bank-days.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { LocalDate } from '../../src/kernel/time.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const DAY_MS = 86_400_000;

let on: Stage;
let johanna: Caller;
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  johanna = await on.person('johanna');
});
afterAll(() => on.close());

const events = (type: string) =>
  on.rows<{ id: string; causes: string[] }>(
    `select e.id, coalesce((select array_agg(c.cause) from event_cause c where c.org = e.org and c.effect = e.id), '{}') causes from event e where e.org = $1 and e.type = $2 order by e.position`,
    [on.organization.id, type],
  );
const sent = () =>
  on.rows<{ name: string; day: string }>('select name, day::text from outbox_file where org = $1 and account <> $2 order by name', [on.organization.id, '']);

test('a payment that a halt overtook is taken back before the cut-off, as an event with its causes', async () => {
  const { id } = on.organization;
  const before = await on.rows<{ key: string }>(`select key from payment where org = $1 and state = 'instructed'`, [id]);
  expect(before.length).toBeGreaterThan(3);
  await on.app.world.store.tx(id, async (tx) =>
    tx.setHalt('agent/finance-analyst', true, PersonId.parse('johanna'), 'a worker was slow', (await tx.times()).wall),
  );
  await on.app.client.advance_clock(johanna, { ms: DAY_MS });
  const after = await on.rows<{ key: string; state: string }>('select key, state from payment where org = $1 order by key', [id]);
  expect(new Set(after.map(({ state }) => state))).toEqual(new Set(['withdrawn']));
  expect(await events('payment.sent')).toEqual([]);
  const withdrawn = await events('payment.withdrawn');
  expect(withdrawn).toHaveLength(before.length);
  expect(withdrawn.every(({ causes }) => causes.length > 0)).toBe(true);
  await on.app.client.resume(johanna, { scope: { kind: 'organization' }, reason: 'all is well' });
  await on.app.client
    .resume(await on.person('clara'), { scope: { kind: 'agent', agent: on.app.world.agents.keys().next().value ?? fail() }, reason: 'all is well' })
    .catch(() => undefined);
});

function fail(): never {
  throw new Error('there is no agent');
}

test('each day has its cut-off and the reviews of every domain, and payments leave on days on which banks work', async () => {
  const [started, first] = [(await events('review.started')).length, await on.app.client.status(johanna, {})];
  const moved = await on.app.client.advance_clock(johanna, { ms: 6 * DAY_MS });
  expect(Date.parse(moved.business) - Date.parse(first.business)).toBeGreaterThanOrEqual(6 * DAY_MS);
  const reviews = (await events('review.started')).length - started;
  expect(reviews).toBeGreaterThanOrEqual(6 * first.domains.length);
  const files = (await sent()).filter(({ name }) => name.endsWith('.xml') && !name.startsWith('order-'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(({ day }) => !isBankDay(LocalDate.parse(day)))).toEqual([]);
});

test('a review says what it began with, and why goes back to it', async () => {
  const [asked] = await on.rows<{ id: string }>(`select id from event where org = $1 and type = 'review.asked' order by position desc limit 1`, [
    on.organization.id,
  ]);
  const [review] = await on.rows<{ effect: string }>('select effect from event_cause where org = $1 and cause = $2', [on.organization.id, asked?.id]);
  const chain = await on.app.client.why(johanna, { id: review?.effect ?? '' });
  expect(chain.map(({ type }) => type)).toEqual(expect.arrayContaining(['clock.advanced', 'review.asked', 'review.started']));
  expect(chain.at(0)?.says).toMatch(/^johanna moved the clock|came in/);
});
