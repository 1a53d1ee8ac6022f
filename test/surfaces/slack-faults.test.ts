/** Slack that is down, slow or overrun, and rows that cannot be kept: nothing is lost, and nothing is said twice. */
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Store } from '../../src/activities/ports.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { addDays, Instant, instantAt, localTime } from '../../src/kernel/time.ts';
import { direct, mention, press, submit, type Body } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

const database = { down: false, slowMs: 0 };
const around = (store: Store): Store => ({
  async tx(org, work) {
    if (database.down) throw new Error('the database is down');
    return store.tx(org, work);
  },
});

let at: SlackStage;
const ahead = { ms: 0 }; // of the real clock
beforeEach(async () => {
  ahead.ms = 0;
  at = await slackStage(inject('services'), { review: false, around, now: () => Date.now() + ahead.ms });
  await at.link('greta', 'UGRETA');
  await at.on.until('the welcome', () => Promise.resolve(at.slack.in('UGRETA').length === 1));
});
afterEach(async () => {
  database.down = false;
  await at.close();
});

const say = (body: Body, limitMs?: number) => at.slack.send(fresh(), 'events_api', body, limitMs);
const ask = (id: string) => mention(id, 'UGRETA', 'operations: which machines are there?');
const answers = (id: string) => at.slack.in('C1').filter(({ thread }) => thread === `1700000${id.slice(2)}.000100`);
const settled = (state: string, n: number) => async () => (await at.on.app.client.slack_status({ kind: 'operator' }, {})).messages[state] === n;
const kept = () => at.on.rows<{ event: string }>('select event from slack_heard where org = $1', [at.on.organization.id]);
const asked = (since: number) => at.slack.calls.slice(since).flatMap(({ method, at: when }) => (method === 'users.info' ? [when] : []));
const turns = () => at.on.rows<{ id: string }>('select id from turn where org = $1', [at.on.organization.id]);

test('where a turn cannot be kept it is not acknowledged, and heard when Slack says it again', async () => {
  database.down = true;
  expect(await say(ask('Ev601'), 1_500)).toBeUndefined();
  database.down = false;
  expect(await turns()).toEqual([]);
  expect(await say(ask('Ev601'))).toBeDefined();
  await at.settled();
  expect(await turns()).toHaveLength(1);
});

test.each([
  { what: 'answers with an error', fault: { status: 500 }, leastMs: 900 },
  { what: 'is not there', fault: 'down', leastMs: 900 },
  { what: 'wants to hear nothing', fault: { status: 429, headers: { 'retry-after': '2' }, error: 'ratelimited' }, leastMs: 2_000 },
] as const)(
  'where Slack $what and nobody knows who speaks, it is acknowledged; nothing is done before that is known, and then once',
  async ({ fault, leastMs }) => {
    await at.again(); // it knows nobody any more
    at.slack.users.set('UOTHER', { is_restricted: true });
    const before = at.slack.calls.length;
    at.slack.fail('users.info', fault);
    expect(await say(ask('Ev602'))).toBeDefined();
    await at.on.until('Slack was asked', () => Promise.resolve(asked(before).length === 1));
    expect(await say(ask('Ev602'))).toBeDefined(); // Slack may say it again
    expect([await turns(), await kept(), at.slack.in('C1')]).toEqual([[], [{ event: 'Ev602' }], []]);
    if (leastMs > 1_000) expect(await say(mention('Ev603', 'UOTHER', 'operations: which machines are there?'))).toBeDefined();
    await at.on.until('it is answered', () => Promise.resolve(answers('Ev602').length === 1));
    const [first = 0, second = 0] = asked(before);
    expect(second - first).toBeGreaterThanOrEqual(leastMs);
    expect(await turns()).toHaveLength(1);
    if (leastMs > 1_000)
      await at.on.until('a guest is told', () => Promise.resolve(answers('Ev603').some(({ text }) => text.includes('Guests have no authority'))));
  },
);

test('a press of somebody of whom Slack says nothing just then does nothing, and says so', async () => {
  await at.again();
  at.slack.fail('users.info', { status: 500 });
  const value = JSON.stringify({ id: 'prp-nothing', seen: 'a'.repeat(64) });
  expect(await at.slack.send(fresh(), 'interactive', press('UGRETA', 'charter_approve', value))).toBeDefined();
  await at.on.until('greta is told', () => Promise.resolve(at.slack.whispers.length === 1));
  expect(at.slack.whispers[0]?.text).toMatch(/does not say just now who you are, so nothing was done/);
});

