/** In the browser and in Slack at one moment: real Chromium, real Bolt. Two people decide at once and see one outcome; a halt shows everywhere. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { TaskCard } from '../../src/client.ts';
import { became } from '../../src/surfaces/became.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow, type Window } from '../fixtures/browser.ts';
import { everywhere, type Everywhere } from '../fixtures/everywhere.ts';
import { about, signIn } from '../fixtures/inbox.ts';
import { buttons, mention, press, submit, type Said } from '../fixtures/slack.ts';
import { fresh } from '../fixtures/slack-stage.ts';

const ABOVE = 250_000; // minor units: above the agent's authority, so that one of finance decides
const REASON = 'the pallets came broken';
const operator = { kind: 'operator' } as const;

let place: Everywhere;
let browser: Browser;
beforeAll(async () => {
  place = await everywhere(inject('services'), { change: (files) => ({ ...files, inbox: { ...files.inbox, cards_per_day: 50 } }) });
  browser = await launch();
  await place.at.link('clara', 'UCLARA');
  await place.at.link('emre', 'UEMRE');
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await place.close();
});

const task = (id: string): Promise<TaskCard> => place.at.on.app.client.task(operator, { id });
const cardOf = (user: string, id: string): Said | undefined => place.at.slack.in(user).find(({ blocks }) => blocks.includes(id));
const open = async (person: string, id: string): Promise<Window> => {
  const window = await openWindow(browser, await place.link(person));
  await window.page.goto(`${place.url}/tasks/${id}`);
  await window.page.getByText(id, { exact: true }).waitFor();
  return window;
};
/** Both have its card in Slack. */
async function shown(id: string): Promise<void> {
  const { on } = place.at;
  await on.until('it waits', async () => (await task(id)).waits);
  await on.until('both have a card', () => Promise.resolve(['UCLARA', 'UEMRE'].every((user) => buttons(cardOf(user, id)).length > 1)));
}
/** What clara does in Slack, as Slack sends it. */
function inSlack(choice: Choice, id: string) {
  const value = buttons(cardOf('UCLARA', id)).find(({ action_id }) => action_id === `charter_${choice}`)?.value ?? '';
  const body = choice === 'approve' ? press('UCLARA', 'charter_approve', value) : submit('UCLARA', 'charter_decline_form', value, { reason: REASON });
  return place.at.slack.send(fresh(), 'interactive', body);
}
type Choice = 'approve' | 'decline';

/** What clara is told in Slack of her presses, from here on: beside the card, or in a message of its own after a form. */
function clarasWords(): () => readonly string[] {
  const { whispers, said } = place.at.slack;
  const posted = () => [...said.values()].filter(({ channel }) => channel === 'UCLARA');
  const before = [whispers.length, posted().length];
  return () => [...whispers.slice(before[0]), ...posted().slice(before[1])].map(({ text }) => text);
}

/** Emre stands before his button, clara before hers; both press. @returns what each of them is told */
async function both(id: string, { page }: Window, browserDoes: Choice, slackDoes: Choice): Promise<readonly [string, string]> {
  await page.keyboard.press(browserDoes === 'approve' ? 'a' : 'd');
  const dialog = page.getByRole('dialog');
  if (browserDoes === 'decline') await dialog.getByRole('textbox', { name: /^Why/ }).fill(REASON);
  const button = dialog.getByRole('button', { name: browserDoes === 'approve' ? 'Approve' : 'Decline' });
  await button.waitFor();
  const words = clarasWords();
  const [, ack] = await Promise.all([button.click(), inSlack(slackDoes, id)]);
  expect(ack).toBeDefined();
  expect(ack?.payload).not.toMatchObject({ response_action: 'errors' });
  await place.at.on.until('it is decided', async () => (await task(id)).outcome !== null);
  await place.at.on.until('clara is told', () => Promise.resolve(words().length > 0));
  await dialog.waitFor({ state: 'detached' });
  return [await page.getByRole('status').filter({ hasText: /\S/ }).first().innerText(), words().join(' ')];
}

/** The browser and both cards in Slack say the same of it, by the same people; and that is what the records say. */
async function agree(id: string, { page, errors }: Window): Promise<TaskCard> {
  const { on } = place.at;
  const decided = await task(id);
  const people = decided.votes.filter((vote) => vote.void === null).map(({ person }) => person);
  const says = `It is already ${decided.outcome}, decided by ${people.map((person) => (person === 'clara' ? 'Clara Behrens' : 'Emre Aydin')).join(', ')}.`;
  for (const user of ['UCLARA', 'UEMRE']) await on.until(`${user} sees it: ${says}`, () => Promise.resolve(cardOf(user, id)?.blocks.includes(says) === true));
  for (const user of ['UCLARA', 'UEMRE']) expect(buttons(cardOf(user, id)).map(({ action_id }) => action_id)).toEqual(['charter_open']);
  await page.getByTestId('state').getByText(became(decided), { exact: true }).waitFor();
  for (const { person, choice } of decided.votes.filter((vote) => vote.void === null))
    await page
      .getByRole('article')
      .getByText(`${person === 'clara' ? 'Clara Behrens' : 'Emre Aydin'}: ${choice}`)
      .waitFor();
  const payments = await on.rows(`select key from payment where org = $1 and key = $2`, [on.organization.id, id]);
  expect([decided.outcome, payments.length]).toEqual(decided.outcome === 'done' ? ['done', 1] : ['declined', 0]);
  expect(errors).toEqual([]);
  return decided;
}

