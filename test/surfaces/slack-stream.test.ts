/** An answer is read in Slack while a scripted model writes it, and as far as the gate lets it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { deriveId } from '../../src/kernel/ids.ts';
import { mention, type Said } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

const WORDS = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ');
const OTHERWISE = WORDS.replaceAll('word', 'other');
const SLOWLY = { latency: 300, chunkSize: 40 }; // some seven pieces, two seconds
const mock = new LLMock({ port: 0 });
const reads = { toolCalls: [{ name: 'finance__list_payments', arguments: '{"state":"paid"}' }] };
const looks = { toolCalls: [{ name: 'operations__list_machines', arguments: '{}' }] };

const ahead = { ms: 0 }; // of the real clock
let at: SlackStage;
beforeAll(async () => {
  mock.addFixture({ match: { userMessage: 'tell me slowly' }, response: { content: WORDS }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'what was paid', hasToolResult: true }, response: { content: `Confidential: ${WORDS}` }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'what was paid' }, response: { content: 'Let me look that up.', ...reads }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'which machines', hasToolResult: true }, response: { content: WORDS }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'which machines' }, response: { content: 'Let me see.', ...looks }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'tell me otherwise', sequenceIndex: 0 }, response: { content: WORDS }, ...SLOWLY });
  mock.addFixture({ match: { userMessage: 'tell me otherwise' }, response: { content: OTHERWISE }, ...SLOWLY });
  await mock.start();
  at = await slackStage(inject('services'), { review: false, modelUrl: mock.url, now: () => Date.now() + ahead.ms });
  await at.link('greta', 'UGRETA');
  await at.link('clara', 'UCLARA');
}, 120_000);
afterAll(async () => {
  await at.close();
  await mock.stop();
});

let events = 500;
/** Asks in a thread of its own. @returns the thread */
async function ask(user: string, text: string): Promise<string> {
  const id = `Ev${(events += 1)}`;
  await at.slack.send(fresh(), 'events_api', mention(id, user, text));
  return `1700000${id.slice(2)}.000100`;
}
const inThread = (thread: string): readonly Said[] => at.slack.in('C1').filter((one) => one.thread === thread);
const until = async (what: string, thread: string, holds: (said: Said | undefined) => boolean): Promise<Said> => {
  let found: Said | undefined;
  await at.on.until(what, () => Promise.resolve(holds((found = inThread(thread)[0]))));
  return found ?? expect.fail(what);
};
const state = async (thread: string) =>
  (
    await at.on.rows<{ state: string }>(`select t.state from turn t join slack_turn s on s.org = t.org and s.turn = t.id where t.org = $1 and s.thread = $2`, [
      at.on.organization.id,
      thread,
    ])
  )[0]?.state;
const judged = () => at.on.rows<{ id: string }>(`select id from event where org = $1 and type = 'message.judged' order by position`, [at.on.organization.id]);

test('its first words are there while the model writes the rest; judged and on file before, and the whole is there once', async () => {
  const before = (await judged()).length;
  const thread = await ask('UGRETA', 'operations: tell me slowly');
  const first = await until('its first words', thread, (said) => said !== undefined);
  expect([first.state, first.text.startsWith('word0')]).toEqual(['streaming', true]);
  expect(first.text).not.toContain('word39');
  expect(await state(thread)).toBe('waiting'); // the turn is not answered yet
  expect((await judged()).length).toBe(before + 1);
  const whole = await until('the whole', thread, (said) => said?.state === 'streamed');
  expect([whole.text, inThread(thread).length]).toEqual([WORDS, 1]);
  const called = at.slack.calls.filter(({ method, body }) => /Stream/.test(method) && (body['ts'] === whole.ts || body['thread_ts'] === thread));
  expect(called.filter(({ method }) => method === 'chat.appendStream').length).toBeGreaterThan(1);
  expect(called.filter(({ method }) => method === 'chat.startStream')).toHaveLength(1);
  expect((await judged()).length).toBe(before + 2); // its beginning, several times a second, and the whole
});

test('what the model says before it reads stands before its answer', async () => {
  const thread = await ask('UGRETA', 'operations: which machines are there?');
  const whole = await until('the whole', thread, (said) => said?.state === 'streamed');
  expect(whole.text).toBe(`Let me see.\n\n${WORDS}`);
});

test('once it has read what the channel may not hear, no word of it goes there', async () => {
  const thread = await ask('UCLARA', 'finance: what was paid?');
  await at.on.until(
    'clara is answered alone',
    () => Promise.resolve(at.slack.in('UCLARA').some(({ text, blocks }) => `${text}${blocks}`.includes('word39'))),
    20_000,
  );
  const there = await until('the channel is told', thread, (said) => `${said?.text}${said?.blocks}`.includes('answered you directly'));
  expect(inThread(thread)).toEqual([there]);
  const sent = JSON.stringify(at.slack.calls.filter(({ body }) => body['channel'] === 'C1' && (body['thread_ts'] === thread || body['ts'] === there.ts)));
  expect(sent).toContain('Let me look that up.');
  expect(sent).not.toContain('Confidential');
});

