/** What Slack asks of people's attention: cards within the bound of a day, pressing ones anew, and a digest that names the rest. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller, TaskCard } from '../../src/client.ts';
import { draftFolder, NIGHT, NIGHT_CASES, type DraftFolder } from '../fixtures/draft.ts';
import { buttons, press, type Said } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';
import { reviewed } from '../fixtures/stage.ts';

const PER_DAY = 2;
const operator: Caller = { kind: 'operator' };

let at: SlackStage;
let draft: DraftFolder;
beforeAll(async () => {
  const services = inject('services');
  draft = draftFolder(services.dataDir);
  at = await slackStage(services, {
    constitution: draft.url,
    change: (organization) => ({ ...organization, inbox: { cards_per_day: PER_DAY, quiet_days: 14 } }),
  });
  await at.link('clara', 'UCLARA');
  await at.link('johanna', 'UJOHANNA');
}, 180_000);
afterAll(() => at.close());

const waiting = async (who: string): Promise<readonly TaskCard[]> =>
  (await at.on.app.client.inbox(operator, { all: false })).tasks.filter(({ may }) => may.some(({ person }) => person === who));
const about = (user: string, id: string) => at.slack.in(user).filter(({ blocks }) => blocks.includes(id));
const cards = async (user: string, who: string) => (await waiting(who)).filter(({ id }) => about(user, id).length > 0);
const digest = async (user: string, who: string): Promise<string> => {
  await at.on.app.client.slack_digest(await at.on.person(who), { at: '00:00' });
  const found = () => at.slack.in(user).find(({ text }) => /^\d{4}-\d{2}-\d{2}: /.test(text));
  await at.on.until('the digest', () => Promise.resolve(found() !== undefined));
  return found()?.blocks ?? '';
};

test('new cards of a day are bounded, as in the inbox, and the digest counts the rest', async () => {
  const all = await waiting('clara');
  expect(all.length).toBeGreaterThan(PER_DAY);
  await at.on.until('the cards', async () => (await cards('UCLARA', 'clara')).length === PER_DAY);
  const said = await digest('UCLARA', 'clara');
  expect(said).toContain(`${all.length} tasks wait for you`);
  expect(said).toContain(`Of these, ${all.length - PER_DAY} in groups`);
  expect(await cards('UCLARA', 'clara')).toHaveLength(PER_DAY);
});

test('who is asked by name is shown it anew, beyond the bound, and both cards tell what was decided', async () => {
  const { client } = at.on.app;
  const johanna = await at.on.person('johanna');
  const [shown] = await cards('UCLARA', 'clara');
  const grouped = (await waiting('clara')).find(({ id }) => about('UCLARA', id).length === 0);
  if (!shown || !grouped) return expect.fail('nothing to ask about');
  for (const { id } of [shown, grouped]) await client.nudge(johanna, { id, to: 'clara' });
  await at.on.until('both come', () => Promise.resolve(about('UCLARA', shown.id).length === 2 && about('UCLARA', grouped.id).length === 1));
  expect(about('UCLARA', grouped.id)[0]?.blocks).toContain('johanna asks you by name');
  await client.decide(await at.on.person('clara'), { id: shown.id, choice: 'decline', reason: 'it is not ours to pay' });
  await at.on.until('both tell', () => Promise.resolve(about('UCLARA', shown.id).every(({ blocks }) => blocks.includes('already declined'))));
});

test('who was deactivated is shown no card any more, new or changed', async () => {
  const [shown] = await cards('UCLARA', 'clara');
  const grouped = (await waiting('clara')).find(({ id }) => about('UCLARA', id).length === 0);
  if (!shown || !grouped) return expect.fail('nothing to ask about');
  at.slack.users.set('UCLARA', { deleted: true });
  await at.again(); // what was known of her is forgotten
  const before = at.slack.calls.length;
  const failed = async () => (await at.on.app.client.slack_status(operator, {})).messages['failed'] ?? 0;
  await at.on.app.client.nudge(await at.on.person('johanna'), { id: grouped.id, to: 'clara' });
  await at.on.app.client.decide(await at.on.person('clara'), { id: shown.id, choice: 'decline', reason: 'it is not ours to pay' });
  await at.on.until('nothing is sent', async () => (await failed()) >= 2);
  expect(about('UCLARA', grouped.id)).toEqual([]);
  expect(at.slack.calls.slice(before).filter(({ body }) => JSON.stringify(body).includes('DUCLARA'))).toEqual([]);
  at.slack.users.set('UCLARA', {});
  await at.again();
});

const asked = (user: string, what: string) => at.slack.in(user).filter(({ blocks }) => blocks.includes(what));
const SHIFT = 'Would you take this shift?';
const DUTY = 'You are asked to see to this.';
const pressed = async (user: string, said: Said | undefined, action: string, more = {}) => {
  const before = at.slack.whispers.length;
  await at.slack.send(fresh(), 'interactive', press(user, action, buttons(said).find(({ action_id }) => action_id === action)?.value ?? '', more));
  await at.on.until('told', () => Promise.resolve(at.slack.whispers.length > before));
  return at.slack.whispers.at(-1)?.text ?? '';
};
const events = (type: string) => at.on.rows(`select id from event where org = $1 and type = $2`, [at.on.organization.id, type]);

test('what a person is asked comes to them, once, judged before it leaves; and stands in their digest', async () => {
  for (const [domain, person, user] of [
    ['staffing', 'emre', 'UEMRE'],
    ['compliance', 'viktor', 'UVIKTOR'],
  ] as const) {
    await reviewed(at.on, 'first', domain);
    await at.link(person, user);
  }
  await at.on.until('emre is asked', () => Promise.resolve(asked('UEMRE', SHIFT).length === 1));
  await at.on.until('viktor is asked', () => Promise.resolve(asked('UVIKTOR', DUTY).length === 2));
  expect(asked('UEMRE', SHIFT)[0]?.blocks).toContain('2026-03-04 day at station-yard');
  expect([...asked('UCLARA', SHIFT), ...asked('UCLARA', DUTY), ...asked('UJOHANNA', SHIFT), ...asked('UEMRE', DUTY)]).toEqual([]);
  const [consent] = await at.on.app.client.consents(operator, {});
  const judged = await at.on.rows(`select id from event where org = $1 and type = 'message.judged' and correlation = $2`, [
    at.on.organization.id,
    consent?.key,
  ]);
  expect(judged).toHaveLength(1);
  const [duty] = await at.on.app.client.tasks(operator, {});
  const said = await digest('UVIKTOR', 'viktor');
  expect(said).toContain('You are asked yourself:');
  expect(said).toContain(`• ${duty?.title}, by ${duty?.due}`);
});

test('whose shifts changed without their word is told of it, once, judged before it leaves, and is asked nothing', async () => {
  const told = (user: string) => asked(user, 'Your shifts changed.');
  await at.link('paul', 'UPAUL');
  await at.on.until('paul and emre are told', () => Promise.resolve(told('UPAUL').length === 1 && told('UEMRE').length === 2));
  expect(told('UPAUL')[0]?.blocks).toContain('2026-03-10 stores at mill-lane goes to emre.');
  expect(
    told('UEMRE')
      .map(({ blocks }) => /2026-03-1\d \w+ at [\w-]+ is yours, from \w+/.exec(blocks)?.[0])
      .sort(),
  ).toEqual(['2026-03-10 stores at mill-lane is yours, from paul', '2026-03-11 day at station-yard is yours, from jakub']);
  expect(
    told('UPAUL')
      .flatMap(buttons)
      .map(({ action_id }) => action_id),
  ).toEqual(['charter_open']);
  expect([...told('UCLARA'), ...told('UJOHANNA'), ...told('UVIKTOR')]).toEqual([]);
  const judged = await at.on.rows(`select id from event where org = $1 and type = 'message.judged' and correlation like '%/paul'`, [at.on.organization.id]);
  expect(judged).toHaveLength(1);
  await at.again();
  await reviewed(at.on, 'second', 'staffing');
  await at.sent();
  expect([told('UPAUL').length, told('UEMRE').length]).toEqual([1, 2]);
});

test('amendments that wait for an owner stand in the owner’s digest, and in nobody else’s', async () => {
  draft.write('90-night', NIGHT, NIGHT_CASES);
  const { id } = await at.on.app.client.amend(await at.on.person('johanna'), { reason: 'the bank asks for it' });
  await at.on.until('it is open', async () => (await at.on.app.client.amendment(operator, { id })).state === 'open');
  expect(await digest('UJOHANNA', 'johanna')).toContain(`${id}: the bank asks for it`);
  const emre = await digest('UEMRE', 'emre');
  expect(emre).not.toContain('the bank asks for it');
  expect(emre).toMatch(/You are asked yourself:.*would you take 2026-03-04 day at station-yard/);
});

test('a press by somebody else changes nothing and says who was asked', async () => {
  const [shift, duty] = [asked('UEMRE', SHIFT)[0], asked('UVIKTOR', DUTY)[0]];
  expect(await pressed('UJOHANNA', shift, 'charter_consent_give')).toContain('emre');
  expect(await pressed('UNOBODY', shift, 'charter_consent_give')).toMatch(/no authority/);
  expect(await pressed('UCLARA', duty, 'charter_task_done')).toContain('viktor');
  expect([await events('consent.answered'), await events('task.done')]).toEqual([[], []]);
  expect(buttons(asked('UEMRE', SHIFT)[0]).map(({ action_id }) => action_id)).toEqual(['charter_consent_give', 'charter_consent_refuse']);
});

test('a press is that person’s word: pressed twice it is one answer, another word after it is refused, and it changes where it stands', async () => {
  const [shift] = asked('UEMRE', SHIFT);
  expect(await pressed('UEMRE', shift, 'charter_consent_give')).toMatch(/^You take it: 2026-03-04/);
  expect(await pressed('UEMRE', shift, 'charter_consent_give')).toMatch(/^You take it: 2026-03-04/);
  expect(await pressed('UEMRE', shift, 'charter_consent_refuse')).toContain('You answered this before');
  expect(await events('consent.answered')).toHaveLength(1);
  expect(await at.on.app.client.consents(await at.on.person('emre'), {})).toMatchObject([{ state: 'given' }]);
  await at.on.until('it says so', () => Promise.resolve(asked('UEMRE', SHIFT)[0]?.blocks.includes('You take it.') === true));
  const there = asked('UEMRE', SHIFT);
  expect([there.length, there[0]?.ts === shift?.ts, buttons(there[0])]).toEqual([1, true, []]);
});

test('what is done is said by a press, or elsewhere, and shows in Slack either way', async () => {
  const [here, elsewhere] = asked('UVIKTOR', DUTY);
  for (let n = 0; n < 2; n++) expect(await pressed('UVIKTOR', here, 'charter_task_done')).toMatch(/^Done: /);
  expect(await events('task.done')).toHaveLength(1);
  const open = (await at.on.app.client.tasks(operator, {})).filter(({ done }) => done === null);
  for (const { key } of open) await at.on.app.client.finish_task(await at.on.person('viktor'), { id: key });
  expect(open).toHaveLength(1);
  await at.on.until('both say so', () => Promise.resolve(asked('UVIKTOR', DUTY).every(({ blocks }) => blocks.includes('Done on 2026-'))));
  expect(asked('UVIKTOR', DUTY).map(({ ts }) => ts)).toEqual([here?.ts, elsewhere?.ts]);
  expect(asked('UVIKTOR', DUTY).flatMap(buttons)).toEqual([]);
});

test('a card that changes between looking and sending is sent once, and once more as soon as it changes back', async () => {
  await at.surface.close(); // its rounds are gone through by hand
  const { slack: desk, client } = at.on.app;
  const johanna = await at.on.person('johanna');
  const scope = { kind: 'agent', agent: 'operations-coordinator' } as const; // stands on every card
  const taken = async () => {
    const messages = await desk.take(100);
    for (const message of messages) await desk.sent(message, message.channel ?? 'D1', message.ts ?? '1.1');
    return messages.filter(({ key }) => key.startsWith('card/')).map(({ key, shows }) => `${key} ${shows}`);
  };
  await desk.keepUp();
  await taken();
  await client.halt(johanna, { scope, reason: 'a drill' });
  await desk.keepUp();
  await client.resume(johanna, { scope, reason: 'it is over' });
  const without = await taken();
  expect(without.length).toBeGreaterThan(0);
  await client.halt(johanna, { scope, reason: 'a drill again' });
  await desk.keepUp();
  const halted = await taken();
  expect(halted.length).toBeGreaterThan(0);
  expect(halted.filter((card) => without.includes(card))).toEqual([]);
  await desk.keepUp();
  expect(await taken()).toEqual([]);
});
