/** What was held is paid after all: a person asks for it, another one says yes, and then it goes its usual way. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const DUPLICATE = 'S-003:KR-20291';
const WRONG_SUMS = 'S-007:GP-3319';

let on: Stage;
let people: Record<'clara' | 'emre' | 'paul', Caller>;
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  people = { clara: await on.person('clara'), emre: await on.person('emre'), paul: await on.person('paul') };
});
afterAll(() => on.close());

const release = (by: Caller, invoice: string, message: string = randomUUID()) =>
  on.app.client.propose(by, { tool: 'finance.release_invoice', args: { invoice }, reason: 'the supplier explained it', message });
const outcome = async (id: string) => (await on.app.client.task({ kind: 'operator' }, { id })).outcome;
const proposalsFor = async (invoice: string, tool: string) =>
  (await on.tasks()).filter((task) => task.tool === tool && task.card.some(({ value }) => value === invoice));

test('who asks for a release does not vote on it; another one of finance does, and the bill is asked about as due, not held again', async () => {
  const asked = await on.app.client.propose(people.clara, {
    tool: 'finance.release_invoice',
    args: { invoice: DUPLICATE, reason: 'two deliveries, two bills' },
    reason: 'the supplier explained it',
    message: 'one',
  });
  await on.until('it waits', async () => (await on.app.client.task({ kind: 'operator' }, { id: asked.id })).waits);
  const task = await on.app.client.task({ kind: 'operator' }, { id: asked.id });
  expect(task.requester).toBe('clara');
  expect(task.card.find(({ label }) => label === 'Because')?.before).toMatch(/^held: /);
  await expect(on.app.client.decide(people.clara, { id: asked.id, choice: 'approve', reason: '' })).rejects.toThrow('nobody approves what they asked for');

  await on.app.client.decide(people.emre, { id: asked.id, choice: 'approve', reason: '' });
  await on.until('it is released', async () => (await outcome(asked.id)) === 'done');
  await reviewed(on, 'after the release');
  expect(await proposalsFor(DUPLICATE, 'finance.hold_invoice')).toHaveLength(1); // the first, which held it
  const state = await on.rows<{ state: string; released: boolean }>('select state, released from invoice where org = $1 and id = $2', [
    on.organization.id,
    DUPLICATE,
  ]);
  expect(state).toEqual([{ state: expect.stringMatching(/open|instructed/) as string, released: true }]);
});

test('the same message again proposes nothing anew; another wish under it is refused', async () => {
  const given = { tool: 'finance.release_invoice', args: { invoice: WRONG_SUMS, reason: 'it is only a cent' }, reason: 'it is only a cent', message: 'two' };
  const first = await on.app.client.propose(people.clara, given);
  expect((await on.app.client.propose(people.clara, given)).id).toBe(first.id);
  await expect(on.app.client.propose(people.clara, { ...given, reason: 'something else' })).rejects.toMatchObject({ code: 'key_reused' });
});

test('a bill that does not add up is released by nobody', async () => {
  const [task] = await proposalsFor(WRONG_SUMS, 'finance.release_invoice');
  await on.until('it is denied', async () => (await outcome(task?.id ?? '')) === 'denied');
});

test('what the arguments lack is said, and nothing is proposed', async () => {
  await expect(release(people.paul, DUPLICATE)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('`reason`') as string });
  await expect(on.app.client.propose(people.paul, { tool: 'finance.release', args: {}, reason: 'because', message: 'x' })).rejects.toMatchObject({
    code: 'tool_unknown',
  });
});
