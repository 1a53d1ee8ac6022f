/** What a person decides in the browser is what they read there, and they are who they see: in a real Chromium. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { inboxLink } from '../../src/surfaces/cli/call.ts';
import { launch, openWindow, sound, type Window } from '../fixtures/browser.ts';
import { inboxOf, type Inbox } from '../fixtures/inbox.ts';
import { reviewed } from '../fixtures/stage.ts';

const ABOVE = 250_000; // minor units: above the agent's authority, so that finance decides
const CHANGED = 'A fact that matters changed since it was shown; read it again.';
let inbox: Inbox;
let browser: Browser;
let invoices: string[];
let ids: ProposalId[];
beforeAll(async () => {
  inbox = await inboxOf(inject('services'));
  browser = await launch();
  invoices = await bills(inbox.on, 6, 4, ABOVE);
  ids = await Promise.all(invoices.map((invoice) => waits(invoice)));
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await inbox.close();
});

/** The id of a proposal to pay, once it waits for people. */
async function waits(invoice: string, minor = ABOVE): Promise<ProposalId> {
  const id = await propose(inbox.on, invoice, minor);
  await inbox.on.temporal.wakeAction(inbox.on.organization.id, id);
  await inbox.on.until('it waits', async () => (await inbox.byId(id))?.waits === true);
  return id;
}
const open = async (person: string): Promise<Window> => openWindow(browser, await inbox.link(person));
const look = async (page: Page, id: string): Promise<void> => {
  await page.goto(`${inbox.url}/tasks/${id}`);
  await page.getByText(id, { exact: true }).waitFor();
};
const material = async (id: string) => (await inbox.byId(id))?.decision?.material;

/** The supplier's account is another since today: the task is judged again, on facts that are others. */
async function change(n: number): Promise<void> {
  const { on } = inbox;
  const id = ids[n] ?? expect.fail('there are not so many');
  const before = await material(id);
  await on.rows(`update supplier s set account_since = current_date from invoice i where i.org = $1 and i.id = $2 and s.org = i.org and s.id = i.supplier`, [
    on.organization.id,
    invoices[n],
  ]);
  await on.temporal.wakeAction(on.organization.id, id);
  await on.until('it is judged again', async () => (await material(id)) !== before);
  expect(await inbox.byId(id)).toMatchObject({ waits: true });
}

