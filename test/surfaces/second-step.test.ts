/** A sole approver's own request: its card says that it is no second pair of eyes, and lets nobody press before the second step is possible. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Organization } from '../../src/adapters/files/organization.ts';
import type { Caller } from '../../src/client.ts';
import { PersonId, type ProposalId } from '../../src/kernel/ids.ts';
import { startApi, type Api } from '../../src/surfaces/api/server.ts';
import { inboxLink } from '../../src/surfaces/cli/call.ts';
import { secondStepSays, whyNot } from '../../src/surfaces/inbox/web/words.ts';
import { cardContent } from '../../src/surfaces/slack/card.ts';
import type { Browser } from 'playwright-core';
import { buildInbox, launch, openWindow, type Window } from '../fixtures/browser.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

const ABOVE = 250_000; // minor units; Johanna has an agent pay up to 2,000.00
const johanna = PersonId.parse('johanna');
const NOW = Date.now();
let on: Stage;
let first: Caller; // Johanna, with a token from before she asks
let own: ProposalId;
let api: Api;
let browser: Browser;

const alone = (organization: Organization): Organization => ({
  ...organization,
  example: false,
  people: organization.people.map((person) => ({ ...person, roles: person.id === johanna ? ['owner', 'finance'] : [] })),
});
const later = () => on.past(`update decision set at = at - interval '61 minutes' where org = $1 and proposal = $2`, [on.organization.id, own]);

/** What the inbox and Slack show a person of the task. */
async function shown(caller: Caller, business = new Date(NOW).toISOString()) {
  const [task, me] = [await on.app.client.task(caller, { id: own }), await on.app.client.me(caller, {})];
  const { blocks } = cardContent({ kind: 'card', task, me, halted: [], names: {}, business }, 'http://localhost', 'Europe/Berlin', NOW);
  return { says: secondStepSays(task, me), not: whyNot(task, me, (person) => person), slack: JSON.stringify(blocks) };
}

beforeAll(async () => {
  on = await stage(inject('services'), { change: alone });
  await on.app.client.ratify(await on.themselves('johanna'), {});
  await housekeeping(on.app.world, on.organization.id);
  first = await on.themselves('johanna');
  const [invoice = ''] = await bills(on, 1, 1, ABOVE);
  own = await propose(on, invoice, ABOVE, johanna);
  await judge(on.app.world, on.organization.id, own, 1);
  buildInbox();
  api = await startApi({ client: on.app.client, operator: 'the-operator', host: '127.0.0.1', port: 0, missing: () => on.app.missing(), log: () => undefined });
  browser = await launch();
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await api.close();
  await on.close();
});

/** The task in a browser that is signed in with that token. */
async function looked(caller: Caller, options = {}): Promise<Window> {
  const token = caller.kind === 'person' ? caller.token : 'none';
  const link = await inboxLink({ dataDir: on.dataDir, as: undefined, token, url: `http://localhost:${api.port}` }, `/tasks/${own}`);
  const window = await openWindow(browser, link, options);
  await window.page.getByTestId('second-step').waitFor();
  return window;
}

test('before its time it says from when on, and has no buttons', async () => {
  const { says, not, slack } = await shown(first);
  expect(says).toContain('the same person twice, not four eyes');
  expect(not).toMatch(/^You may confirm your own request from .* UTC on, by the real clock, with a token that is newer than/);
  expect(slack).toContain('not four eyes');
  expect(slack).toContain('You may confirm your own request from');
  expect(slack).not.toContain('charter_approve');
  const { page, errors, close } = await looked(first);
  expect(await page.getByTestId('second-step').innerText()).toContain('the same person twice, not four eyes');
  expect(await page.locator('#not').innerText()).toBe(not);
  for (const name of ['Approve', 'Decline', 'Edit']) expect(await page.getByRole('button', { name }).isDisabled(), name).toBe(true);
  await page.keyboard.press('a');
  await page.keyboard.press('?'); // by now the first key was heard
  expect(await page.getByRole('dialog').allInnerTexts()).toEqual([expect.stringContaining('Keys')]);
  expect(errors).toEqual([]);
  await close();
});