/** A vote counts, or it came second and is told who was first: no third thing, and no error. */
const HEARD =
  /^(Your vote to (approve|decline) counts|It is already (done|declined|being carried out), decided by (Clara Behrens|Emre Aydin|clara|emre)(, (clara|emre))?)\.$/;

describe('two people who press at the same moment, one in the browser and one in Slack', () => {
  test.each([
    { browserDoes: 'approve', slackDoes: 'decline', batch: 1 },
    { browserDoes: 'decline', slackDoes: 'approve', batch: 2 },
  ] as const)('$browserDoes and $slackDoes: one outcome, the same on both', async ({ browserDoes, slackDoes, batch }) => {
    const { on } = place.at;
    for (const invoice of await bills(on, batch, 3, ABOVE)) {
      const id = await propose(on, invoice, ABOVE);
      await on.temporal.wakeAction(on.organization.id, id);
      await shown(id);
      const window = await open('emre', id);
      for (const heard of await both(id, window, browserDoes, slackDoes)) expect(heard).toMatch(HEARD);
      const { outcome, votes } = await agree(id, window);
      const first = votes.filter((vote) => vote.void === null);
      expect(first.length).toBeGreaterThan(0);
      expect(outcome).toBe(first.some(({ choice }) => choice === 'decline') ? 'declined' : 'done');
      await window.close();
    }
  });

  test('two approvals where two are needed: both count, and it is paid once', async () => {
    const { id } = await place.at.on.task(about('changed_account'));
    expect((await task(id)).decision?.needs).toMatchObject([{ role: 'finance', quorum: 2 }]);
    await shown(id);
    const window = await open('emre', id);
    expect(await both(id, window, 'approve', 'approve')).toEqual(['Your vote to approve counts.', 'Your vote to approve counts.']);
    const { outcome, votes } = await agree(id, window);
    expect([outcome, votes.map(({ person, void: because }) => [person, because]).sort()]).toEqual(['done', [['clara', null], ['emre', null]]]); // prettier-ignore
    await window.close();
  });
});

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const PATIENCE_MS = 10_000; // a loaded machine; how long it takes is measured by `npm run bench`, and has its bar there

test('a halt shows on every surface, and nobody has to load anything anew', async () => {
  const { on, slack } = place.at;
  const [invoice = ''] = await bills(on, 3, 1, ABOVE);
  const id = await propose(on, invoice, ABOVE);
  await on.temporal.wakeAction(on.organization.id, id);
  await shown(id);
  const window = await open('emre', id);
  const loads: string[] = [];
  window.page.on('framenavigated', (frame) => loads.push(frame.url()));
  const headers = await signIn(await place.link('viktor'));
  const stream = await listen(headers);
  const johanna = await on.person('johanna');
  const scope = { kind: 'organization' } as const;
  const status = async (): Promise<string> => {
    const env = { ...process.env, CHARTER_URL: place.url, CHARTER_TOKEN: johanna.kind === 'person' ? johanna.token : '', CHARTER_DATA: on.dataDir };
    return (await promisify(execFile)(process.execPath, [CHARTER, 'status'], { env })).stdout;
  };
  expect(await status()).not.toContain('HALTED');

  await on.app.client.halt(johanna, { scope, reason: 'a drill for everybody' });
  await stream.since(Math.floor(Number((await on.app.client.changes(johanna, {})).at)));
  expect(await (await fetch(`${place.url}/api/place`, { headers })).json()).toMatchObject({ halted: ['organization'] });
  await window.page.getByRole('alert').getByText('Nothing new begins for organization').waitFor({ timeout: PATIENCE_MS });
  await window.page.getByTestId('state').getByText('halted').waitFor({ timeout: PATIENCE_MS });
  expect(loads).toEqual([]);
  for (const user of ['UCLARA', 'UEMRE'])
    await on.until(`${user} sees it`, () => Promise.resolve(cardOf(user, id)?.blocks.includes('It is already halted') === true), PATIENCE_MS);
  await slack.send(fresh(), 'events_api', mention('Ev901', 'UEMRE', 'finance: what is due?'));
  await on.until('who asks is told', () => Promise.resolve([...slack.said.values()].some(({ thread, text, blocks }) => thread === '1700000901.000100' && /halt/i.test(text + blocks))), PATIENCE_MS); // prettier-ignore
  expect(await status()).toContain('HALTED: organization');

  await on.app.client.resume(johanna, { scope, reason: 'the drill is over' });
  await window.page.getByRole('alert').waitFor({ state: 'detached', timeout: PATIENCE_MS });
  expect([await status(), loads]).toEqual([expect.not.stringContaining('HALTED'), []]);
  await stream.end();
  await window.close();
});

/** The stream of a page. */
async function listen(headers: Record<string, string>) {
  const ending = new AbortController();
  const response = await fetch(`${place.url}/api/stream`, { headers, signal: ending.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? expect.fail('no stream');
  let text = '';
  return {
    /** Waits until it tells of this position of the log, or a later one. */
    async since(position: number): Promise<void> {
      const late = setTimeout(() => ending.abort(new Error(`nothing of ${position} within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      const told = () => [...text.matchAll(/event: changed\ndata: (\d+\.\d+)\n/g)].some(([, at]) => Number(at) >= position);
      while (!told()) {
        const { done, value } = await reader.read();
        if (done) throw new Error('the stream ended');
        text += value;
      }
      clearTimeout(late);
    },
    async end(): Promise<void> {
      ending.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