test('a press and a form of a linked account that became a guest, a program, deactivated or of another organization are nobody’s', async () => {
  const value = JSON.stringify({ id: 'prp-nothing', seen: 'a'.repeat(64) });
  const told = async () => {
    const before = at.slack.whispers.length;
    expect(await at.slack.send(fresh(), 'interactive', press('UGRETA', 'charter_approve', value))).toBeDefined();
    await at.on.until('greta is told', () => Promise.resolve(at.slack.whispers.length > before));
    return at.slack.whispers.at(-1)?.text;
  };
  expect(await told()).toContain('no task'); // as a member she comes as far as that
  for (const is of [{ is_restricted: true }, { is_ultra_restricted: true }, { deleted: true }, { is_bot: true }, { is_stranger: true }, { team_id: 'T2' }]) {
    at.slack.users.set('UGRETA', is);
    ahead.ms += 61_000; // who somebody is is believed for a minute
    expect(await told(), JSON.stringify(is)).toContain('You have no authority here, so nothing was done.');
    const form = await at.slack.send(fresh(), 'interactive', submit('UGRETA', 'charter_decline_form', value, { reason: 'ordered twice by mistake' }));
    expect(form?.payload).toMatchObject({ response_action: 'errors', errors: { reason: expect.stringContaining('no authority') } });
  }
});

test('what is said in a thread of direct messages is answered there, by the agent of the thread', async () => {
  await say(direct('Ev604', 'UGRETA', 'operations: which machines are there?'));
  await say(direct('Ev605', 'UGRETA', 'and what is low in stock?', { thread_ts: '1700000604.000100' }));
  const there = () => at.slack.in('UGRETA').filter(({ thread }) => thread === '1700000604.000100');
  await at.on.until('both are answered', () => Promise.resolve(there().length === 2 && there().every(({ state }) => state === 'streamed')));
  expect(await at.on.rows('select distinct agent, thread from slack_turn where org = $1', [at.on.organization.id])).toEqual([
    { agent: 'operations-coordinator', thread: '1700000604.000100' },
  ]);
});

test('while Slack is down for ten minutes, and knew nobody, everything is acknowledged and nothing lost; when it is back everything is said, once', async () => {
  await at.again();
  at.slack.down = true;
  // Socket Mode's connection stands: what is said comes in, and nobody says who it is
  for (const id of ['Ev611', 'Ev612', 'Ev613']) expect((await say(ask(id)))?.ms).toBeLessThan(3_000);
  for (let minutes = 0; minutes < 10; minutes += 2) {
    const before = at.slack.calls.length;
    ahead.ms += 120_000;
    await at.on.until('Slack is asked again', () => Promise.resolve(asked(before).length > 0));
  }
  expect([(await kept()).length, await turns()]).toEqual([3, []]);
  at.slack.down = false;
  ahead.ms += 60_000;
  for (const id of ['Ev611', 'Ev612', 'Ev613']) await at.on.until('it is said', () => Promise.resolve(answers(id).length === 1));
  expect([await turns(), await kept()]).toEqual([[expect.anything(), expect.anything(), expect.anything()], []]);
});

test('while Slack is down answers wait; when it is back each is said, once', async () => {
  await say(ask('Ev610')); // from here on it is known who reads the channel
  await at.on.until('it is answered', settled('sent', 2));
  at.slack.down = true;
  for (const id of ['Ev614', 'Ev615']) await say(ask(id));
  await at.on.until('the answers wait', async () => (await turns()).length === 3 && (await settled('waiting', 2)()));
  at.slack.down = false;
  ahead.ms += 60_000;
  await at.on.until('everything is said', settled('sent', 4));
  for (const id of ['Ev614', 'Ev615']) expect(answers(id)).toHaveLength(1);
});

test('of whom Slack says nothing for a day nothing comes, and it is told of', async () => {
  await at.again();
  at.slack.down = true;
  await say(ask('Ev616'));
  await at.on.until('Slack was asked', () => Promise.resolve(at.logged.some((line) => JSON.stringify(line).includes('asked again'))));
  ahead.ms += 86_400_000;
  await at.on.until('given up', async () => (await kept()).length === 0);
  expect([await turns(), at.logged.filter((line) => JSON.stringify(line).includes('never said who spoke'))]).toEqual([[], [expect.anything()]]);
});

