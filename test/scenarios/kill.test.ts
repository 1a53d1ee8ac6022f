/** Whatever is killed on the way, each payment is made once. */
import { describe, expect, inject, test } from 'vitest';
import { stage, reviewed, type Stage } from '../fixtures/stage.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { plantedFor } from '../fixtures/planted.ts';

const EVENTS = ['proposal.made', 'decision.made', 'warrant.issued', 'intent.committed', 'receipt.given'] as const;
const HOUR = 3_600_000;
const points = EVENTS.flatMap((event) => (['before', 'after'] as const).map((when) => ({ event, when })));
const paid = plantedFor('finance-analyst')
  .filter(({ expect: what }) => what.startsWith('permit'))
  .map(({ subject }) => subject)
  .sort();

/** Every permitted invoice has one payment, one intent, one receipt, and money spent once. */
async function onceEach(on: Stage): Promise<void> {
  const payments = await on.rows<{ invoice: string }>(`select invoice from payment where org = $1 order by invoice collate "C"`, [on.organization.id]);
  expect(payments.map(({ invoice }) => invoice)).toEqual(paid);
  const [sums] = await on.rows<{ intents: number; receipts: number; done: number; open: number }>(
    `select (select count(*)::int from intent where org = $1) intents, (select count(*)::int from receipt where org = $1) receipts,
       (select count(*)::int from proposal where org = $1 and outcome = 'done') done, (select count(*)::int from reservation where org = $1 and state = 'reserved') open`,
    [on.organization.id],
  );
  expect(sums).toEqual({ intents: 12, receipts: 12, done: 12, open: 0 });
  const [money] = await on.rows<{ spent: string; paid: string }>(
    `select (select sum(minor)::text from reservation where org = $1 and kind = 'agent_day' and state = 'spent') spent, (select sum(minor)::text from payment where org = $1) paid`,
    [on.organization.id],
  );
  expect(money?.spent).toBe(money?.paid);
}

async function killedAndBack(killAt: { event: string; when: 'before' | 'after' }, skewMs: number): Promise<void> {
  const on = await stage(inject('services'));
  try {
    await housekeeping(on.app.world, on.organization.id);
    const mortal = await on.worker({ killAt });
    const died = new Promise<string | null>((resolve) => mortal.once('exit', (_code, signal) => resolve(signal)));
    await on.temporal.startReview(on.organization.id, 'finance', 'first');
    expect(await died).toBe('SIGKILL');
    await on.worker({ skewMs });
    await reviewed(on, 'first');
    await onceEach(on);
  } finally {
    await on.close();
  }
}

describe('a worker killed before and after each commit between proposal and receipt acts once', () => {
  test.concurrent.each(points)('$when $event', (point) => killedAndBack(point, 0), 120_000);
});

describe('also when it comes back an hour later', () => {
  test.concurrent.each(points.filter(({ event }) => event === 'warrant.issued' || event === 'intent.committed'))(
    '$when $event',
    (point) => killedAndBack(point, HOUR),
    120_000,
  );
});