test('a guest who joins while it is written hears no more of it', async () => {
  at.slack.users.set('UVISITOR', { is_restricted: true });
  const thread = await ask('UGRETA', 'operations: tell me slowly, with a guest');
  await until('its first words', thread, (said) => said !== undefined);
  at.slack.readers.set('C1', ['UGRETA', 'UVISITOR']);
  ahead.ms += 61_000; // who reads along is believed for a minute
  const there = await until('the channel is told', thread, (said) => `${said?.text}${said?.blocks}`.includes('answered you directly'));
  expect(inThread(thread)).toEqual([there]);
  await at.on.until('greta is answered alone', () => Promise.resolve(at.slack.in('UGRETA').some(({ blocks, text }) => `${text}${blocks}`.includes('word39'))));
  const sent = at.slack.calls.filter(({ body }) => body['ts'] === there.ts || body['thread_ts'] === thread);
  expect(JSON.stringify(sent)).not.toContain('word39');
  at.slack.readers.delete('C1');
  ahead.ms += 61_000;
});

test('a halt ends it in the middle, and says so in its place', async () => {
  const thread = await ask('UGRETA', 'operations: tell me slowly, and then no more');
  await until('its first words', thread, (said) => said !== undefined);
  const johanna = await at.on.person('johanna');
  await at.on.app.client.halt(johanna, { scope: { kind: 'organization' }, reason: 'a drill for everybody' });
  const there = await until('told', thread, (said) => /I may not send my answer here.*halt/is.test(`${said?.text}${said?.blocks}`));
  expect(inThread(thread)).toEqual([there]);
  await at.on.app.client.resume(johanna, { scope: { kind: 'organization' }, reason: 'the drill is over' });
});

test('where nobody knows what Slack took of it, the whole is put in its place, once', async () => {
  at.slack.fail('chat.appendStream', 'lost');
  const thread = await ask('UGRETA', 'operations: tell me slowly once more');
  const whole = await until('the whole', thread, (said) => said?.blocks.includes('word39') === true);
  expect(inThread(thread)).toEqual([whole]);
  expect(whole.blocks.match(/word7\b/g)).toHaveLength(1);
});

test('where Slack does not stream, it is posted when it is whole', async () => {
  at.slack.streams = false;
  const thread = await ask('UGRETA', 'operations: tell me slowly without a stream');
  const whole = await until('the whole', thread, (said) => said !== undefined);
  expect([whole.state, whole.blocks.includes('word39'), inThread(thread).length]).toEqual(['posted', true, 1]);
  at.slack.streams = true;
});

test('a worker that is killed in the middle: each answer comes once and whole, whether the model says the same again or not', async () => {
  const [same, other] = [await ask('UGRETA', 'operations: tell me slowly, whatever ends'), await ask('UCLARA', 'operations: tell me otherwise')];
  const begun = await Promise.all([same, other].map((thread) => until('its first words', thread, (said) => said?.state === 'streaming')));
  const asked = mock.getRequests().length;
  at.worker.kill('SIGKILL');
  expect([await state(same), await state(other), begun.some(({ text }) => text.includes('word39'))]).toEqual(['waiting', 'waiting', false]);
  await at.on.worker({ modelUrl: mock.url });
  const whole = await until('the same whole', same, (said) => said?.state === 'streamed' && said.text.includes('word39'));
  const replaced = await until('the other whole', other, (said) => said?.blocks.includes('other39') === true);
  expect([whole.text, replaced.blocks.includes('word'), replaced.blocks.match(/other7\b/g)?.length]).toEqual([WORDS, false, 1]);
  expect(mock.getRequests().length - asked).toBe(2); // each is taken once more, and no more
  await at.on.until('both are kept', async () => [await state(same), await state(other)].every((one) => one === 'answered'));
  await sleep(1_500); // whatever would be said a second time
  expect([inThread(same), inThread(other)].map((said) => said.map((one) => one.state))).toEqual([['streamed'], ['streamed']]);
  for (const thread of [same, other]) expect(await answered(thread), thread).toEqual(['turn.answered', 'turn.received']);
}, 90_000);

/** The events of the turns that were heard in a thread. */
async function answered(thread: string): Promise<readonly string[]> {
  const turns = await at.on.rows<{ turn: string }>('select turn from slack_turn where org = $1 and thread = $2', [at.on.organization.id, thread]);
  const events = await at.on.rows<{ type: string }>(`select type from event where org = $1 and type like 'turn.%' and correlation = any($2) order by type`, [
    at.on.organization.id,
    turns.map(({ turn }) => deriveId('ask', [at.on.organization.id, turn])),
  ]);
  return events.map(({ type }) => type);
}
