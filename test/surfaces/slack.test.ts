/** Slack with real Bolt in Socket Mode, on the reviewed workshop: who is heard, what is answered, and what a press does. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { TaskCard } from '../../src/client.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { BOT, buttons, direct, mention, press, submit, TEAM, type Body, type Said } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';
import { about } from '../fixtures/inbox.ts';

const MARKUP = '<!channel> *bold* <https://evil.example|click> `code` & <@U1>';

let at: SlackStage;
beforeAll(async () => {
  at = await slackStage(inject('services'));
  await at.on.rows(`update proposal set card = jsonb_set(card, '{1,value}', $2) where org = $1 and card::text like '%' || $3::text || '%'`, [
    at.on.organization.id,
    JSON.stringify(MARKUP),
    about('new_supplier'),
  ]);
  for (const [person, user] of [
    ['clara', 'UCLARA'],
    ['greta', 'UGRETA'],
    ['johanna', 'UJOHANNA'],
  ] as const)
    await at.link(person, user);
});
afterAll(() => at.close());

const say = async (body: Body) => {
  const ack = await at.slack.send(fresh(), 'events_api', body);
  await at.settled();
  return ack;
};
const act = (body: Body) => at.slack.send(fresh(), 'interactive', body);
const turns = () =>
  at.on.rows<{ id: string; person: string; content: string; agent: string; state: string; answer: string | null }>(
    'select * from turn where org = $1 order by created_at',
    [at.on.organization.id],
  );
const shown = async (what: string, holds: (said: Said) => boolean): Promise<Said> => {
  let found: Said | undefined;
  await at.on.until(what, () => Promise.resolve((found = [...at.slack.said.values()].find(holds)) !== undefined));
  return found ?? expect.fail(what);
};
const whole = ({ text, blocks }: Said): string => `${text} ${blocks}`;

describe('who is heard', () => {
  test('a code links the account that sends it, once, and the link is an event', async () => {
    const { app, rows, organization } = at.on;
    expect((await app.client.slack_status({ kind: 'operator' }, {})).links.map(({ person }) => person)).toEqual(['clara', 'greta', 'johanna']);
    expect(await rows(`select id from event where org = $1 and type = 'slack.linked'`, [organization.id])).toHaveLength(3);
    expect(await app.client.me({ kind: 'slack', team: TEAM, user: 'UCLARA' }, {})).toMatchObject({ person: 'clara' });
    const { code } = await app.client.slack_link(await at.on.person('emre'), { person: PersonId.parse('emre') });
    const stored = await rows<{ digest: string }>('select * from slack_code where org = $1', [organization.id]);
    expect(JSON.stringify(stored)).not.toContain(code);
    at.slack.users.set('UA', {}).set('UB', {});
    await say(mention('Ev901', 'UA', code)); // others saw it
    await say(direct('Ev902', 'UB', code));
    await shown('the code was burnt', (one) => one.channel === 'DUB' && whole(one).includes('used before'));
    expect((await app.client.slack_status({ kind: 'operator' }, {})).links).toHaveLength(3);
  });

  test('nobody asks for the code of another, and a link makes no credentials', async () => {
    const { client } = at.on.app;
    await expect(client.slack_link(await at.on.person('johanna'), { person: PersonId.parse('clara') })).rejects.toThrow('--as clara');
    await expect(client.slack_link({ kind: 'operator' }, { person: PersonId.parse('clara') })).rejects.toThrow('own token');
    await expect(client.issue_token({ kind: 'slack', team: TEAM, user: 'UJOHANNA' }, { person: PersonId.parse('clara') })).rejects.toThrow('own token');
  });

  test.each([
    { who: 'a guest', user: 'UGUEST', is: { is_restricted: true }, told: 'Guests have no authority' },
    { who: 'somebody of another team', user: 'UFOREIGN', is: {}, team: 'T2', told: 'another organization' },
    { who: 'somebody deactivated', user: 'UGONE', is: { deleted: true }, told: 'not active' },
    { who: 'somebody who is not linked', user: 'UNEW', is: {}, told: 'charter slack link' },
  ])('$who is told so, and no turn is made', async ({ user, is, team, told }) => {
    const before = (await turns()).length;
    at.slack.users.set(user, is);
    expect(await say(mention(`Ev${user.length}${user.charCodeAt(2)}`, user, 'finance: what is due?', team ? { team } : {}))).toBeDefined();
    await shown(told, (one) => one.channel === 'C1' && whole(one).includes(told));
    expect(await turns()).toHaveLength(before);
  });

  test('bots, edits, deletions and what others say in a channel are for nobody', async () => {
    const before = [(await turns()).length, at.slack.said.size];
    const events = [
      mention('Ev301', 'UCLARA', 'finance: due?', { bot_id: 'B9' }),
      direct('Ev302', 'UCLARA', 'finance: due?', { subtype: 'message_changed' }),
      direct('Ev303', 'UCLARA', 'finance: due?', { subtype: 'message_deleted' }),
      direct('Ev304', 'UCLARA', 'finance: due?', { subtype: 'bot_message' }),
      direct('Ev305', BOT.user, 'finance: due?'),
      direct('Ev306', 'UCLARA', 'finance: due?', { channel_type: 'channel', channel: 'C1' }),
    ];
    for (const event of events) expect(await say(event)).toBeDefined();
    expect([(await turns()).length, at.slack.said.size]).toEqual(before);
  });

  test('somebody who left is nobody, from then on', async () => {
    const { rows, organization } = at.on;
    await at.link('tomas', 'UTOMAS');
    await rows(`update person set status = 'left' where org = $1 and person = 'tomas'`, [organization.id]);
    await say(direct('Ev311', 'UTOMAS', 'finance: what is due?'));
    await shown('told', (one) => one.channel === 'DUTOMAS' && whole(one).includes('I do not know who you are'));
    expect((await turns()).some(({ person }) => person === 'tomas')).toBe(false);
  });
});

describe('what is answered', () => {
  test('an answer that everybody may hear is streamed into the thread; the same event three times is one turn', async () => {
    const event = mention('Ev401', 'UGRETA', 'operations: which machines are there?');
    for (let n = 0; n < 3; n++) expect((await say(event))?.ms).toBeLessThan(3_000);
    const said = await shown('the answer', (one) => one.channel === 'C1' && one.thread === '1700000401.000100');
    await at.on.until('its end', () => Promise.resolve(at.slack.said.get(said.ts)?.state === 'streamed'));
    const mine = (await turns()).filter(({ content }) => content.includes('which machines'));
    expect(mine).toEqual([expect.objectContaining({ person: 'greta', agent: 'operations-coordinator', state: 'answered' })]);
    expect(at.slack.in('C1').filter(({ thread }) => thread === '1700000401.000100')).toHaveLength(1);
    const judged = await at.on.rows(`select e.id from event e where org = $1 and type = 'message.judged'`, [at.on.organization.id]);
    expect(judged.length).toBeGreaterThan(0);
  });

  test('an event is heard once by its own id, whatever else it says', async () => {
    await say(mention('Ev408', 'UGRETA', 'operations: heard once?'));
    await say(mention('Ev408', 'UGRETA', 'operations: heard once?', { ts: '1700000409.000100' }));
    expect((await turns()).filter(({ content }) => content.includes('heard once'))).toHaveLength(1);
  });

  test('where a guest or somebody from outside reads along, what is internal goes to whoever asked alone', async () => {
    at.slack.users.set('UVISITOR', { is_restricted: true });
    for (const [channel, readers] of [
      ['CGUEST', ['UGRETA', 'UVISITOR']],
      ['CUNKNOWN', ['UGRETA', 'UELSEWHERE']],
    ] as const) {
      at.slack.readers.set(channel, readers);
      await say(mention(`Ev41${channel.length}`, 'UGRETA', 'operations: which machines are there?', { channel }));
      await shown(`${channel} is told`, (one) => one.channel === channel && whole(one).includes('answered you directly'));
      expect(at.slack.in(channel)).toHaveLength(1);
    }
    at.slack.fail('conversations.members', { status: 200, error: 'missing_scope' });
    await say(mention('Ev419', 'UGRETA', 'operations: which machines are there?', { channel: 'CSILENT' }));
    await shown('nobody knows who reads it', (one) => one.channel === 'CSILENT' && whole(one).includes('answered you directly'));
  });

  test('what is confidential goes to the person alone, and the channel is told so; its decision is recorded first', async () => {
    await say(mention('Ev402', 'UCLARA', 'finance: what is the balance?'));
    const there = await shown('the channel is told', (one) => one.channel === 'C1' && one.thread === '1700000402.000100');
    expect(whole(there)).toContain('answered you directly');
    const answer = await shown('the answer', (one) => one.channel === 'DUCLARA' && whole(one).includes('payments are under way'));
    expect(at.slack.in('C1').map(whole).join()).not.toContain('payments are under way');
    expect(answer.blocks).toContain('plain_text');
  });

  test('the speaker is the principal, in a thread of others too, and the thread goes on with its agent', async () => {
    await say(mention('Ev403', 'UGRETA', 'operations: which machines are there?'));
    await say(mention('Ev404', 'UCLARA', 'and what is low in stock?', { thread_ts: '1700000403.000100' }));
    await at.on.until(
      'both are answered',
      async () => (await turns()).filter(({ content, state }) => content.includes('low in stock') && state === 'answered').length === 1,
    );
    expect((await turns()).find(({ content }) => content.includes('low in stock'))).toMatchObject({ person: 'clara', agent: 'operations-coordinator' });
  });

  test('who names nobody is asked whom they mean', async () => {
    await say(mention('Ev405', 'UGRETA', 'hello there'));
    await shown('a question back', (one) => one.thread === '1700000405.000100' && whole(one).includes('Whom do you ask?'));
  });

  test('events out of order are answered in the order in which they were said', async () => {
    await say(mention('Ev407', 'UGRETA', 'operations: second?', { thread_ts: '1700000406.000100' }));
    await say(mention('Ev406', 'UGRETA', 'operations: first?'));
    const mine = (await turns()).filter(({ content }) => /first\?|second\?/.test(content)).map(({ content }) => content);
    expect(mine).toEqual(['operations: first?', 'operations: second?']);
  });
});

const cardOf = async (user: string, task: TaskCard): Promise<Said> =>
  shown(`the card of ${task.id}`, (one) => one.channel === `D${user}` && one.blocks.includes(task.id));
const valueOf = (said: Said): string => buttons(said).find(({ action_id }) => action_id === 'charter_approve')?.value ?? expect.fail('no button');
const open = async (who: string): Promise<readonly TaskCard[]> =>
  (await at.on.tasks()).filter(({ waits, may }) => waits && may.some(({ person }) => person === who));
const votes = () => at.on.rows<{ person: string }>('select person from vote where org = $1', [at.on.organization.id]);

describe('cards', () => {
  test('who may decide has a card with what the inbox shows; who may not has none; markup in a field is text', async () => {
    const task = await at.on.task(about('new_supplier'));
    const clara = await cardOf('UCLARA', task);
    expect(clara.blocks).toContain(JSON.stringify(MARKUP).slice(1, -1));
    const texts = z.array(z.object({ type: z.string(), text: z.string() })).parse(textObjects(JSON.parse(clara.blocks)));
    expect(texts.filter(({ type }) => type !== 'plain_text')).toEqual([]);
    expect(clara.text).not.toMatch(/<[!@h]/);
    const prose = texts.map(({ text }) => text.replaceAll(MARKUP, 'them')).join('\n'); // what a record has in its own words stays
    expect([prose.includes('invoice “FA-0004” of'), prose.includes('`')]).toEqual([true, false]);
    expect(at.slack.in('UGRETA').filter(({ blocks }) => blocks.includes(task.id))).toEqual([]);
  });

  test('a press by somebody not eligible changes nothing and says who may', async () => {
    const task = await at.on.task(about('new_supplier'));
    const value = valueOf(await cardOf('UCLARA', task));
    const before = await votes();
    await act(press('UGRETA', 'charter_approve', value));
    await act(press('UGUEST', 'charter_approve', value));
    await act(press('UNEW', 'charter_approve', value));
    await act(press('UCLARA', 'charter_approve', value, { user: { id: 'UCLARA', team_id: 'T2' } }));
    await at.on.until('each is told', () =>
      Promise.resolve(at.slack.whispers.filter(({ user }) => ['UGRETA', 'UGUEST', 'UNEW', 'UCLARA'].includes(user)).length === 4),
    );
    expect(at.slack.whispers.find(({ user }) => user === 'UGRETA')?.text).toMatch(/may not decide this.*clara/s);
    expect(await votes()).toEqual(before);
  });

  test('a vote on facts that have changed since is not counted', async () => {
    const task = await at.on.task(about('new_supplier'));
    const seen = 'a'.repeat(64);
    await act(press('UCLARA', 'charter_approve', JSON.stringify({ id: task.id, seen })));
    await at.on.until('told', () => Promise.resolve(at.slack.whispers.some(({ text }) => text.includes('changed since it was shown'))));
    expect((await at.on.task(about('new_supplier'))).votes).toEqual([]);
  });

  test('a press votes once however often it is pressed, and every card shows what was decided, wherever it was', async () => {
    const [task] = await open('clara');
    if (!task) return expect.fail('nothing waits for clara');
    const card = await cardOf('UCLARA', task);
    const before = (await votes()).length;
    await Promise.all([1, 2, 3].map(() => act(press('UCLARA', 'charter_approve', valueOf(card)))));
    await at.on.until('the vote is there', async () => (await votes()).length === before + 1);
    const [vote] = await at.on.rows<{ credential: string }>(
      `select v.credential from vote v join slack_link l on l.org = v.org and l.credential = v.credential where v.org = $1`,
      [at.on.organization.id],
    );
    expect(vote).toBeDefined();
    for (const person of ['emre', 'johanna']) {
      const now = (await at.on.tasks()).find(({ id }) => id === task.id);
      if (now?.may.some((one) => one.person === person))
        await at.on.app.client.decide(await at.on.person(person), { id: task.id, choice: 'approve', reason: '' });
    }
    await shown('the card says so', (one) => one.ts === card.ts && /It is already \w+, decided by/.test(one.blocks) && !one.blocks.includes('charter_approve'));
    await act(press('UCLARA', 'charter_approve', valueOf(card)));
    await at.on.until('a late press is told', () => Promise.resolve(at.slack.whispers.some(({ text }) => text.includes('It is already'))));
  });

  test('a decline takes a reason, in a form', async () => {
    const [task] = await open('clara');
    if (!task) return expect.fail('nothing waits for clara');
    const card = await cardOf('UCLARA', task);
    await act(press('UGRETA', 'charter_decline', valueOf(card)));
    await at.on.until('greta is told who may', () =>
      Promise.resolve(at.slack.whispers.some(({ user, text }) => user === 'UGRETA' && text.includes('Who may'))),
    );
    expect(at.slack.views).toEqual([]);
    await act(press('UCLARA', 'charter_decline', valueOf(card)));
    await at.on.until('the form opens', () => Promise.resolve(at.slack.views.length === 1));
    const short = await act(submit('UCLARA', 'charter_decline_form', valueOf(card), { reason: 'no' }));
    expect(short?.payload).toMatchObject({ response_action: 'errors', errors: { reason: expect.stringContaining('5') } });
    const past = await act(submit('UCLARA', 'charter_decline_form', valueOf(card), { reason: 'ordered twice by mistake', again_on: '2020-01-01' }));
    expect(past?.payload).toMatchObject({ response_action: 'errors', errors: { again_on: expect.stringContaining('2020-01-01') } });
    const stranger = await act(submit('UGRETA', 'charter_decline_form', valueOf(card), { reason: 'I would rather not' }));
    expect(stranger?.payload).toMatchObject({ response_action: 'errors', errors: { reason: expect.stringContaining('may not decide') } });
    await act(submit('UCLARA', 'charter_decline_form', valueOf(card), { reason: 'ordered twice by mistake', again_on: '2026-03-20' }));
    await at.on.until('it is declined', async () => (await at.on.tasks()).find(({ id }) => id === task.id)?.outcome === 'declined');
    expect((await at.on.tasks()).find(({ id }) => id === task.id)?.votes).toMatchObject([{ person: 'clara', againOn: '2026-03-20' }]);
  });

  test('two people who decide at once, here and in the inbox, see one outcome', async () => {
    const task = (await open('clara')).find(
      ({ may, decision }) => decision?.needs.length === 1 && ['emre', 'johanna'].map((who) => may.some(({ person }) => person === who)).join() === 'true,false',
    );
    if (!task) return expect.fail('nothing waits for either');
    const card = await cardOf('UCLARA', task);
    const emre = await at.on.person('emre');
    const reason = 'ordered twice by mistake';
    const [form, vote] = await Promise.all([
      act(submit('UCLARA', 'charter_decline_form', valueOf(card), { reason })),
      at.on.app.client.decide(emre, { id: task.id, choice: 'decline', reason }),
    ]);
    expect(form?.payload).not.toMatchObject({ response_action: 'errors' });
    expect(vote.counted || /already/.test(vote.message)).toBe(true);
    await at.on.until('it is declined', async () => (await at.on.tasks()).find(({ id }) => id === task.id)?.outcome === 'declined');
    const { votes: cast } = await at.on.app.client.task(emre, { id: task.id });
    await shown('the card says what the inbox says', (one) => one.ts === card.ts && one.blocks.includes('already declined, decided by'));
    expect(cast.filter((one) => one.void === null).length).toBeGreaterThan(0);
  });

  test('an edit proposes what was written, for others to decide', async () => {
    const task = (await open('clara')).find(({ args }) => 'amount' in args);
    if (!task) return expect.fail('nothing with an amount waits for clara');
    const value = valueOf(await cardOf('UCLARA', task));
    const views = at.slack.views.length;
    await act(press('UCLARA', 'charter_edit', value));
    await at.on.until('the form opens', () => Promise.resolve(at.slack.views.length === views + 1));
    const fields = Object.fromEntries(Object.entries(task.args).map(([name, arg]) => [`arg/${name}`, typeof arg === 'string' ? arg : '']));
    const bad = await act(submit('UCLARA', 'charter_edit_form', value, { ...fields, 'arg/amount': 'plenty', reason: 'as they told me' }));
    expect(bad?.payload).toMatchObject({ response_action: 'errors', errors: { 'arg/amount': expect.any(String) } });
    await act(submit('UCLARA', 'charter_edit_form', value, { ...fields, 'arg/amount': '12.34', reason: 'as they told me' }));
    await at.on.until('it is edited', async () => (await at.on.tasks()).find(({ id }) => id === task.id)?.outcome === 'edited');
    expect((await at.on.tasks()).find(({ requester, args }) => requester === 'clara' && JSON.stringify(args).includes('1234'))).toBeDefined();
  });

  test('a halt shows on every open card, and who asks meanwhile is told of it', async () => {
    const { client } = at.on.app;
    const johanna = await at.on.person('johanna');
    const { id } = await client.propose(johanna, {
      tool: 'finance.release_invoice',
      args: { invoice: 'S-003:KR-20291', reason: 'two deliveries' },
      reason: 'they explained it',
      message: 'before the drill',
    });
    await at.on.until('clara is asked', async () => (await open('clara')).some((one) => one.id === id));
    const task = await client.task(johanna, { id });
    await cardOf('UCLARA', task);
    await client.halt(johanna, { scope: { kind: 'organization' }, reason: 'a drill for everybody' });
    await shown('the halt', (one) => one.channel === 'DUCLARA' && one.blocks.includes(task.id) && one.blocks.includes('already halted'));
    await say(mention('Ev501', 'UGRETA', 'operations: which machines are there now?'));
    await shown('told', (one) => one.thread === '1700000501.000100' && /I may not send my answer here.*halt/is.test(whole(one)));
    expect((await turns()).find(({ content }) => content.includes('machines are there now'))?.answer).toMatch(/Ask again when it is lifted/);
    await client.resume(johanna, { scope: { kind: 'organization' }, reason: 'the drill is over' });
  });
});

/** Every object of Slack's that holds a text. */
function textObjects(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(textObjects);
  if (value === null || typeof value !== 'object') return [];
  return 'text' in value && typeof value.text === 'string' ? [value] : Object.values(value).flatMap(textObjects);
}