test('values in prose stand as code, without backticks, and a day is never broken', async () => {
  const says = 'the bill `R-1` of `<b>Oak</b>` is due on 2026-03-02, as they wrote on 2026-02-27';
  await on.rows(`update proposal set rationale = $3 where org = $1 and id = $2`, [on.organization.id, own, says]);
  const { page, errors, close } = await looked(first, { viewport: { width: 390, height: 844 } });
  const said = page.locator('article p', { hasText: 'as they wrote' });
  expect(await said.innerText()).toContain(says.replaceAll('`', ''));
  expect(await said.locator('code').allInnerTexts()).toEqual(['R-1', '<b>Oak</b>']);
  for (let width = 320; width < 440; width += 4) {
    await page.setViewportSize({ width, height: 844 });
    const days = await said.locator('span').evaluateAll((all) => all.map((one) => [one.textContent, one.getClientRects().length]));
    expect(days, `at ${width}`).toEqual([
      ['2026-03-02', 1],
      ['2026-02-27', 1],
    ]);
  }
  expect(errors).toEqual([]);
  await close();
});

test('old and new stand side by side; what nothing is replaced by is not on record; a value is shown as it is', async () => {
  const card = [
    { label: 'Pay', value: '2,500.00 EUR' },
    { label: 'To', value: 'the `Oak` & Sons <b>x</b>' },
    { label: 'Account', value: 'DE44500105175407324931', before: 'DE94820522343195062492' },
    { label: 'Because', value: 'of `R-1`', prose: true },
  ];
  await on.rows(`update proposal set card = $3 where org = $1 and id = $2`, [on.organization.id, own, JSON.stringify(card)]);
  const { page, errors, close } = await looked(first);
  const rows = page.getByLabel('What is asked').getByRole('row');
  expect(await rows.evaluateAll((all) => all.map((one) => [...one.children].map(({ textContent }) => textContent)))).toEqual([
    ['What', 'On record', 'Asked now'],
    ['Pay', '', '2,500.00 EUR'],
    ['To', '', 'the `Oak` & Sons <b>x</b>'],
    ['Account', 'DE94820522343195062492', 'DE44500105175407324931'],
    ['Because', '', 'of R-1'],
  ]);
  expect(errors).toEqual([]);
  await close();
});

test('with a token from before the question it says how to make a new one, and has no buttons', async () => {
  await later();
  await on.rows(`update token set issued_at = issued_at - interval '62 minutes' where org = $1 and person = $2`, [on.organization.id, johanna]);
  const { not, slack } = await shown(first);
  expect(not).toContain('charter people token johanna --as johanna');
  expect(slack).not.toContain('charter_approve');
  const { page, close } = await looked(first);
  expect(await page.locator('#not code').innerText()).toBe('charter people token johanna --as johanna');
  expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  await close();
});

test('then it has the buttons, still says what it is, and the press is the vote that the server counts', async () => {
  const { token } = await on.app.client.issue_token(first, { person: johanna });
  const fresh: Caller = { kind: 'person', token };
  const { says, not, slack } = await shown(fresh);
  expect([says?.includes('not four eyes'), not]).toEqual([true, undefined]);
  expect(slack).toContain('charter_approve');
  const { page, errors, close } = await looked(fresh);
  expect(await page.getByTestId('second-step').innerText()).toContain('not four eyes');
  expect((await on.app.client.task(first, { id: own })).votes).toEqual([]);
  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Your vote to approve counts.').waitFor();
  await page.getByText('Johanna Lindner: approve (an own request: not four-eyes)').waitFor();
  expect((await on.app.client.task(first, { id: own })).votes).toMatchObject([{ person: 'johanna', choice: 'approve', void: null, fourEyes: false }]);
  expect(errors).toEqual([]);
  await close();
});

test('somebody else’s request, or one that another holds the role for, is no second step', async () => {
  const clara = await shown(await on.themselves('clara'));
  expect(clara.says).toBeUndefined();
  await on.rows(`update person set roles = '{finance}' where org = $1 and person = 'clara'`, [on.organization.id]);
  expect((await on.app.client.task(first, { id: own })).secondStep).toBeNull();
});

test('a deadline says that it is the real clock’s where the organization’s day is another, and nothing where it is not', async () => {
  expect((await shown(first, '2026-03-02T08:00:00.000Z')).slack).toContain(', by the real clock');
  expect((await shown(first)).slack).not.toContain(', by the real clock');
});
