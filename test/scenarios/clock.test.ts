/** Days that pass: each with its cut-off, the bank's answer and the reviews of every domain; and what a halt keeps in the house. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { commitIntent, issueWarrant, perform } from '../../src/activities/act.ts';
import { stepClock } from '../../src/activities/clock.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import { deriveId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { isBankDay } from '../../src/domains/finance/bank-days.ts';
import { addDays, Instant, instant, LocalDate, localTime, millis } from '../../src/kernel/time.ts';
import { reviewed, stage, WORKSHOP, type Stage } from '../fixtures/stage.ts';

const DAY_MS = 86_400_000;

let on: Stage;
let johanna: Caller;
beforeAll(async () => {
  const once = (time: string) => ({ at: [time] }); // six days of the example's reviews take longer than a test may
  on = await stage(inject('services'), {
    change: (example) => ({ ...example, reviews: { finance: once('13:00'), operations: once('06:45'), compliance: once('08:00'), staffing: once('06:30') } }),
  });
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

test('each day has its cut-off and the reviews of every domain, and payments leave on days on which banks work', async () => {
  const [started, first] = [(await events('review.started')).length, await on.app.client.status(johanna, {})];
  const moved = await on.app.client.advance_clock(johanna, { ms: 6 * DAY_MS });
  expect(Date.parse(moved.business) - Date.parse(first.business)).toBeGreaterThanOrEqual(6 * DAY_MS);
  const reviews = (await events('review.started')).length - started;
  expect(reviews).toBeGreaterThanOrEqual(6 * first.domains.length);
  const files = (await sent()).filter(({ name }) => name.endsWith('.xml') && !name.startsWith('order-'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(({ day }) => !isBankDay(LocalDate.parse(day)))).toEqual([]);
}, 240_000);

const files = (folder: string, prefix: RegExp) =>
  readdirSync(join(on.dataDir, folder))
    .filter((name) => prefix.test(name))
    .map((name) => readFileSync(join(on.dataDir, folder, name), 'utf8'));
const dateOf = (at: Instant) => localTime(at, on.organization.zone).date;
const stamped = (xml: string) => Instant.parse(/<CreDtTm>(.*?)<\/CreDtTm>/.exec(xml)?.[1]);
const day = (xml: string, element: string) => LocalDate.parse(new RegExp(`<${element}>(?:<Dt>)?(\\d{4}-\\d\\d-\\d\\d)`).exec(xml)?.[1]);

test('no discounted payment executes after its discount', async () => {
  const discounted = await on.rows<{ invoice: string; executed: string; until: string }>(
    `select p.invoice, p.execute_on::text executed, i.discount_until::text until from payment p join invoice i on i.org = p.org and i.id = p.invoice
     where p.org = $1 and p.state in ('sent', 'paid') and p.minor = i.discount_minor`,
    [on.organization.id],
  );
  expect(discounted).toContainEqual({ invoice: 'S-004:LS-88204', executed: '2026-03-02', until: '2026-03-02' });
  expect(discounted.filter(({ executed, until }) => executed > until)).toEqual([]);
});

test('an order to the bank is written on the day on which it executes, after its cut-off', () => {
  const orders = files('outbox', /^\d{4}-.*xml$/);
  expect(orders.length).toBeGreaterThan(0);
  for (const order of orders) {
    expect(dateOf(stamped(order))).toBe(day(order, 'ReqdExctnDt'));
    expect(localTime(stamped(order), on.organization.zone)).toMatchObject({ hour: 15, minute: 0 });
  }
});

test('the statement of a day is written on the next, after all that it books had left', () => {
  const statements = files('inbox', /^bank-/);
  expect(statements.length).toBeGreaterThan(0);
  for (const statement of statements) {
    expect(dateOf(stamped(statement))).toBe(addDays(day(statement, 'ToDtTm'), 1));
    for (const [, key = ''] of statement.matchAll(/<EndToEndId>(prp-.*?)<\/EndToEndId>/g)) {
      const order = files('outbox', /^\d{4}-.*xml$/).find((one) => one.includes(key)) ?? '';
      expect(stamped(order) < stamped(statement), key).toBe(true);
    }
  }
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

test('a payment that a halt overtook is taken back before its cut-off, as an event with its causes', async () => {
  const alone = await stage(inject('services')); // no worker: the steps are taken here
  try {
    const { world, client } = alone.app;
    const org = alone.organization.id;
    await housekeeping(world, org);
    const [bill = ''] = await bills(alone, 1, 1, 10_000);
    const id = await propose(alone, bill, 10_000);
    const step = await judge(world, org, id, 1);
    expect(step.next).toBe('go');
    const warrant = await issueWarrant(world, org, id, step.next === 'go' ? step.decision : deriveId('dec', []), 1);
    expect(await commitIntent(world, org, id, warrant)).toEqual({ state: 'committed' });
    await client.halt(await alone.person('johanna'), { scope: { kind: 'organization' }, reason: 'stop it all' }); // the worker was away
    expect(await perform(world, org, id)).toBe('done'); // and comes back
    const { business } = await world.store.tx(org, (tx) => tx.times());
    await stepClock(world, org, { at: instant(millis(business) + DAY_MS), reviews: [] }, 'operator');
    expect(await alone.rows('select state, file from payment where org = $1', [org])).toEqual([{ state: 'withdrawn', file: null }]);
    expect(await alone.rows(`select state from reservation where org = $1 and proposal = $2 and state <> 'released'`, [org, id])).toEqual([]);
    const says = (await client.why({ kind: 'operator' }, { id })).map(({ type }) => type);
    expect(says).toEqual(expect.arrayContaining(['halt.set', 'receipt.given', 'payment.withdrawn']));
  } finally {
    await alone.close();
  }
});

test('an organization whose bank sends nothing back needs no `bank.yaml`; one that cannot be read is told before the clock is moved', async () => {
  const folder = mkdtempSync(join(on.dataDir, 'copy-'));
  cpSync(WORKSHOP, folder, { recursive: true });
  rmSync(join(folder, 'bank.yaml'));
  const other = await stage(inject('services'), { folder, change: (example) => ({ ...example, reviews: { finance: { at: ['13:00'] } } }) });
  try {
    await other.app.begin();
    await other.worker();
    const owner = await other.person('johanna');
    const now = async () => Date.parse((await other.app.client.status(owner, {})).business);
    const before = await now();
    await other.app.client.advance_clock(owner, { ms: DAY_MS });
    expect(await now()).toBeGreaterThanOrEqual(before + DAY_MS);

    const moved = await now();
    writeFileSync(join(folder, 'bank.yaml'), 'returns: [{ iban: nowhere }]');
    await expect(other.app.client.advance_clock(owner, { ms: DAY_MS })).rejects.toMatchObject({
      code: 'bank_invalid',
      message: expect.stringContaining('`bank.yaml` cannot be read') as string,
    });
    expect(await now()).toBeLessThan(moved + 60_000); // as the clock on the wall went
  } finally {
    await other.close();
  }
});
