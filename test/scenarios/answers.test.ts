/** What a tool offers besides approving and declining is what people get, whichever way they ask for it. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { answersOf } from '../../src/activities/answers.ts';
import { bind } from '../../src/binding.ts';
import type { Caller } from '../../src/client.ts';
import { compile, type Bundle } from '../../src/gate/constitution.ts';
import { ToolName } from '../../src/kernel/ids.ts';
import type { Answer } from '../../src/kernel/nouns.ts';
import { boundDomains } from '../../src/registry.generated.ts';
import { billOf } from '../fixtures/planted.ts';
import { baseBundle } from '../fixtures/constitution.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const PAY = ToolName.parse('finance.pay_invoice');
let on: Stage;
let people: Record<'clara' | 'emre', Caller>;
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
  people = { clara: await on.person('clara'), emre: await on.person('emre') };
}, 180_000);
afterAll(() => on.close());

test('an edit of what its tool offers no edit for is refused, says what is offered, and changes nothing', async () => {
  const args = { invoice: billOf('duplicate'), reason: 'two deliveries, two bills' };
  const { id } = await on.app.client.propose(people.clara, { tool: 'finance.release_invoice', args, reason: 'they explained it', message: 'release' });
  await on.until('it waits', async () => (await on.app.client.task(operator, { id })).waits);
  await expect(on.app.client.edit(people.emre, { id, args: { ...args, reason: 'another reason' }, reason: 'in my own words' })).rejects.toMatchObject({
    code: 'not_offered',
    message: expect.stringContaining('`finance.release_invoice` cannot be edited; it offers approve, decline, respond') as string,
  });
  expect(await on.app.client.task(operator, { id })).toMatchObject({ outcome: null, waits: true, votes: [], answers: ['respond'] });
});

test('a question back about what its tool offers none for is refused, and asks nobody', async () => {
  const [paid] = await on.rows<{ key: string }>(`select key from payment where org = $1 and state = 'instructed' order by key limit 1`, [on.organization.id]);
  const args = { payment: paid?.key ?? '', reason: 'the goods went back' };
  const { id } = await on.app.client.propose(people.clara, { tool: 'finance.withdraw_payment', args, reason: 'the goods went back', message: 'back' });
  const turns = () => on.rows('select id from turn where org = $1', [on.organization.id]);
  const before = await turns();
  await expect(on.app.client.respond(people.clara, { id, text: 'why?', message: 'one' })).rejects.toMatchObject({
    code: 'not_offered',
    message: expect.stringContaining('it offers approve, decline.') as string,
  });
  expect(await turns()).toEqual(before);
});

test('what is offered is asked and answered; the same message again is one question', async () => {
  const task = (await on.tasks()).find(({ waits, tool }) => waits && tool === PAY) ?? expect.fail('nothing waits');
  expect(task.answers).toEqual(['edit', 'respond']);
  const { turn } = await on.app.client.respond(people.clara, { id: task.id, text: 'what is due?', message: 'two' });
  expect((await on.app.client.respond(people.clara, { id: task.id, text: 'what is due?', message: 'two' })).turn).toBe(turn);
  await on.until('it is answered', async () => (await on.app.client.answer(people.clara, { turn })).state === 'answered');
  const { turn: open } = await on.app.client.respond(people.clara, { id: task.id, text: 'is this one sound?', message: 'three' });
  await on.until('it is answered', async () => (await on.app.client.answer(people.clara, { turn: open })).state === 'answered');
  const { answer } = await on.app.client.answer(people.clara, { turn: open });
  expect(answer).toContain(`On record: ${task.card.map(({ label, value }) => `${label} ${value}`).join('; ')}.`); // no routine knows: what is on record is said
  expect(answer).toContain('I run without a model');
});

const writes = new Map(boundDomains(bind).flatMap((domain) => domain.writes.map((bound) => [bound.tool.name, bound] as const)));
const ratifiedWith = (answers: readonly Answer[] | undefined): Bundle => ({
  ...baseBundle(),
  tools: baseBundle().tools.map(({ answers: declared, ...tool }) => (declared && answers ? { ...tool, answers: [...answers] } : tool)),
});
const offered = (bundle: Bundle, tool: string) => answersOf({ writes, constitution: () => compile(bundle) }, on.organization.id, tool);

test('code offers nothing that was not ratified, and takes away at once', () => {
  const hold = 'finance.hold_invoice'; // declares a question back alone
  const said: readonly (readonly Answer[])[] = [[], ['edit'], ['edit', 'respond']];
  expect(said.map((answers) => offered(ratifiedWith(answers), hold))).toEqual([[], [], ['respond']]);
  expect(offered(ratifiedWith(undefined), hold)).toEqual(['respond']); // ratified before tools said so
  expect(offered(baseBundle(), 'finance.no_such_tool')).toEqual([]);
});

test('what people may answer is ratified, and voids nobody’s vote: no verdict hangs on it', () => {
  const [without, all] = [compile(ratifiedWith([])), compile(ratifiedWith(['edit', 'respond']))];
  expect(without.digest).not.toBe(all.digest);
  expect(without.slice(PAY)).toBe(all.slice(PAY));
});

test('every tool says what it offers; what names one exact thing is not edited into another', () => {
  const editable = [...writes.values()].filter(({ tool }) => tool.answers.includes('edit')).map(({ tool }) => tool.name);
  expect(editable.sort()).toEqual([
    'compliance.file_evidence',
    'compliance.open_task',
    'finance.pay_invoice',
    'operations.book_maintenance',
    'operations.reorder_stock',
    'staffing.assign_shift',
    'staffing.decide_leave',
  ]);
});
