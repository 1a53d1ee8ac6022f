/** A list that is cut says so, and gives the rest: over the wire, on the command line, and in a real Chromium. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { Caller, Input, TaskPage } from '../../src/client.ts';
import { runCommand } from '../../src/surfaces/cli/run.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow, sound } from '../fixtures/browser.ts';
import { copies } from '../fixtures/copies.ts';
import { inboxOf, type Inbox } from '../fixtures/inbox.ts';

const ABOVE = 250_000; // minor units: above the agent's authority, so that finance decides
const WAITING = 520; // more than a page of 500
const DONE = 230; // more than two pages of a search of 100
const Page = z.object({ tasks: z.array(z.object({ id: z.string() })), total: z.int().nullable(), next: z.string().nullable() });
let inbox: Inbox;
let browser: Browser;
beforeAll(async () => {
  inbox = await inboxOf(inject('services'));
  browser = await launch();
  const { on } = inbox;
  const [invoice = ''] = await bills(on, 5, 1, ABOVE);
  const open = await propose(on, invoice, ABOVE);
  await on.temporal.wakeAction(on.organization.id, open);
  await on.until('it waits', async () => (await inbox.byId(open))?.waits === true);
  await copies(on, open, 'a', WAITING, 'waiting');
  await copies(on, (await on.tasks()).find(({ outcome }) => outcome === 'done')?.id ?? 'none', 'b', DONE, 'done');
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await inbox.close();
});

const caller = (person: string): Caller => ({ kind: 'person', token: inbox.tokens[person] ?? '' });
const charter = async (...words: string[]) => {
  let said = '';
  const out = (text: string) => (said += text);
  const status = await runCommand([...words, '--url', inbox.url, '--token', inbox.tokens['clara'] ?? ''], { env: process.env, columns: 100, out, err: out });
  return { status, said };
};
/** Everything, page by page. */
async function whole(read: (after: { after?: string }) => Promise<TaskPage>) {
  const pages = [await read({})];
  for (let last = pages.at(-1); last && last.next !== null; last = pages.at(-1)) pages.push(await read({ after: last.next }));
  return { pages, ids: pages.flatMap(({ tasks }) => tasks.map(({ id }) => id)) };
}
const waitingIds = async () =>
  (
    await inbox.on.rows<{ id: string }>(
      `select p.id from proposal p where p.org = $1 and p.outcome is null and exists (select 1 from decision d where d.org = p.org and d.proposal = p.id and d.verdict = 'escalate')`,
      [inbox.on.organization.id],
    )
  ).map(({ id }) => id);

test('what waits is listed in pages that say how many there are in all; none is missing, and none comes twice', async () => {
  const { pages, ids } = await whole((after) => inbox.on.app.client.inbox(caller('clara'), { all: false, ...after }));
  const all = await waitingIds();
  expect(all.length).toBeGreaterThan(WAITING);
  expect(pages.map(({ tasks }) => tasks.length)).toEqual([500, all.length - 500]);
  expect(pages.map(({ total }) => total)).toEqual([all.length, all.length]);
  expect([...ids].sort()).toEqual([...all].sort());
});

test('a page begins anew where its cursor was decided meanwhile: nothing is passed over; what is no task is refused', async () => {
  const done = (await inbox.on.tasks()).find(({ outcome }) => outcome === 'done')?.id ?? '';
  const first = await inbox.on.app.client.inbox(caller('clara'), { all: false });
  expect((await inbox.on.app.client.inbox(caller('clara'), { all: false, after: done })).tasks.map(({ id }) => id)).toEqual(first.tasks.map(({ id }) => id));
  await expect(inbox.on.app.client.inbox(caller('clara'), { all: false, after: 'prp-nothing' })).rejects.toMatchObject({ code: 'task_unknown' });
});

test.each<[string, (person: string, after: { after?: string }) => Promise<TaskPage>]>([
  ['all tasks', (person, after) => inbox.on.app.client.inbox(caller(person), { all: true, ...after })],
  ['what was decided', (person, after) => inbox.on.app.client.search(caller(person), { text: '', ...after })],
])('%s: every one once, page by page; who sees little of it is not told that this is the end before it is', async (what, read) => {
  const { pages, ids } = await whole((after) => read('clara', after));
  const [count] = await inbox.on.rows<{ n: number }>(
    `select count(*)::int n from proposal where org = $1 ${what === 'all tasks' ? '' : 'and outcome is not null'}`,
    [inbox.on.organization.id],
  );
  expect(pages.length).toBeGreaterThan(1);
  expect([ids.length, new Set(ids).size]).toEqual([count?.n, count?.n]);
  const { pages: seen } = await whole((after) => read('greta', after)); // nothing of finance is hers
  expect(seen).toEqual([{ tasks: [], total: null, next: null }]);
});

test('the command line says what it left out and how to go on, and as JSON', async () => {
  const [{ said }, all] = [await charter('inbox', 'list'), await waitingIds()];
  const next = /500 of (\d+) are listed\. The next: npx charter inbox list --after (prp-\S+)/.exec(said);
  expect(next?.[1]).toBe(String(all.length));
  const rest = Page.parse(JSON.parse((await charter('--json', 'inbox', 'list', '--after', next?.[2] ?? '')).said));
  expect(rest).toMatchObject({ total: all.length, next: null });
  expect(rest.tasks).toHaveLength(all.length - 500);
  const found = await charter('inbox', 'search', 'done');
  expect(found.said).toContain('100 are listed, and there are more. The next: npx charter inbox search … --after prp-');
  expect((await charter('inbox', 'search', 'nobody ever wrote this')).said).toBe('Nothing that was decided has this on it.\n');
  expect(Page.parse(JSON.parse((await charter('--json', 'inbox', 'search', 'S-00007')).said))).toMatchObject({ next: null });
});

test('the API carries it: the same operations, with the same pages', async () => {
  const post = async <O extends 'inbox' | 'search'>(operation: O, input: Input<O>) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${inbox.tokens['clara'] ?? ''}` };
    return Page.parse(await (await fetch(`${inbox.url}/v1/${operation}`, { method: 'POST', headers, body: JSON.stringify(input) })).json());
  };
  const [waiting, found] = [await post('inbox', { all: false }), await post('search', { text: 'done' })];
  expect([waiting.tasks.length, waiting.next === null, found.tasks.length, found.next === null]).toEqual([500, false, 100, false]);
});

test('the pages in the browser say what they left out, and show the next', async () => {
  const { page, errors, close } = await openWindow(browser, await inbox.link('clara'), { viewport: { width: 390, height: 844 } });
  const all = (await waitingIds()).length;
  const more = page.getByTestId('more');
  await more.getByText(`500 of ${all} are listed.`).waitFor();
  await sound(page, 'a list that is cut, on a phone');
  await more.getByRole('button', { name: 'Show the next' }).click();
  await more.waitFor({ state: 'detached' });
  const headings = await page.getByRole('heading', { name: /^Waits for (you|others)/ }).allInnerTexts();
  expect(headings.reduce((sum, text) => sum + Number(/\((\d+)\)/.exec(text)?.[1]), 0)).toBe(all);
  await page.goto(`${inbox.url}/decided`);
  await more.getByText('100 are listed, and there are more. Narrow the search, or go on.').waitFor();
  await more.getByRole('button').click();
  await more.getByText('200 are listed').waitFor();
  await page.getByRole('searchbox').fill('S-00007');
  await more.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
  await close();
});
