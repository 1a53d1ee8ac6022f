/** What Slack asks of people's attention: cards within the bound of a day, pressing ones anew, and a digest that names the rest. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller, TaskCard } from '../../src/client.ts';
import { draftFolder, NIGHT, NIGHT_CASES, type DraftFolder } from '../fixtures/draft.ts';
import { slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

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
  (await at.on.app.client.inbox(operator, { all: false })).filter(({ may }) => may.some(({ person }) => person === who));
const about = (user: string, id: string) => at.slack.in(user).filter(({ blocks }) => blocks.includes(id));
const cards = async (user: string, who: string) => (await waiting(who)).filter(({ id }) => about(user, id).length > 0);
const digest = async (user: string, who: string): Promise<string> => {
  await at.on.app.client.slack_digest(await at.on.person(who), { at: '00:00' });
  const found = () => at.slack.in(user).find(({ text }) => /^\d{4}-\d{2}-\d{2}: /.test(text));
  await at.on.until('the digest', () => Promise.resolve(found() !== undefined), 30_000);
  return found()?.blocks ?? '';
};

test('new cards of a day are bounded, as in the inbox, and the digest counts the rest', async () => {
  const all = await waiting('clara');
  expect(all.length).toBeGreaterThan(PER_DAY);
  await at.on.until('the cards', async () => (await cards('UCLARA', 'clara')).length === PER_DAY, 30_000);
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
  await at.on.until('both come', () => Promise.resolve(about('UCLARA', shown.id).length === 2 && about('UCLARA', grouped.id).length === 1), 30_000);
  expect(about('UCLARA', grouped.id)[0]?.blocks).toContain('johanna asks you by name');
  await client.decide(await at.on.person('clara'), { id: shown.id, choice: 'decline', reason: 'it is not ours to pay' });
  await at.on.until('both tell', () => Promise.resolve(about('UCLARA', shown.id).every(({ blocks }) => blocks.includes('already declined'))), 30_000);
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
  await at.on.until('nothing is sent', async () => (await failed()) >= 2, 30_000);
  expect(about('UCLARA', grouped.id)).toEqual([]);
  expect(at.slack.calls.slice(before).filter(({ body }) => JSON.stringify(body).includes('DUCLARA'))).toEqual([]);
  at.slack.users.set('UCLARA', {});
  await at.again();
});

test('amendments that wait for an owner stand in the owner’s digest, and in nobody else’s', async () => {
  draft.write('90-night', NIGHT, NIGHT_CASES);
  const { id } = await at.on.app.client.amend(await at.on.person('johanna'), { reason: 'the bank asks for it' });
  await at.on.until('it is open', async () => (await at.on.app.client.amendment(operator, { id })).state === 'open', 80_000);
  expect(await digest('UJOHANNA', 'johanna')).toContain(`${id}: the bank asks for it`);
  await at.link('emre', 'UEMRE');
  expect(await digest('UEMRE', 'emre')).not.toContain('the bank asks for it');
});