test.each([
  { deed: 'a vote', n: 0, key: 'a', send: 'Approve' },
  { deed: 'an edit', n: 1, key: 'e', send: 'Propose' },
])('facts that change under an open dialog: $deed is not sent, and the dialog says why', async ({ n, key, send }) => {
  const [{ page, errors, close }, id] = [await open('clara'), ids[n] ?? ''];
  await look(page, id);
  await page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  if (key === 'e') await dialog.getByRole('textbox', { name: /Why/ }).fill('as they told me');
  expect(await dialog.getByRole('button', { name: send }).isEnabled()).toBe(true);
  const sent: string[] = [];
  page.on('request', (one) => one.method() === 'POST' && sent.push(one.url()));
  await change(n);
  await dialog.getByRole('alert').getByText(CHANGED).waitFor();
  expect(await dialog.getByRole('button', { name: send }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').last().focus();
  await page.evaluate(`document.querySelector('[role=dialog] form').requestSubmit()`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect([sent, (await inbox.byId(id))?.votes, (await inbox.byId(id))?.outcome]).toEqual([[], [], null]);
  await page.keyboard.press('a'); // read again, and decided as it is now
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Your vote to approve counts.').waitFor();
  expect(errors).toEqual([]);
  await close();
});

test('where the page has not heard of it yet the server does not count the vote', async () => {
  const [{ page, close }, id] = [await open('clara'), ids[2] ?? ''];
  await look(page, id);
  await page.route('**/api/tasks/**', (route) => (route.request().method() === 'GET' ? new Promise(() => undefined) : route.continue()));
  await page.keyboard.press('a');
  await page.route('**/api/tasks', () => new Promise(() => undefined)); // and the list stands still
  await change(2);
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText(CHANGED).waitFor();
  expect((await inbox.byId(id))?.votes).toEqual([]);
  await close();
});

test('facts that change under the dialog of several: the one is skipped and said to be, the other is decided', async () => {
  const [{ page, close }, first, second] = [await open('clara'), ids[2] ?? '', ids[3] ?? ''];
  const boxes = page.getByRole('navigation', { name: 'Tasks' });
  for (const id of [first, second]) await boxes.locator(`a[href="/tasks/${id}"]`).locator('xpath=..').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Approve 2' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve 2 tasks?' });
  await dialog.getByRole('button', { name: 'Approve 2' }).waitFor();
  await change(3);
  await dialog.getByRole('alert').getByText(CHANGED).waitFor();
  const sent: string[] = [];
  page.on('request', (one) => one.method() === 'POST' && sent.push(new URL(one.url()).pathname));
  await dialog.getByRole('button', { name: 'Approve 2' }).click();
  await dialog.getByText('1 of 2 counted, 1 skipped:').waitFor();
  await dialog.getByText(CHANGED).waitFor();
  expect(sent).toEqual([`/api/tasks/${first}/decision`]);
  expect((await inbox.byId(second))?.votes).toEqual([]);
  expect((await inbox.byId(first))?.votes).toMatchObject([{ person: 'clara', choice: 'approve' }]);
  await close();
});

test('a new tab of the same browser is signed in, and signing out in one ends the other', async () => {
  const [{ page, close }, id] = [await open('clara'), ids[3] ?? ''];
  const tab = await page.context().newPage();
  await look(tab, id);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await tab.getByText('Nobody is signed in.').waitFor();
  await page.getByText('Nobody is signed in.').waitFor();
  await close();
});

test('another program on this machine is sent the cookie, and is nobody by it', async () => {
  const { page, close } = await open('clara');
  let cookie = '';
  const elsewhere = createServer((request, response) => {
    cookie = request.headers.cookie ?? '';
    response.setHeader('content-type', 'text/html').end('<p>a page');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve));
  const address = elsewhere.address();
  const other = await page.context().newPage();
  await other.goto(`http://localhost:${typeof address === 'object' ? address?.port : 0}/`);
  expect(cookie).toContain('charter_inbox=');
  expect(await other.evaluate('localStorage.length')).toBe(0); // what the page keeps stays with its own port
  for (const path of ['/api/tasks', '/api/stream']) expect((await fetch(`${inbox.url}${path}`, { headers: { cookie, origin: inbox.url } })).status).toBe(401);
  elsewhere.close();
  await close();
});

test('a link of somebody else asks first: stay, or end the session that is here', async () => {
  const { page, errors, close } = await open('clara');
  const follow = async () => {
    const tab = await page.context().newPage();
    await tab.goto(await inbox.link('emre'));
    await tab.getByText('Clara Behrens is signed in here, and this link is of Emre Aydin.').waitFor();
    return tab;
  };
  const stays = await follow();
  expect(stays.url()).toBe(`${inbox.url}/`);
  await sound(stays, 'somebody else is signed in');
  await stays.getByRole('button', { name: 'Stay as it is' }).click();
  await stays.getByText('Clara Behrens (finance)').waitFor();
  const goes = await follow();
  await page.keyboard.press('?'); // a dialog of clara's is open elsewhere
  await page.getByRole('dialog').waitFor();
  await goes.getByRole('button', { name: 'End that session, and use the link' }).click();
  await goes.getByText('Emre Aydin (finance').waitFor();
  await page.getByText('Emre Aydin (finance').waitFor(); // loaded anew: it says whose it is now, and nothing of clara's is left open
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(errors.filter((one) => !one.includes('401'))).toEqual([]);
  await close();
});

test('a task that waits on after a vote stays where it is looked at, and j goes on from where it stood', async () => {
  const [large = ''] = await bills(inbox.on, 5, 1, 1_200_000); // finance and the owner decide
  const id = await waits(large, 1_200_000);
  const { page, close } = await open('clara');
  const listed = page.locator('nav a[href^="/tasks/"]');
  await page.locator(`nav a[href="/tasks/${id}"]`).waitFor();
  const links = await listed.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const next = links[links.indexOf(`/tasks/${id}`) + 1] ?? expect.fail('it is the last');
  await page.locator(`nav a[href="/tasks/${id}"]`).click();
  await page.getByText(id, { exact: true }).waitFor();
  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Your vote to approve counts.').waitFor();
  await page.locator('#not').getByText('You voted to approve it.').waitFor();
  const place = async () => (await listed.evaluateAll((all) => all.map((one) => one.getAttribute('href')))).indexOf(`/tasks/${id}`);
  await expect.poll(place, { timeout: 10_000 }).toBeGreaterThan(links.indexOf(`/tasks/${id}`)); // the list reads again after the task did
  await page.keyboard.press('j');
  await page.waitForURL(`${inbox.url}${next}`);
  await close();
});

test('what cannot be seen is shown as such, wherever a record or a person wrote it', async () => {
  const id = ids[3] ?? expect.fail('there are not so many');
  const name = 'Oak \u202egpj.exe\u202c\u200b & Sons';
  await inbox.on.rows(`update proposal set rationale = $3, card = $4 where org = $1 and id = $2`, [
    inbox.on.organization.id,
    id,
    `from \u2066${name}`,
    JSON.stringify([{ label: 'Pay', value: name, before: name }]),
  ]);
  const { page, close } = await open('clara');
  await look(page, id);
  await page.getByRole('heading', { name: 'Pay Oak \ufffdgpj.exe\ufffd\ufffd & Sons' }).waitFor();
  expect(await page.content()).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/);
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Why/ }).fill('\u200b\u2060no\ufeff\u2800\u3164\u00ad');
  expect(await dialog.getByRole('button', { name: 'Decline' }).isDisabled()).toBe(true);
  const caller = { kind: 'person', token: inbox.tokens['clara'] ?? '' } as const;
  const unseen = '\u200b\u202e\u2060\ufeff\u3164\u00adno';
  await expect(inbox.on.app.client.decide(caller, { id, choice: 'decline', reason: unseen })).rejects.toThrow('at least 5 characters that can be seen');
  expect((await inbox.byId(id))?.votes).toEqual([]);
  await close();
});

