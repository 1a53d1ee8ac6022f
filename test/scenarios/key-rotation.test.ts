/** New keys in the middle of the work: what the old ones signed counts for as long as it was said, and what they sealed is read as before. */
import { chmodSync, cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { commitIntent, issueWarrant, perform } from '../../src/activities/act.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { noteKeys } from '../../src/activities/keys.ts';
import { judge } from '../../src/activities/judge.ts';
import { loadKeys, type Keys } from '../../src/adapters/host/keys.ts';
import type { Caller } from '../../src/client.ts';
import type { ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { billOf } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const HOUR_MS = 3_600_000;
const MINOR = 10_000;

let on: Stage;
let keys: Keys; // of this stage alone, as the command line opens them
beforeEach(async () => {
  const services = inject('services');
  const dataDir = mkdtempSync(join(services.dataDir, 'keys-'));
  chmodSync(dataDir, 0o755);
  cpSync(join(services.dataDir, 'keys'), join(dataDir, 'keys'), { recursive: true });
  on = await stage({ ...services, dataDir });
  keys = loadKeys(dataDir);
});
afterEach(() => on.close());

describe('a warrant that was signed before the rotation', () => {
  /** Permitted, with its warrant issued and not consumed. */
  async function permitted(): Promise<{ readonly id: ProposalId; readonly warrant: Awaited<ReturnType<typeof issueWarrant>> }> {
    await housekeeping(on.app.world, on.organization.id);
    const [invoice = ''] = await bills(on, 1, 1, MINOR);
    const id = await propose(on, invoice, MINOR);
    const step = await judge(on.app.world, on.organization.id, id, 1);
    if (step.next !== 'go') throw new Error(`it was to be permitted: ${step.next}`);
    return { id, warrant: await issueWarrant(on.app.world, on.organization.id, id, step.decision, 1) };
  }

  test('is accepted within the overlap', async () => {
    const { id, warrant } = await permitted();
    await keys.rotate(HOUR_MS, Date.now());
    expect(await commitIntent(on.app.world, on.organization.id, id, warrant)).toEqual({ state: 'committed' });
    expect(await perform(on.app.world, on.organization.id, id)).toBe('done');
  });
  test('was consumed before it too: what was begun is brought to its end, though the key is retired by then', async () => {
    const { id, warrant } = await permitted();
    expect(await commitIntent(on.app.world, on.organization.id, id, warrant)).toEqual({ state: 'committed' });
    const retired = Date.now() + 1;
    await keys.rotate(0, retired);
    while (Date.now() <= retired) await sleep(1);
    expect(await perform(on.app.world, on.organization.id, id)).toBe('done');
  });
  test('is refused after it, judged again, and done on a warrant of the new key', async () => {
    const { id, warrant } = await permitted();
    const [old] = (await keys.keys()).filter(({ purpose, inUse }) => purpose === 'warrants' && inUse);
    await keys.rotate(0, Date.now());
    expect(await commitIntent(on.app.world, on.organization.id, id, warrant)).toEqual({ state: 'stale' });
    expect(await on.rows('select 1 from intent where org = $1', [on.organization.id])).toEqual([]);
    const step = await judge(on.app.world, on.organization.id, id, 2);
    const anew = await issueWarrant(on.app.world, on.organization.id, id, step.next === 'go' ? step.decision : expect.fail(step.next), 2);
    expect(await commitIntent(on.app.world, on.organization.id, id, anew)).toEqual({ state: 'committed' });
    const [row] = await on.rows<{ jws: string }>('select jws from warrant where org = $1 and id = $2', [on.organization.id, anew]);
    const header: { kid: string } = JSON.parse(Buffer.from(row?.jws.split('.')[0] ?? '', 'base64url').toString());
    expect(header.kid).not.toBe(old?.kid);
    expect(await perform(on.app.world, on.organization.id, id)).toBe('done');
  });
});

describe('a vote that was cast before the rotation, of two that are needed', () => {
  const secondVote = async (overlapMs: number) => {
    await housekeeping(on.app.world, on.organization.id);
    const first = await on.worker();
    await reviewed(on, 'first');
    const { id } = await on.task(billOf('changed_account'));
    await on.app.client.decide(await on.person('clara'), { id, choice: 'approve', reason: '' });
    await keys.rotate(overlapMs, Date.now());
    const gone = new Promise((resolve) => first.once('exit', resolve));
    first.kill('SIGKILL'); // a restart in the middle: what Temporal holds was sealed before
    await gone;
    await on.worker();
    await on.app.client.decide(await on.person('emre'), { id, choice: 'approve', reason: '' });
    return id;
  };

  test('counts within the overlap, across a restart', async () => {
    const id = await secondVote(HOUR_MS);
    await on.until('it is paid', async () => (await on.app.client.task(operator, { id })).outcome === 'done');
  });
  test('counts no more without one: the person is told, and votes again', async () => {
    const id = await secondVote(0);
    const claras = async () => (await on.app.client.task(operator, { id })).votes.find(({ person }) => person === 'clara');
    await on.until('her vote is void', async () => (await claras())?.void != null);
    expect((await claras())?.void).toContain('the key that attested it is retired');
    expect((await on.app.client.task(operator, { id })).outcome).toBe(null);
    await on.app.client.decide(await on.person('clara'), { id, choice: 'approve', reason: '' });
    await on.until('it is paid', async () => (await on.app.client.task(operator, { id })).outcome === 'done');
  });
});

test('what was recorded under the old key of keys is read as before, and what is new is wrapped under the new one', async () => {
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  await reviewed(on, 'first');
  const { id } = await on.task(billOf('routine'));
  await keys.rotate(HOUR_MS, Date.now());
  const again = await on.startAgain(); // nothing of it is remembered there
  const says = (await again.client.why(operator, { id })).map((event) => event.says);
  expect(says).toContain('receipt: done');
  expect(says.some((one) => one.startsWith('finance-analyst proposed finance.pay_invoice'))).toBe(true);
  await again.world.keys.of(on.organization.id, ['person/somebody-new']);
  const wrapped = await on.rows<{ kek: string }>('select distinct kek from subject_key where org = $1', [on.organization.id]);
  expect(wrapped).toHaveLength(2);
});

test('a rotation is on record once, however many rounds of upkeep see it; the keys of the beginning are none', async () => {
  const rotations = () => on.rows(`select 1 from event where org = $1 and type = 'keys.rotated'`, [on.organization.id]);
  await noteKeys(on.app.world, on.organization.id);
  expect(await rotations()).toHaveLength(0);
  await keys.rotate(HOUR_MS, Date.parse('2026-05-04T08:00:00.000Z'));
  await Promise.all([1, 2, 3].map(() => noteKeys(on.app.world, on.organization.id)));
  expect(await rotations()).toHaveLength(1);
  const [said] = (await on.app.client.why(operator, { id: 'organization' })).filter(({ type }) => type === 'keys.rotated');
  expect(said?.says).toBe('new keys sign and seal since 2026-05-04T08:00:00.000Z; signatures of those before count until 2026-05-04T09:00:00.000Z');
});
