/** An amendment where owners are: a card in Slack and a page of the inbox. Both show what it would have changed, and a vote is on what was shown. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { AmendmentCard, Caller } from '../../src/client.ts';
import { startApi } from '../../src/surfaces/api/server.ts';
import { inboxLink } from '../../src/surfaces/cli/call.ts';
import { buildInbox, launch, openWindow, sound } from '../fixtures/browser.ts';
import { draftFolder, NIGHT, NIGHT_CASES, type DraftFolder } from '../fixtures/draft.ts';
import { press, submit, type Body, type Said } from '../fixtures/slack.ts';
import { fresh, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

const operator: Caller = { kind: 'operator' };
let at: SlackStage;
let draft: DraftFolder;
let api: Awaited<ReturnType<typeof startApi>>;
let browser: Browser;
beforeAll(async () => {
  const services = inject('services');
  draft = draftFolder(services.dataDir);
  buildInbox();
  at = await slackStage(services, { constitution: draft.url });
  const { app } = at.on;
  api = await startApi({ client: app.client, operator: 'the-operator', host: '127.0.0.1', port: 0, missing: () => app.missing(), log: () => undefined });
  browser = await launch();
  await at.link('johanna', 'UJOHANNA');
  await at.link('clara', 'UCLARA');
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await api.close();
  await at.close();
});

const act = (body: Body) => at.slack.send(fresh(), 'interactive', body);
const now = (id: string) => at.on.app.client.amendment(operator, { id });
const cardOf = async (user: string, id: string, holds: (said: Said) => boolean = () => true): Promise<Said> => {
  let found: Said | undefined;
  await at.on.until(
    `the card of ${id}`,
    () => Promise.resolve((found = at.slack.in(user).find((one) => one.blocks.includes(id) && holds(one))) !== undefined),
    60_000,
  );
  return found ?? expect.fail(id);
};
const link = async (person: string): Promise<string> => {
  const caller = await at.on.person(person);
  return inboxLink({ dataDir: at.on.dataDir, as: undefined, token: caller.kind === 'person' ? caller.token : 'none', url: `http://localhost:${api.port}` });
};

/** A draft put to the vote, once it is open. @param hour from which on payments need finance */
async function proposed(hour: number): Promise<AmendmentCard> {
  draft.write('90-night', NIGHT.replace('>= 20', `>= ${hour}`), NIGHT_CASES);
  const { id } = await at.on.app.client.amend(await at.on.person('johanna'), { reason: `the bank asks for it, from ${hour} on` });
  await at.on.until('it is open', async () => (await now(id)).state === 'open');
  return now(id);
}

test('an owner has a card with what it changes and would have changed, and nobody else has one; whoever may not vote is told who may', async () => {
  const { id, digest } = await proposed(20);
  const { blocks } = await cardOf('UJOHANNA', id);
  for (const said of [
    'the bank asks for it',
    'A payment at night needs finance',
    'recorded decisions',
    digest,
    'By the real clock',
    'charter_amendment_approve',
  ])
    expect(blocks).toContain(said);
  expect(z.array(z.object({ type: z.string() }).loose()).parse(JSON.parse(blocks)).length).toBeGreaterThan(3);
  expect(at.slack.in('UCLARA').filter((one) => one.blocks.includes(id))).toEqual([]);
  const views = at.slack.views.length;
  await act(press('UCLARA', 'charter_amendment_approve', JSON.stringify({ amendment: id, digest })));
  await at.on.until('clara is told', () =>
    Promise.resolve(at.slack.whispers.some(({ user, text }) => user === 'UCLARA' && /Owners decide this. Who may: Johanna/.test(text))),
  );
  expect(at.slack.views).toHaveLength(views);
  await act(submit('UCLARA', 'charter_amendment_form', JSON.stringify({ amendment: id, digest, choice: 'approve' }), { reason: '' }));
  expect((await now(id)).votes).toEqual([]);
});

test('a vote is on the digest that was shown, a decline has a reason, and the card says what became of it', async () => {
  const [open] = await at.on.app.client.amendments(operator, { all: false });
  const { id, digest } = open ?? expect.fail('nothing is open');
  const form = (seen: string, choice: string, reason: string) =>
    act(submit('UJOHANNA', 'charter_amendment_form', JSON.stringify({ amendment: id, digest: seen, choice }), { reason }));
  await form('a'.repeat(64), 'approve', '');
  await at.on.until('told', () => Promise.resolve(at.slack.in('UJOHANNA').some(({ text }) => text.includes('is not its digest'))));
  expect(JSON.stringify((await form(digest, 'decline', 'no'))?.payload)).toContain('at least 5 characters');
  expect((await now(id)).votes).toEqual([]);
  await act(press('UJOHANNA', 'charter_amendment_decline', JSON.stringify({ amendment: id, digest })));
  await at.on.until('the form', () => Promise.resolve(JSON.stringify(at.slack.views).includes('charter_amendment_form')));
  await form(digest, 'decline', 'not before the audit');
  await at.on.until('it is declined', async () => (await now(id)).state === 'declined');
  const card = await cardOf('UJOHANNA', id, ({ blocks }) => blocks.includes('already declined'));
  expect(card.blocks).not.toContain('charter_amendment_approve');
  expect((await now(id)).votes).toMatchObject([{ person: 'johanna', choice: 'decline', reason: 'not before the audit' }]);
});

test('the inbox shows the same; an owner ratifies with the keyboard, and it is in force', async () => {
  const { id, digest } = await proposed(21);
  const { page, errors, close } = await openWindow(browser, await link('johanna'));
  await page.getByRole('link', { name: 'Amendments' }).click();
  await page.getByText(`What is voted on: ${digest}`).waitFor();
  expect(await page.getByTestId('amendments-badge').innerText()).toBe('1'); // it waits for her
  expect(await page.title()).toMatch(/^\(\d+\) /);
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 375]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await sound(page, `amendments, ${colorScheme}, ${width} wide`);
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByText(/recorded decisions/).waitFor();
  await page.keyboard.press('j'); // the declined one
  await page.getByTestId('state').getByText('declined').waitFor();
  await page.keyboard.press('k');
  await page.getByTestId('state').getByText('open').waitFor();
  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Your vote to approve counts.').waitFor();
  await page.getByTestId('state').getByText('ratified').waitFor();
  await at.on.until('it is in force in this process as well', async () => (await at.on.app.client.constitution_show(operator, {})).digest === digest);
  await cardOf('UJOHANNA', id, ({ blocks }) => blocks.includes('already ratified'));
  const clara = await openWindow(browser, await link('clara'));
  await clara.page.goto(`http://localhost:${api.port}/amendments/${id}`);
  await clara.page.locator('#not').getByText('already ratified').waitFor();
  expect(await clara.page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  expect((await page.getByTestId('amendments-badge').count()) + (await clara.page.getByTestId('amendments-badge').count())).toBe(0);
  expect(errors).toEqual([]);
  await Promise.all([close(), clara.close()]);
});
