/** Reviews by the clock do not end: upkeep moves the end of their schedules on, on a real Temporal server. */
import { afterEach, expect, inject, test } from 'vitest';
import { tend } from '../../src/activities/tend.ts';
import type { Domain } from '../../src/kernel/ids.ts';
import { instantAt, LocalDate, millis } from '../../src/kernel/time.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const DAY_MS = 86_400_000;
let on: Stage | undefined;
afterEach(() => on?.close());

/** Whole days until the last moment of a domain's schedule; undefined where it has none. */
async function reach({ temporal, organization }: Stage, domain: Domain, from: number): Promise<number | undefined> {
  const schedule = await temporal.client.schedule
    .getHandle(`${organization.id}/review/${domain}`)
    .describe()
    .catch(() => undefined);
  const months = ['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'];
  const first = (field: readonly { start: unknown }[] | undefined) => field?.[0]?.start;
  const moments = schedule?.spec.calendars?.map(({ year, month, dayOfMonth, hour, minute }) =>
    Date.UTC(Number(first(year)), months.indexOf(String(first(month))), Number(first(dayOfMonth)), Number(first(hour)), Number(first(minute))),
  );
  return moments && Math.floor((Math.max(...moments) - from) / DAY_MS);
}

test('after weeks of uptime reviews are scheduled as far ahead as on the first day', async () => {
  let passed = 0; // milliseconds
  const now = () => Date.now() + passed;
  on = await stage(inject('services'), { now });
  const { world } = on.app;
  await on.app.begin();
  expect(await reach(on, 'finance', now())).toBeGreaterThanOrEqual(28);
  passed = 25 * DAY_MS;
  expect(await reach(on, 'finance', now())).toBeLessThan(6); // nobody has moved it on
  await tend(world, on.organization.id);
  expect(await reach(on, 'finance', now())).toBeGreaterThanOrEqual(28);
  expect(await reach(on, 'staffing', now())).toBeGreaterThanOrEqual(28);
});

test('it is written once a day, and again where the business clock was moved', async () => {
  on = await stage(inject('services'));
  const [{ world }, { client }, org] = [on.app, on.temporal, on.organization.id];
  const updated = async () => (await client.schedule.getHandle(`${org}/review/finance`).describe()).info.lastUpdatedAt?.getTime();
  await tend(world, org);
  const first = await updated();
  await tend(world, org);
  expect(await updated()).toBe(first);
  await world.store.tx(org, (tx) => tx.advanceClock(3_600_000)); // by a process that died before it told
  await tend(world, org);
  expect(await updated()).not.toBe(first);
  const told = await updated();
  await tend(world, org);
  expect(await updated()).toBe(told);
});

test('a domain that is taken out of organization.yaml loses its schedule', async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  expect(await reach(on, 'operations', Date.now())).toBeGreaterThan(0);
  const declared = on.organization;
  const reviews = Object.fromEntries(Object.entries(declared.reviews).filter(([domain]) => domain !== 'operations'));
  const later = await stage(inject('services'), { namespace: on.namespace, change: () => ({ ...declared, reviews }) });
  try {
    await tend(later.app.world, later.organization.id);
    expect(await reach(later, 'operations', Date.now())).toBeUndefined();
    expect(await reach(later, 'finance', Date.now())).toBeGreaterThan(0);
    await tend(later.app.world, later.organization.id); // and again: nothing there, nothing wrong
  } finally {
    await later.close();
  }
});

test('a review of the second month takes place, though the clock was moved past all that was scheduled', async () => {
  on = await stage(inject('services'), { change: (organization) => ({ ...organization, reviews: { finance: { at: ['06:00'] } } }) });
  const { organization, rows, app } = on;
  await app.begin();
  await on.worker();
  await reviewed(on, 'first');
  const { business } = await app.world.store.tx(organization.id, async (tx) => {
    const soon = millis(instantAt(LocalDate.parse('2026-04-06'), '06:00', organization.zone)) - 20_000; // the worker has to notice first
    await tx.advanceClock(soon - millis((await tx.times()).business));
    return tx.times();
  });
  await on.until(
    `a review after ${business}`,
    async () => (await rows(`select 1 from event where org = $1 and type = 'review.started' and business > $2`, [organization.id, business])).length > 0,
    60_000,
  );
});
