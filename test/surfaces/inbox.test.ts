/** The inbox as a person sees it, in a real Chromium. What it refuses over the wire stands in `inbox-wire.test.ts`. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { secretDigest } from '../../src/activities/tokens.ts';
import { AgentName } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow, sound, type Window } from '../fixtures/browser.ts';
import { about, inboxOf, MARKUP, type Inbox } from '../fixtures/inbox.ts';

describe('in the browser', () => {
  let inbox: Inbox;
  let browser: Browser;
  let ids: string[]; // of proposals to pay bills of this file alone
  beforeAll(async () => {
    inbox = await inboxOf(inject('services'));
    browser = await launch();
    ids = await Promise.all((await bills(inbox.on, 7, 6, 250_000)).map((invoice) => waits(invoice, 250_000))); // above the agent's authority: finance decides
  }, 600_000); // a Chromium may have to be installed first
  afterAll(async () => {
    await browser.close();
    await inbox.close();
  });

  const outcome = async (id: string): Promise<string | null> => (await inbox.byId(id))?.outcome ?? null;
  /** The id of a proposal to pay, once it waits for people. */
  async function waits(invoice: string, minor: number): Promise<string> {
    const id = await propose(inbox.on, invoice, minor);
    await inbox.on.temporal.wakeAction(inbox.on.organization.id, id);
    await inbox.on.until('it waits', async () => (await inbox.byId(id))?.waits === true);
    return id;
  }
  const open = async (person: string, options = {}): Promise<Window> => openWindow(browser, await inbox.link(person), options);
  const look = async (page: Page, id: string): Promise<void> => {
    await page.goto(`${inbox.url}/tasks/${id}`);
    await page.getByText(id, { exact: true }).waitFor();
  };

  test('a link opens the inbox and is gone from the address; the badge counts what waits for this person alone', async () => {
    const { page, errors, close } = await open('clara');
    await page.getByRole('heading', { name: /^Waits for you/ }).waitFor();
    expect(page.url()).toBe(`${inbox.url}/`);
    const waiting = (await inbox.on.tasks()).filter(({ waits }) => waits);
    const mine = waiting.filter(({ may }) => may.some(({ person }) => person === 'clara'));
    expect(await page.getByTestId('badge').innerText()).toBe(String(mine.length));
    const greta = await open('greta');
    await greta.page.getByText('Nothing waits for people.').waitFor(); // of what is confidential she sees nothing
    expect(await greta.page.getByTestId('badge').count()).toBe(0);
    expect(errors).toEqual([]);
    await Promise.all([close(), greta.close()]);
  });

  test('approves with the keyboard, through the same vote and the same credential', async () => {
    const [{ page, errors, close }, id] = [await open('clara'), ids[0] ?? ''];
    await look(page, id);
    await page.getByText(/Refused if nobody decides by .*, by the real clock\./).waitFor(); // an example lives in another day
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Your vote to approve counts.').waitFor();
    await inbox.on.until('it is done', async () => (await outcome(id)) === 'done');
    await page.getByTestId('state').getByText('instructed').waitFor(); // a payment: no statement shows it yet
    await page.getByText('The payment: instructed, leaves on').waitFor();
    const [row] = await inbox.on.rows<{ secret_digest: string }>(
      `select t.secret_digest from vote v join token t on t.org = v.org and t.token = v.credential where v.org = $1 and v.proposal = $2`,
      [inbox.on.organization.id, id],
    );
    expect(row?.secret_digest).toBe(secretDigest(inbox.tokens['clara'] ?? ''));
    expect(errors).toEqual([]);
    await close();
  });

  test('declines with a reason, and not without', async () => {
    const [{ page, close }, id] = [await open('clara'), ids[1] ?? ''];
    await look(page, id);
    await page.getByRole('button', { name: 'Decline' }).first().click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Decline' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: /^Why/ }).fill('the pallets came broken');
    await dialog.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('Your vote to decline counts.').waitFor();
    await inbox.on.until('it is declined', async () => (await outcome(id)) === 'declined');
    expect((await inbox.byId(id))?.votes).toMatchObject([{ person: 'clara', reason: 'the pallets came broken' }]);
    await close();
  });

  test('an edit is a new proposal of the editor, whom others decide; votes on the old one are void', async () => {
    const [large = ''] = await bills(inbox.on, 8, 1, 1_200_000); // finance and the owner decide
    await inbox.on.rows(`update invoice set discount_minor = 1190000, discount_until = '2099-12-31' where org = $1 and id = $2`, [
      inbox.on.organization.id,
      large,
    ]);
    const id = await waits(large, 1_200_000);
    await inbox.decide('johanna', id);
    const { page, errors, close } = await open('clara');
    await look(page, id);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount (EUR)', { exact: true }).fill('11900.00');
    await dialog.getByRole('textbox', { name: /Why/ }).fill('they gave us a discount');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await page.getByText('Your version is proposed; others decide it.').waitFor();
    const next = (await inbox.on.tasks()).find((one) => one.args['invoice'] === large && one.id !== id)?.id ?? 'none';
    await page.waitForURL(`${inbox.url}/tasks/${next}`);
    expect(await inbox.byId(id)).toMatchObject({ outcome: 'edited', votes: [{ person: 'johanna', void: 'clara edited what was asked' }] });
    expect(await inbox.byId(next)).toMatchObject({ requester: 'clara', rationale: 'they gave us a discount', votes: [] });
    await inbox.on.until('it waits', async () => (await inbox.byId(next))?.waits === true);
    await page.locator('#not').getByText('You asked for this, and nobody approves what they asked for.').waitFor();
    await expect(inbox.decide('clara', next)).rejects.toThrow('nobody approves what they asked for');
    await inbox.decide('emre', next);
    await inbox.decide('johanna', next);
    await inbox.on.until('it is done', async () => (await outcome(next)) === 'done');
    expect(await inbox.on.rows(`select minor::int, key from payment where org = $1 and invoice = $2`, [inbox.on.organization.id, large])).toEqual([
      { minor: 1_190_000, key: next },
    ]);
    expect(errors).toEqual([]);
    await close();
  });

  test('a prefetch of every address of a task decides nothing', async () => {
    const [{ page, close }, id] = [await open('clara'), ids[2] ?? ''];
    await look(page, id);
    const statuses = await page.evaluate(`Promise.all(['/decision', '/decision?choice=approve'].map(async (one) => {
      const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: '/api/tasks/${id}' + one });
      document.head.append(link);
      return (await fetch(link.href)).status;
    }))`);
    expect(statuses).toEqual([404, 404]);
    expect(await inbox.byId(id)).toMatchObject({ votes: [], outcome: null });
    await close();
  });

  test('a page of another origin cannot decide, although the browser is signed in', async () => {
    const [{ page, close }, id] = [await open('clara'), ids[2] ?? ''];
    const form = `<form method="post" enctype="text/plain" action="${inbox.url}/api/tasks/${id}/decision">
      <input name='{"choice":"approve","reason":"' value='"}'><button>Win</button></form>`;
    const elsewhere = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(form));
    await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve));
    const address = elsewhere.address();
    const other = await page.context().newPage();
    await other.goto(`http://localhost:${typeof address === 'object' ? address?.port : 0}/`);
    const sent = other.waitForRequest(/decision$/); // another port is the same site: the cookie goes along
    await other.getByRole('button', { name: 'Win' }).click();
    expect((await (await sent).allHeaders())['cookie']).toContain('charter_inbox=');
    await other.getByText('may not do this. Open the inbox itself.').waitFor();
    elsewhere.close();
    expect((await inbox.byId(id))?.votes).toEqual([]);
    await close();
  });

  test('markup in a supplier’s name is text', async () => {
    const [{ page, errors, close }, { id }] = [await open('clara'), await inbox.on.task(about('new_supplier'))];
    await look(page, id);
    expect(await page.getByRole('heading', { level: 2, name: MARKUP }).count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    expect(errors).toEqual([]);
    await close();
  });

  test('a link may open a search in what was decided, and the search works on', async () => {
    const done = (await inbox.on.tasks()).find(({ outcome: end, tool }) => end === 'done' && tool === 'finance.pay_invoice');
    const link = (await inbox.link('clara')).replace('/#', `/decided?text=${String(done?.args['invoice'])}#`);
    const { page, errors, close } = await openWindow(browser, link);
    await page.locator(`a[href="/tasks/${done?.id}"]`).waitFor();
    expect(page.url()).toBe(`${inbox.url}/decided?text=${String(done?.args['invoice'])}`); // what signs in is gone, the search is not
    await page.getByRole('searchbox').fill('DE02120300000000202051');
    await page.getByText('Nothing that was decided has this on it.').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('two windows see one outcome, and the second is told who was first', async () => {
    const [clara, emre, id] = [await open('clara'), await open('emre'), ids[3] ?? ''];
    await Promise.all([look(clara.page, id), look(emre.page, id)]);
    await emre.page.keyboard.press('a'); // asked, not yet answered
    await clara.page.keyboard.press('a');
    await clara.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await inbox.on.until('it is done', async () => (await outcome(id)) === 'done');
    await emre.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await emre.page.getByText('It is already done, decided by clara.').waitFor();
    for (const { page } of [clara, emre]) await page.getByTestId('state').getByText('instructed').waitFor();
    expect((await inbox.byId(id))?.votes).toHaveLength(1);
    await Promise.all([clara.close(), emre.close()]);
  });

  test('who may not decide sees why, and who may', async () => {
    const [{ page, close }, id] = [await open('viktor'), ids[2] ?? '']; // may see it: an agent may act for him in finance
    await look(page, id);
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await page.locator('#not').getByText('This takes the role finance. Who may: Clara Behrens, Emre Aydin.').waitFor();
    await page.getByText(/Refused if nobody decides by .*, in (2 days|48 hours), by the real clock\./).waitFor(); // business is in March 2026
    await close();
  });

  test('several are decided one by one, and what was skipped is told', async () => {
    const [{ page, close }, first, second] = [await open('clara'), ids[4] ?? '', ids[5] ?? ''];
    await page.getByRole('heading', { name: /^Waits for you/ }).waitFor();
    const boxes = page.getByRole('navigation', { name: 'Tasks' });
    for (const id of [first, second]) await boxes.locator(`a[href="/tasks/${id}"]`).locator('xpath=..').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Approve 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve 2 tasks?' });
    await dialog.getByRole('button', { name: 'Approve 2' }).waitFor();
    await inbox.decide('emre', second, 'decline');
    await inbox.on.until('it is declined', async () => (await outcome(second)) === 'declined');
    await dialog.getByRole('button', { name: 'Approve 2' }).click();
    await dialog.getByText('1 of 2 counted, 1 skipped:').waitFor();
    await dialog.getByText('It is already declined, decided by emre.').waitFor();
    await inbox.on.until('the other is done', async () => (await outcome(first)) === 'done');
    await close();
  });

  test('what was decided is found by what stands on it, with its chain of causes drawn', async () => {
    const { page, errors, close } = await open('viktor');
    const done = (await inbox.on.tasks()).find(({ outcome: end, tool }) => end === 'done' && tool === 'finance.pay_invoice');
    const invoice = String(done?.args['invoice']);
    await page.goto(`${inbox.url}/decided`);
    await page.getByRole('searchbox').fill(invoice);
    await page.locator(`a[href="/tasks/${done?.id}"]`).click();
    await page.getByText('The chain of causes').click();
    const drawn = page.locator('svg[role="img"] circle');
    await drawn.first().waitFor();
    expect(await drawn.count()).toBe((await inbox.on.app.client.why({ kind: 'operator' }, { id: done?.id ?? '' })).length);
    expect(errors).toEqual([]);
    await close();
  });

  test.each([
    { how: 'on a desk, light', options: { colorScheme: 'light' } },
    { how: 'on a desk, dark', options: { colorScheme: 'dark' } },
    { how: 'on a phone, dark', options: { colorScheme: 'dark', viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true } },
  ] as const)('axe finds nothing serious, and nothing is wider than the window: $how', async ({ options }) => {
    const [{ page, errors, close }, { id }] = [await open('clara', options), await inbox.on.task(about('new_supplier'))];
    await page.getByRole('heading', { name: /^Waits for you/ }).waitFor();
    await sound(page, 'list');
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Decline 1' }).click();
    await page.getByRole('dialog').waitFor();
    await sound(page, 'several');
    await look(page, id);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await sound(page, 'card');
    for (const key of ['d', 'e', 'r', '?']) {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await sound(page, `dialog ${key}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.goto(`${inbox.url}/decided`);
    await page.getByRole('searchbox').waitFor();
    await sound(page, 'decided');
    for (const [picture, shows] of [
      ['staffing.rota', 'Aylin Kaya'], // people by name, and not by what they are called in commands
      ['operations.stock', 'to be counted: -100 on record'],
      ['finance.cash', 'As a table'],
    ] as const) {
      await page.goto(`${inbox.url}/pictures/${picture}`);
      await page.getByText(shows, { exact: true }).first().waitFor();
      await sound(page, picture);
    }
    await page.goto(`${inbox.url}/amendments`);
    await page.getByText('Nobody has proposed an amendment.').waitFor();
    await sound(page, 'amendments');
    expect(errors).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Nobody is signed in.').waitFor();
    await sound(page, 'signed out');
    await close();
  });

  test('the first load is under 300 kB', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (sent) => sizes.push(sent.sizes().then(({ responseBodySize }) => responseBodySize)));
    await page.goto(await inbox.link('clara'));
    await page
      .getByRole('heading', { name: /^Waits for/ })
      .first()
      .waitFor();
    page.removeAllListeners('requestfinished'); // what comes later is not the first load, and may end with the page
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(100_000); // it was measured at all
    expect(total).toBeLessThan(300_000);
    await context.close();
  });

  test('j and k go through the list', async () => {
    const { page, close } = await open('clara');
    await page.getByRole('heading', { name: /^Waits for you/ }).waitFor();
    const listed = page.locator('nav a[href^="/tasks/"]');
    await listed.nth(2).waitFor();
    const links = await listed.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    await page.keyboard.press('j');
    await page.waitForURL(`${inbox.url}${links[1]}`);
    await page.keyboard.press('j');
    await page.waitForURL(`${inbox.url}${links[2]}`);
    await page.keyboard.press('k');
    await page.waitForURL(`${inbox.url}${links[1]}`);
    await close();
  });

  test('a word to the agent decides nothing, and its answer stands on the task', async () => {
    const [{ page, close }, id] = [await open('clara'), ids[2] ?? ''];
    await look(page, id);
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('what is due?');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('invoices are open').waitFor();
    expect(await inbox.byId(id)).toMatchObject({ outcome: null, votes: [] });
    await close();
  });

  test('a halt shows at once on every page', async () => {
    const { page, close } = await open('viktor');
    await page.getByRole('heading', { name: /^Waits for others/ }).waitFor();
    const caller = { kind: 'person', token: inbox.tokens['johanna'] ?? '' } as const;
    const scope = { kind: 'agent', agent: AgentName.parse('finance-analyst') } as const;
    await inbox.on.app.client.halt(caller, { scope, reason: 'something is wrong' });
    await page.getByRole('alert').getByText('Nothing new begins for').waitFor({ timeout: 5_000 });
    await inbox.on.app.client.resume(caller, { scope, reason: 'it was not' });
    await page.getByRole('alert').waitFor({ state: 'detached', timeout: 5_000 });
    await close();
  });
});