test('of a thread, what was said first is settled first', async () => {
  await at.again();
  at.slack.fail('users.info', { status: 500 });
  await say(ask('Ev617'));
  await at.on.until('Slack was asked', () => Promise.resolve(at.logged.some((line) => JSON.stringify(line).includes('asked again'))));
  await say(mention('Ev618', 'UGRETA', 'and what is low in stock?', { thread_ts: '1700000617.000100' }));
  await at.settled();
  expect(await at.on.rows('select agent from slack_turn where org = $1', [at.on.organization.id])).toEqual(
    Array.from({ length: 2 }, () => ({ agent: 'operations-coordinator' })),
  );
});

test('where a guest joined the channel between question and answer, the answer goes to whoever asked alone', async () => {
  at.slack.fail('chat.startStream', { status: 503 });
  await say(ask('Ev691'));
  await at.on.until('it is not said yet', () => Promise.resolve(at.slack.calls.some(({ method }) => method === 'chat.startStream')));
  at.slack.users.set('UVISITOR', { is_restricted: true });
  at.slack.readers.set('C1', ['UGRETA', 'UVISITOR']);
  const before = at.slack.calls.length;
  ahead.ms += 61_000; // who reads along is believed for a minute
  await at.on.until('the channel is told', () => Promise.resolve(answers('Ev691').some(({ text }) => text.includes('answered you directly'))));
  await at.on.until('greta is answered', () => Promise.resolve(at.slack.in('UGRETA').length === 2));
  expect(at.slack.in('UGRETA').at(-1)?.blocks).toContain('Panel saw');
  const said = at.slack.calls.slice(before).filter(({ method, body }) => method.startsWith('chat.') && body['channel'] === 'C1');
  expect([answers('Ev691').length, JSON.stringify(said).includes('answered you directly'), JSON.stringify(said).includes('Panel saw')]).toEqual([
    1,
    true,
    false,
  ]);
  const judged = await at.on.rows(`select id from event where org = $1 and type = 'message.judged'`, [at.on.organization.id]);
  expect(judged.length).toBe(3); // when it was made, and again for the channel as it is now and for the person alone
});

test.each([
  ['a guest', { is_restricted: true }],
  ['deactivated', { deleted: true }],
])('who became %s after linking gets no digest and no answer any more', async (_what, is) => {
  await say(ask('Ev692'));
  await at.on.until('it is answered', settled('sent', 2));
  at.slack.fail('chat.startStream', { status: 503 });
  await say(ask('Ev693'));
  await at.on.until('it is not said yet', settled('waiting', 1));
  at.slack.users.set('UGRETA', is);
  ahead.ms += 61_000;
  await at.on.app.client.slack_digest(await at.on.person('greta'), { at: '00:00' });
  await at.on.until('neither is sent', settled('failed', 2));
  expect([at.slack.in('UGRETA').length, answers('Ev693')]).toEqual([1, []]); // the welcome alone
});

test('what Slack took without saying so is found, and not said again', async () => {
  at.slack.fail('chat.startStream', 'lost');
  await say(ask('Ev621'));
  await at.on.until('it is said', settled('sent', 2));
  expect(answers('Ev621')).toEqual([expect.objectContaining({ state: 'streamed', metadata: expect.objectContaining({ event_type: 'charter_message' }) })]);
  at.slack.fail('chat.postMessage', 'lost');
  await say(mention('Ev622', 'UGRETA', 'hello'));
  await at.on.until('it is said', settled('sent', 3));
  expect(answers('Ev622')).toHaveLength(1);
  // as a courier leaves it that is killed after Slack took it, and before it could keep that
  await at.on.rows(
    `update slack_message set state = 'sending', ts = null, unsure = false, next_at = now() - interval '1 second' where org = $1 and kind = 'notice' and body like 'Whom%'`,
    [at.on.organization.id],
  );
  await at.on.until('it is found', settled('sent', 3));
  expect(answers('Ev622')).toHaveLength(1);
});

test('a courier that ends between two words goes on where Slack stands', async () => {
  at.slack.fail('chat.stopStream', 'down');
  await say(ask('Ev631'));
  await at.on.until('a part of it is there', () => Promise.resolve(answers('Ev631').length === 1));
  await at.again();
  await at.on.until('it is said', settled('sent', 2));
  expect(answers('Ev631')).toEqual([expect.objectContaining({ state: 'streamed' })]);
});

