/** What a task offers beside a vote, in a real Chromium: what its tool does not offer is off with the reason, and one person is asked by name. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/client.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow, sound, type Window } from '../fixtures/browser.ts';
import { about, inboxOf, type Inbox } from '../fixtures/inbox.ts';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const ABOVE = 250_000; // minor units: above the agent's authority, so that finance decides
let inbox: Inbox;
let browser: Browser;
beforeAll(async () => {
  inbox = await inboxOf(inject('services'));
  browser = await launch();
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await inbox.close();
});

const open = async (person: string, options = {}): Promise<Window> => openWindow(browser, await inbox.link(person), options);
const look = async (page: Page, id: string): Promise<void> => {
  await page.goto(`${inbox.url}/tasks/${id}`);
  await page.getByText(id, { exact: true }).waitFor();
};
const caller = (person: string): Caller => ({ kind: 'person', token: inbox.tokens[person] ?? '' });
const until = (id: string) => inbox.on.until('it waits', async () => (await inbox.byId(id))?.waits === true);

/** The id of a proposal to pay, once it waits for people. */
async function waits(batch: number): Promise<string> {
  const [invoice = ''] = await bills(inbox.on, batch, 1, ABOVE);
  const id = await propose(inbox.on, invoice, ABOVE);
  await inbox.on.temporal.wakeAction(inbox.on.organization.id, id);
  await until(id);
  return id;
}

test('what the tool does not offer is off, says why, and no key opens it; a question back is offered and answered', async () => {
  const args = { invoice: about('duplicate'), reason: 'two deliveries, two bills' };
  const asked = { tool: 'finance.release_invoice', args, reason: 'the supplier explained it', message: 'one' };
  const { id } = await inbox.on.app.client.propose(caller('clara'), asked);
  await until(id);
  const { page, errors, close } = await open('emre');
  await look(page, id);
  const [edit, respond] = [page.getByRole('button', { name: 'Edit' }), page.getByRole('button', { name: 'Respond' })];
  expect([await edit.isDisabled(), await respond.isEnabled()]).toEqual([true, true]);
  expect(await page.locator('#withheld').innerText()).toBe(
    'A call of finance.release_invoice cannot be edited; it offers approve, decline, respond. To have it otherwise, decline it and say how.',
  );
  await sound(page, 'a task that offers no edit');
  await page.keyboard.press('e');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Ask the agent' });
  await dialog.getByRole('textbox').fill('what is due?');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByRole('status').waitFor();
  expect(errors).toEqual([]);
  await close();
});

test('one of those who may decide it is asked by name: they see the card at once, and whoever asked is not offered', async () => {
  const id = await waits(5);
  const [clara, emre] = [await open('clara', PHONE), await open('emre')];
  await emre.page.getByRole('heading', { name: /^Waits for you/ }).waitFor();
  await look(clara.page, id);
  await clara.page.getByRole('button', { name: 'Ask by name' }).tap();
  const dialog = clara.page.getByRole('dialog', { name: 'Ask somebody by name' });
  const may = ((await inbox.byId(id))?.may ?? []).map(({ person }) => person);
  expect(may).toEqual(['clara', 'emre']);
  expect(await dialog.getByLabel('Whom').locator('option').allInnerTexts()).toEqual(['Emre Aydin']);
  await sound(clara.page, 'asking by name, on a phone');
  await dialog.getByRole('button', { name: 'Ask' }).tap();
  await clara.page.getByText('is asked by name; whoever else may decide it still may.').waitFor();
  await clara.page.getByText('Emre Aydin was asked by name, by Clara Behrens.').waitFor();
  await clara.page.locator('#named').getByText('Nobody else is left to ask by name').waitFor();
  expect(await clara.page.getByRole('button', { name: 'Ask by name' }).isDisabled()).toBe(true);
  await emre.page.getByRole('navigation', { name: 'Tasks' }).locator(`a[href="/tasks/${id}"]`).getByText('clara asks you by name').waitFor(); // nothing was loaded anew
  expect(await inbox.byId(id)).toMatchObject({ nudged: [{ person: 'emre', by: 'clara' }], may: [{ person: 'clara' }, { person: 'emre' }] });
  expect([...clara.errors, ...emre.errors]).toEqual([]);
  await Promise.all([clara.close(), emre.close()]);
});

test('beside what was decided stands its record of evidence: each event with the digest that the log holds, and no proof is claimed', async () => {
  const id = await waits(7);
  await inbox.decide('clara', id, 'decline');
  await inbox.on.until('it is declined', async () => (await inbox.byId(id))?.outcome === 'declined');
  const { page, errors, close } = await open('clara', PHONE);
  await look(page, id);
  await page.getByText('The record of evidence').tap();
  const record = page.locator('details', { has: page.getByText('The record of evidence') });
  await record.getByText('such a proof comes with the tree of the log').waitFor();
  const held = await inbox.on.rows<{ id: string; leaf: string; right: boolean }>(
    `select id, encode(leaf, 'hex') leaf, leaf = sha256('\\x00'::bytea || convert_to(header, 'utf8')) "right" from event where org = $1 and correlation = (select ask from proposal where org = $1 and id = $2)`,
    [inbox.on.organization.id, id],
  );
  const shown = await record.locator('pre').innerText();
  for (const type of ['decision.made', 'vote.cast', 'proposal.closed']) expect(shown).toContain(type);
  const own = held.filter((event) => shown.includes(event.id));
  expect(own.length).toBeGreaterThanOrEqual(3);
  for (const { id: event, leaf, right } of own) expect([shown.includes(`${event}\n  ${leaf}`), right]).toEqual([true, true]);
  await sound(page, 'the record of evidence, on a phone');
  await look(page, await waits(8));
  expect(await page.getByText('The record of evidence').count()).toBe(0); // what waits is not all recorded yet
  expect(errors).toEqual([]);
  await close();
});

test('who may not decide it can ask somebody who may, and is not offered to themselves', async () => {
  const id = await waits(6);
  const { page, close } = await open('johanna'); // the owner sees it, and finance decides it
  await look(page, id);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Ask somebody by name' });
  expect(await dialog.getByLabel('Whom').locator('option').allInnerTexts()).toEqual(['Clara Behrens', 'Emre Aydin']);
  await dialog.getByLabel('Whom').selectOption('emre');
  await dialog.getByRole('button', { name: 'Ask' }).click();
  await page.getByText('Emre Aydin was asked by name, by Johanna Lindner.').waitFor();
  await page.keyboard.press('n'); // and a second person
  await dialog.getByRole('button', { name: 'Ask' }).click();
  await page.getByText('Clara Behrens was asked by name, by Johanna Lindner.').waitFor();
  await close();
});
