/** Guards that nothing else would miss: each test fails where its guard is taken away. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { commitIntent, issueWarrant } from '../../src/activities/act.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Caller } from '../../src/client.ts';
import { digest } from '../../src/kernel/digest.ts';
import type { ProposalId, WarrantId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let people: Record<'clara' | 'emre' | 'greta' | 'johanna', Caller>;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  people = { clara: await on.person('clara'), emre: await on.person('emre'), greta: await on.person('greta'), johanna: await on.person('johanna') };
});
afterAll(() => on.close());

describe('a turn', () => {
  const ask = async (by: Caller, message: string, text: string) =>
    (await on.app.client.ask(by, { text, agent: 'finance-analyst', conversation: 'c', message })).turn;
  test('is its own person’s to read', async () => {
    const turn = await ask(people.clara, 'mine', 'what is due?');
    expect(await on.app.client.answer(people.clara, { turn })).toMatchObject({ state: 'waiting' });
    for (const other of [people.emre, people.johanna]) await expect(on.app.client.answer(other, { turn })).rejects.toMatchObject({ code: 'turn_unknown' });
  });
  test('of two people who number their messages alike is two', async () => {
    const turns = [await ask(people.clara, '1', 'the one of clara'), await ask(people.emre, '1', 'the one of emre')];
    expect(new Set(turns).size).toBe(2);
    const kept = await on.rows<{ person: string; content: string }>('select person, content from turn where org = $1 and id = any($2) order by person', [
      on.organization.id,
      turns,
    ]);
    expect(kept).toEqual([
      { person: 'clara', content: 'the one of clara' },
      { person: 'emre', content: 'the one of emre' },
    ]);
  });
});

test('only an owner ratifies, and only what is put to the vote', async () => {
  await expect(on.app.client.ratify(people.clara, {})).rejects.toMatchObject({ code: 'role_missing' });
  await expect(on.app.client.ratify(people.johanna, {})).rejects.toMatchObject({ code: 'amendment_missing' });
});

test('a task is named by what it begins with, and by no pattern', async () => {
  const [invoice = ''] = await bills(on, 1, 1, 10_000);
  const id = await propose(on, invoice, 10_000);
  expect(await on.app.client.task(operator, { id: id.slice(0, 12) })).toMatchObject({ id });
  expect(await on.app.client.task(operator, { id: id.slice(4, 12) })).toMatchObject({ id });
  for (const pattern of ['%%%', 'prp-%', 'prp-___', `${id.slice(0, -1)}_`, `prp-%${id.slice(-4)}`])
    await expect(on.app.client.task(operator, { id: pattern }), pattern).rejects.toMatchObject({ code: 'task_unknown' });
  for (const pattern of ['%', 'evt-%', '_vt-_'])
    await expect(on.app.client.why(operator, { id: pattern }), pattern).rejects.toMatchObject({ code: 'record_unknown' });
});

describe('a warrant', () => {
  let batch = 2;
  async function warranted(): Promise<readonly [ProposalId, WarrantId]> {
    const [invoice = ''] = await bills(on, batch++, 1, 10_000);
    const id = await propose(on, invoice, 10_000);
    const step = await judge(on.app.world, on.organization.id, id, 1);
    if (step.next !== 'go') throw new Error(JSON.stringify(step));
    return [id, await issueWarrant(on.app.world, on.organization.id, id, step.decision, 1)];
  }
  const commit = ([id, warrant]: readonly [ProposalId, WarrantId]) => commitIntent(on.app.world, on.organization.id, id, warrant);

  test('begins what nothing speaks against', async () => expect(await commit(await warranted())).toEqual({ state: 'committed' }));
  test('of another constitution than the one in force begins nothing', async () => {
    const issued = await warranted();
    const [row] = await on.rows<{ constitution: string }>('select constitution from organization where org = $1', [on.organization.id]);
    await on.rows('update organization set constitution = $2 where org = $1', [on.organization.id, digest('another')]);
    expect(await commit(issued)).toEqual({ state: 'stale' });
    await on.rows('update organization set constitution = $2 where org = $1', [on.organization.id, row?.constitution]);
    expect(await commit(issued)).toEqual({ state: 'committed' });
  });
  test.each(['organization', 'domain/finance', 'agent/finance-analyst'])('begins nothing that was halted since: %s', async (scope) => {
    const issued = await warranted();
    await on.rows('update halt set halted = true where org = $1 and scope = $2', [on.organization.id, scope]);
    expect(await commit(issued)).toEqual({ state: 'closed', outcome: 'halted' });
    await on.rows('update halt set halted = false where org = $1 and scope = $2', [on.organization.id, scope]);
  });
  test('begins nothing where nobody can tell whether it is halted', async () => {
    const issued = await warranted();
    await on.rows(`delete from halt where org = $1 and scope = 'domain/finance'`, [on.organization.id]);
    expect(await commit(issued)).toEqual({ state: 'closed', outcome: 'halted' });
    await on.rows(`insert into halt (org, scope, halted, by_person, reason, at) values ($1, 'domain/finance', false, 'operator', '', now())`, [
      on.organization.id,
    ]);
  });
});

test('who votes once the votes are enough, and before it is done, is told who decided', async () => {
  const [invoice = ''] = await bills(on, 9, 1, 250_000);
  const id = await propose(on, invoice, 250_000);
  await judge(on.app.world, on.organization.id, id, 1);
  await on.app.client.decide(people.clara, { id, choice: 'approve', reason: '' });
  expect(await judge(on.app.world, on.organization.id, id, 2)).toMatchObject({ next: 'go' });
  const late = await on.app.client.decide(people.emre, { id, choice: 'decline', reason: 'it came broken' });
  expect(late).toMatchObject({ counted: false, message: 'It is already being carried out, decided by clara.' });
});

test('an edit voids the votes on what it replaces, and says so', async () => {
  const [invoice = ''] = await bills(on, 8, 1, 1_100_000);
  const id = await propose(on, invoice, 1_100_000);
  await judge(on.app.world, on.organization.id, id, 1);
  await on.app.client.decide(people.johanna, { id, choice: 'approve', reason: '' });
  const { args } = await on.app.client.task(operator, { id });
  await on.app.client.edit(people.clara, { id, args: { ...args, amount: { minor: 1_090_000, currency: 'EUR' } }, reason: 'less a discount' });
  const { votes, outcome } = await on.app.client.task(operator, { id });
  expect({ votes, outcome }).toMatchObject({ outcome: 'edited', votes: [{ person: 'johanna', void: 'clara edited what was asked' }] });
  const [voided] = await on.rows<{ id: string }>(`select id from event where org = $1 and type = 'vote.voided'`, [on.organization.id]);
  const says = (await on.app.client.why(operator, { id: voided?.id ?? '' })).map((event) => event.says);
  expect(says).toContain('the vote of johanna became void: clara edited what was asked');
});

describe('a file that came in', () => {
  const hand = async (by: Caller, text: string) =>
    (await on.app.client.add_records(by, { files: [{ name: `${randomUUID()}.txt`, base64: Buffer.from(text).toString('base64') }] }))[0];
  const actor = async (digestOfFile: string | undefined) => {
    const events = await on.app.client.why(operator, { id: digestOfFile?.slice(0, 16) ?? '' });
    return events.map(({ says }) => says);
  };
  test.each([
    ['a person', 'greta', () => people.greta],
    ['the operator', 'operator', () => operator],
  ] as const)('keeps who handed it in: %s', async (_who, name, by) => {
    const row = await hand(by(), `a text of ${name} that nobody recognises`);
    expect(row).toMatchObject({ filedBy: name });
    expect((await actor(row?.id)).join()).toContain(`came in from ${name}`);
    expect((await hand(people.emre, `a text of ${name} that nobody recognises`))?.filedBy).toBe(name); // the same bytes again change nothing
  });
  test('or that it lay in the folder', async () => {
    const rows = await on.app.client.records(operator, { state: 'filed' });
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows.map(({ filedBy }) => filedBy))).toEqual(new Set(['folder']));
  });
});