test('where Slack does not stream, the answer is posted', async () => {
  at.slack.streams = false;
  await say(ask('Ev641'));
  await at.on.until('it is said', settled('sent', 2));
  expect(answers('Ev641')).toEqual([expect.objectContaining({ state: 'posted', blocks: expect.stringContaining('plain_text') })]);
});

test('asked to wait, nothing is sent until then, and then once', async () => {
  at.slack.fail('chat.startStream', { status: 429, headers: { 'retry-after': '2' }, error: 'ratelimited' });
  await say(ask('Ev651'));
  await at.on.until('it is said', settled('sent', 2));
  const [first, second] = at.slack.calls.filter(({ method }) => method === 'chat.startStream').map((call) => call.at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_000);
  const between = at.slack.calls.filter(({ method, at: when }) => method.startsWith('chat.') && when > (first ?? 0) && when < (second ?? 0));
  expect(between).toEqual([]);
  expect(answers('Ev651')).toHaveLength(1);
});

test('a message that Slack refuses for good is given up, and told of', async () => {
  at.slack.fail('chat.postMessage', { status: 200, error: 'is_archived' });
  await say(mention('Ev661', 'UGRETA', 'hello'));
  await at.on.until('given up', settled('failed', 1));
  expect(at.logged).toContainEqual(expect.objectContaining({ slack: 'is_archived' }));
});

test('the digest comes once a day at the time that a person chose, late on that day and not after it', async () => {
  const { app, organization, rows, until } = at.on;
  const greta = await at.on.person('greta');
  const { business, zone } = await app.client.status(greta, {});
  const digests = () => at.slack.in('UGRETA').filter(({ text }) => text.includes('wait for you') || text.includes('waits for you'));
  expect(digests()).toEqual([]); // seven in the morning; the organization's digest comes at eight
  await app.client.slack_digest(greta, { at: '00:00' });
  await until('the digest', () => Promise.resolve(digests().length === 1));
  await app.client.slack_digest(greta, { at: '00:01' });
  const today = localTime(Instant.parse(business), zone).date;
  const keys = async () =>
    await rows<{ key: string; expires_at: Date }>(`select key, expires_at from slack_message where org = $1 and kind = 'digest' order by key`, [
      organization.id,
    ]);
  const [only, ...more] = await keys();
  expect([only?.key, more]).toEqual([`digest/greta/${today}`, []]);
  // it ends with the day, on the business clock
  const leftMs = (only?.expires_at.getTime() ?? 0) - Date.now();
  const toMidnight = Date.parse(instantAt(addDays(today, 1), '00:00', zone)) - Date.parse((await app.client.status(greta, {})).business);
  expect(Math.abs(leftMs - toMidnight)).toBeLessThan(5_000);
  await rows(
    `update slack_message set state = 'waiting', expires_at = now() - interval '1 second', next_at = now() - interval '1 second' where org = $1 and kind = 'digest'`,
    [organization.id],
  );
  await until('given up', settled('failed', 1));
  expect(digests()).toHaveLength(1);
  await app.client.slack_digest(greta, { at: 'off' });
  await app.client.advance_clock({ kind: 'operator' }, { ms: 86_400_000 });
  await say(direct('Ev671', 'UGRETA', 'operations: which machines are there?'));
  await until('answered', () => Promise.resolve(at.slack.in('UGRETA').some(({ thread }) => thread === '1700000671.000100'))); // the day's reviews run besides
  expect(await keys()).toHaveLength(1);
});

test('an ended link hears and shows nothing from then on', async () => {
  const { app, organization, rows } = at.on;
  await app.client.slack_unlink(await at.on.person('greta'), { person: PersonId.parse('greta') });
  await say(direct('Ev681', 'UGRETA', 'operations: which machines are there?'));
  await at.on.until('told', () => Promise.resolve(at.slack.in('UGRETA').some(({ text }) => text.includes('I do not know who you are'))));
  await at.settled();
  expect(await turns()).toEqual([]);
  await expect(app.client.me({ kind: 'slack', team: 'T1', user: 'UGRETA' }, {})).rejects.toThrow('not linked');
  expect(await rows(`select 1 from event where org = $1 and type = 'slack.unlinked'`, [organization.id])).toHaveLength(1);
});
