/** Whatever is killed on the way, each payment is made once. */
import { describe, expect, inject, test } from 'vitest';
import { stage, reviewed, type Stage } from '../fixtures/stage.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { bills, propose } from '../fixtures/bills.ts';
import type { ProposalId } from '../../src/kernel/ids.ts';
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

async function killedAndBack(killAt: { event: string; when: 'before' | 'after' }): Promise<void> {
  const on = await stage(inject('services'));
  try {
    await housekeeping(on.app.world, on.organization.id);
    const mortal = await on.worker({ killAt });
    const died = new Promise<string | null>((resolve) => mortal.once('exit', (_code, signal) => resolve(signal)));
    await on.temporal.startReview(on.organization.id, 'finance', 'first');
    expect(await died).toBe('SIGKILL');
    await on.worker({ skewMs: HOUR });
    await reviewed(on, 'first');
    await onceEach(on);
  } finally {
    await on.close();
  }
}

describe('a worker killed before and after each commit between proposal and receipt acts once, though it comes back an hour later', () => {
  test.concurrent.each(points)('$when $event', (point) => killedAndBack(point), 120_000);
});

const EACH = 300_000; // minor units: above the agent's authority, so that finance decides

/** A worker that dies at its point after the vote, one payment after the other; the last one lives, and everything left is done. */
async function killedAfterVotes(): Promise<void> {
  const on = await stage(inject('services'), {
    change: (files) => ({ ...files, finance: { ...files.finance, budgets: files.finance.budgets.map((line) => ({ ...line, month: '900000.00' })) } }),
  }); // no owner is needed besides
  const deaths = points.filter(({ event }) => event !== 'proposal.made');
  try {
    await housekeeping(on.app.world, on.organization.id);
    const ids: ProposalId[] = [];
    for (const invoice of await bills(on, 2, deaths.length, EACH)) ids.push(await propose(on, invoice, EACH));
    const first = await on.worker();
    for (const id of ids) await on.temporal.wakeAction(on.organization.id, id);
    await on.until('all wait for finance', async () => (await on.tasks()).filter(({ waits }) => waits).length === ids.length);
    first.kill('SIGKILL');
    const clara = await on.person('clara');
    for (const [n, id] of ids.entries()) {
      const killAt = deaths[n];
      const mortal = await on.worker(killAt && { killAt });
      const died = new Promise<string | null>((resolve) => mortal.once('exit', (_code, signal) => resolve(signal)));
      expect(await on.app.client.decide(clara, { id, choice: 'approve', reason: 'it is as it should be' })).toMatchObject({ counted: true });
      expect(await died, `${killAt?.when} ${killAt?.event}`).toBe('SIGKILL');
    }
    await on.worker();
    await on.until('all are done', async () => (await on.tasks()).every(({ outcome }) => outcome === 'done'));
    const paid = await on.rows<{ key: string }>(`select key from payment where org = $1 and minor = $2 order by key`, [on.organization.id, EACH]);
    expect(paid.map(({ key }) => key)).toEqual([...ids].sort());
    const [sums] = await on.rows(
      `select (select count(*)::int from receipt where org = $1) receipts, (select count(*)::int from reservation where org = $1 and state = 'reserved') open`,
      [on.organization.id],
    );
    expect(sums).toEqual({ receipts: deaths.length, open: 0 });
  } finally {
    await on.close();
  }
}

test.concurrent('a worker killed before and after each commit between the vote and the receipt, and back at once, acts once', killedAfterVotes, 300_000);