test('what a person was asked themselves stands at the top, is answered by keyboard, and goes away where it is answered elsewhere', async () => {
  const { client } = inbox.on.app;
  await reviewed(inbox.on, 'first', 'staffing');
  await reviewed(inbox.on, 'first', 'compliance');
  const caller = (person: string) => ({ kind: 'person', token: inbox.tokens[person] ?? '' }) as const;
  await inbox.on.until('emre is asked', async () => (await client.consents(caller('emre'), {})).some(({ person }) => person === 'emre'));
  await inbox.on.until(
    'viktor is asked',
    async () => (await client.tasks(caller('viktor'), {})).filter(({ person }) => person === 'viktor').length === 2,
    30_000,
  );
  const [emre, viktor, clara] = await Promise.all(['emre', 'viktor', 'clara'].map(open));
  if (!emre || !viktor || !clara) return expect.fail('a window is missing');
  const own = (window: Window) => window.page.getByRole('region', { name: 'You are asked yourself' }).getByRole('article');
  await own(emre).getByText('Would you take this shift?').waitFor();
  const badge = async () => Number(await viktor.page.getByTestId('badge').innerText());
  await own(viktor).nth(1).waitFor();
  const before = await badge();
  await sound(viktor.page, 'own questions');
  expect(await own(clara).count()).toBe(0);
  await emre.page.keyboard.press('o');
  await emre.page.keyboard.press('Enter');
  await emre.page.getByText(/^You take it: /).waitFor();
  await own(emre).waitFor({ state: 'detached' });
  expect(await client.consents(caller('emre'), {})).toMatchObject([{ person: 'emre', state: 'given' }]);
  const [first] = (await client.tasks(caller('viktor'), {})).filter(({ person }) => person === 'viktor');
  await client.finish_task(caller('viktor'), { id: first?.key ?? '' }); // on the command line
  await own(viktor).nth(1).waitFor({ state: 'detached' });
  expect(await badge()).toBe(before - 1);
  await own(viktor).getByRole('button', { name: 'It is done' }).click();
  await own(viktor).waitFor({ state: 'detached' });
  expect((await client.tasks(caller('viktor'), {})).filter(({ person, done }) => person === 'viktor' && done === null)).toEqual([]);
  await Promise.all([emre, viktor, clara].map((window) => window.close()));
});

test('whose shifts changed without their word reads it at the top; nothing counts it, and its task says why', async () => {
  const { client } = inbox.on.app;
  await reviewed(inbox.on, 'first', 'staffing');
  const paul = await inbox.on.person('paul');
  if (paul.kind !== 'person') return expect.fail('no token');
  await inbox.on.until('the swap is done', async () => (await client.rota_changes(paul, {})).length === 1);
  const link = await inboxLink({ dataDir: inbox.on.dataDir, as: undefined, token: paul.token, url: inbox.url });
  const { page, errors, close } = await openWindow(browser, link);
  const told = page.getByRole('region', { name: 'Your shifts changed' });
  await told.getByText('2026-03-10 stores at mill-lane goes to emre.').waitFor();
  expect(await page.getByRole('region', { name: 'You are asked yourself' }).getByRole('button').count()).toBe(0);
  await sound(page, 'told');
  await told.getByRole('link', { name: 'Why' }).press('Enter');
  await page.getByText('is on', { exact: false }).first().waitFor();
  expect(page.url()).toContain('/tasks/prp-');
  expect(errors).toEqual([]);
  await close();
});
