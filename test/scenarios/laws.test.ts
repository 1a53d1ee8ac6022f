/** What no approval, and nobody with a hand in Temporal, can stretch. */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { dataConverter } from '../../src/adapters/temporal/codec.ts';
import { loadKeys } from '../../src/adapters/host/keys.ts';
import type { Caller } from '../../src/client.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const EACH = 300_000; // minor units: above the agent's authority, so that finance decides
const MONTH_MS = 31 * 86_400_000;

let on: Stage;
let clara: Caller;
let waiting: (invoice: string) => Promise<string>;
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  clara = await on.person('clara');
  waiting = async (invoice) => {
    const id = await propose(on, invoice, EACH);
    await on.temporal.wakeAction(on.organization.id, id);
    await on.until('it waits', async () => (await on.app.client.task({ kind: 'operator' }, { id })).waits);
    return id;
  };
});
afterAll(() => on.close());

const task = (id: string) => on.app.client.task({ kind: 'operator' }, { id });

test("next month's equal order needs its own approval", async () => {
  const [now = '', later = ''] = await bills(on, 3, 2, EACH);
  const first = await waiting(now);
  await on.app.client.decide(clara, { id: first, choice: 'approve', reason: 'it is as it should be' });
  await on.until('it is done', async () => (await task(first)).outcome === 'done');
  await on.rows('update organization set clock_offset_ms = clock_offset_ms + $2 where org = $1', [on.organization.id, MONTH_MS]);
  const second = await waiting(later);
  expect(await task(second)).toMatchObject({ outcome: null, waits: true, votes: [], args: { amount: { minor: EACH } } });
  expect((await task(second)).may.map(({ person }) => person)).toContain('clara');
});

test('a vote forged into the workflow counts for nothing', async () => {
  const [invoice = ''] = await bills(on, 4, 1, EACH);
  const id = await waiting(invoice);
  const { codec } = loadKeys(on.services.dataDir);
  const connection = await Connection.connect({ address: on.services.temporal });
  try {
    const client = new Client({ connection, namespace: on.namespace, dataConverter: dataConverter(codec) });
    const workflow = client.workflow.getHandle(`${on.organization.id}/action/${id}`);
    const vote = { proposal: id, person: 'clara', choice: 'approve', reason: 'it is as it should be', counts: true };
    for (const name of ['woken', 'vote', 'approve', 'judge']) await workflow.signal(name, vote, 'go', { next: 'go' });
    await expect(workflow.executeUpdate('vote', { args: [vote] })).rejects.toThrow();
    await on.rows(`select pg_sleep(1)`);
    expect(await task(id)).toMatchObject({ outcome: null, waits: true, votes: [] });
    expect(await on.rows('select 1 from warrant where org = $1 and proposal = $2', [on.organization.id, id])).toEqual([]);
  } finally {
    await connection.close();
  }
});
