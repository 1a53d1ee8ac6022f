/** However often somebody knocks: one question, one decision on file, and it is still there to be answered. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import type { Caller } from '../../src/client.ts';
import { billOf } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const WAKES = 120; // more than two histories hold

let on: Stage;
let clara: Caller;
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  await reviewed(on, 'first');
  clara = await on.person('clara');
});
afterAll(() => on.close());

const decisions = async (id: string) =>
  (await on.rows<{ n: number }>('select count(*)::int n from decision where org = $1 and proposal = $2', [on.organization.id, id]))[0]?.n;
const rounds = async (id: string) =>
  (await on.rows<{ n: number }>(`select count(*)::int n from stage where org = $1 and starts_with(key, $2)`, [on.organization.id, `judge/${id}/`]))[0]?.n ?? 0;

test('a task that is woken without end keeps its one decision, and is done once it is approved', async () => {
  const task = await on.task(billOf('over_authority'));
  const before = await decisions(task.id);
  for (let n = 0; n < WAKES; n++) {
    const had = await rounds(task.id);
    await on.temporal.wakeAction(on.organization.id, task.id);
    await on.until('it was judged', async () => (await rounds(task.id)) > had);
  }
  expect(await decisions(task.id)).toBe(before);
  await on.app.client.decide(clara, { id: task.id, choice: 'approve', reason: 'it is as it should be' });
  await on.until('it is done', async () => (await on.task(billOf('over_authority'))).outcome === 'done');
}, 120_000);

test('the same word again wakes nobody', async () => {
  const task = await on.task(billOf('changed_account'));
  const say = () => on.app.client.decide(clara, { id: task.id, choice: 'approve', reason: 'it is as it should be' });
  const had = await rounds(task.id);
  await say();
  await on.until('it was judged', async () => (await rounds(task.id)) > had);
  const heard = await rounds(task.id);
  for (let n = 0; n < 20; n++) expect(await say()).toMatchObject({ counted: true });
  await on.app.client.decide(await on.person('emre'), { id: task.id, choice: 'approve', reason: 'it is as it should be' });
  await on.until('it is done', async () => (await on.task(billOf('changed_account'))).outcome === 'done');
  expect((await rounds(task.id)) - heard).toBe(1); // the second vote's
});
