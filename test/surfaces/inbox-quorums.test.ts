/** How far a question has come where everybody has to approve, or more than one decline ends it: on the page, in real Chromium, and on Slack's card. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cardContent } from '../../src/surfaces/slack/card.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow, sound } from '../fixtures/browser.ts';
import { draftFolder } from '../fixtures/draft.ts';
import { inboxOf, type Inbox } from '../fixtures/inbox.ts';
import { AMOUNTS, OWN_ARTICLES, OWN_CASES } from '../fixtures/own-articles.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let inbox: Inbox;
let browser: Browser;
beforeAll(async () => {
  const services = inject('services');
  const draft = draftFolder(services.dataDir);
  draft.write('90-own', OWN_ARTICLES, OWN_CASES);
  inbox = await inboxOf(services, { constitution: draft.url });
  browser = await launch();
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await inbox.close();
});

/** The id of a payment, once it waits. */
async function waits(batch: number, minor: number): Promise<string> {
  const [invoice = ''] = await bills(inbox.on, batch, 1, minor);
  const id = await propose(inbox.on, invoice, minor);
  await inbox.on.temporal.wakeAction(inbox.on.organization.id, id);
  await inbox.on.until('it waits', async () => (await inbox.byId(id))?.waits === true);
  return id;
}
const look = async (page: Page, id: string): Promise<void> => {
  await page.goto(`${inbox.url}/tasks/${id}`);
  await page.getByText(id, { exact: true }).waitFor();
};
/** What Slack's card says to somebody. */
async function onSlack(id: string, person: string): Promise<string> {
  const task = (await inbox.byId(id)) ?? expect.fail(`no task ${id}`);
  const me = await inbox.on.app.client.me({ kind: 'person', token: inbox.tokens[person] ?? '' }, {});
  const card = { kind: 'card', task, me, halted: [], names: {}, business: new Date().toISOString() } as const;
  return JSON.stringify(cardContent(card, inbox.url, 'Europe/Berlin', Date.now()).blocks);
}

test('a decline below its threshold stands on the card, which says how many would end it; the last one ends it, and says why', async () => {
  const id = await waits(5, AMOUNTS.twoDeclines);
  const { page, errors, close } = await openWindow(browser, await inbox.link('johanna'), PHONE);
  await look(page, id);
  await page.getByText('manager: 0 of 2 approved, 0 declined of 2 that would end it.').waitFor();
  await inbox.decide('viktor', id, 'decline');
  await page.getByText('manager: 0 of 2 approved, 1 declined of 2 that would end it. May vote: Johanna Lindner, Nadia Petrov.').waitFor();
  await page.getByText('Viktor Voss: decline, as they told me on the phone').waitFor();
  expect(await onSlack(id, 'johanna')).toContain('manager: 0 of 2 approved, 1 declined of 2 that would end it. Who may: johanna, nadia.');
  await sound(page, 'a card with a threshold of declines, on a phone');
  await page.getByRole('button', { name: 'Approve' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).tap();
  await page.getByText('manager: 1 of 2 approved, 1 declined of 2 that would end it. May vote: Nadia Petrov.').waitFor();
  await inbox.decide('nadia', id, 'decline');
  await page.getByTestId('state').getByText('declined').waitFor();
  await page.getByText('It ended because 2 of manager declined, and 2 end it.').waitFor();
  expect(await onSlack(id, 'johanna')).toContain('It is already declined, decided by viktor, johanna, nadia: 2 of manager declined, and 2 end it.');
  expect(errors).toEqual([]);
  await close();
});

test('where everybody has to approve the card says so, and who is left', async () => {
  const id = await waits(6, AMOUNTS.everybody);
  const { page, errors, close } = await openWindow(browser, await inbox.link('clara'));
  await look(page, id);
  await page.getByText('finance: 0 of 2, which is everybody. May vote: Clara Behrens, Emre Aydin.').waitFor();
  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('finance: 1 of 2, which is everybody. May vote: Emre Aydin.').waitFor();
  expect(await onSlack(id, 'emre')).toContain('finance: 1 of 2, which is everybody. Who may: emre.');
  await sound(page, 'a card that waits for everybody');
  await inbox.decide('emre', id);
  await inbox.on.until('it is done', async () => (await inbox.byId(id))?.outcome === 'done');
  expect(errors).toEqual([]);
  await close();
});
