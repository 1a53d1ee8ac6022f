/** Rules without Cedar, in a real browser: an owner fills a form by keyboard, looks at what it would change, and puts it to the vote. */
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launch, openWindow, sound } from '../fixtures/browser.ts';
import { inboxOf, signIn, type Inbox } from '../fixtures/inbox.ts';
import { WORKSHOP } from '../fixtures/stage.ts';

let inbox: Inbox;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  const services = inject('services');
  folder = mkdtempSync(join(services.dataDir, 'workshop-'));
  cpSync(WORKSHOP, folder, { recursive: true });
  inbox = await inboxOf(services, { folder });
  browser = await launch();
}, 600_000); // a Chromium may have to be installed first
afterAll(async () => {
  await browser.close();
  await inbox.close();
});

const written = () => (existsSync(join(folder, 'rules.yaml')) ? readFileSync(join(folder, 'rules.yaml'), 'utf8') : '');
const shot = async (page: Page, name: string) => {
  const to = process.env['SCREENSHOTS'];
  if (to !== undefined) await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
};
const said = (page: Page) => page.locator('main').innerText();
const preview = (page: Page) => page.getByRole('region', { name: 'Preview' });

/** With the keyboard alone: the sentence, its blanks, and the button. */
async function filled(page: Page, amount: string): Promise<void> {
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  const kind = page.getByLabel('What kind of rule?');
  await kind.focus();
  await kind.selectOption({ label: 'A payment above [amount] needs [count] of [role]' });
  await page.keyboard.press('Tab');
  await page.keyboard.type(amount);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.getByLabel('Who is asked').selectOption('compliance');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

test.each([
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
])('whoever is no owner reads, fills and previews, and proposes nothing: %s', async (name, viewport) => {
  const { page, errors, close } = await openWindow(browser, await inbox.link('clara'), { viewport });
  await filled(page, '100');
  await preview(page).getByText('A payment above 100.00 EUR needs 1 of compliance.').waitFor();
  await page.getByRole('list', { name: 'Decisions that would be others' }).getByText('asked of people').first().waitFor();
  expect(await said(page)).toMatch(/Of \d+ recorded decisions \d+ were judged again: \d+ would be others/);
  expect(await said(page)).toContain('An owner proposes it');
  expect(await page.getByRole('button', { name: 'Propose to the owners' }).count()).toBe(0);
  expect(await said(page)).not.toContain('context.');
  await sound(page, `rules, ${name}`);
  await shot(page, `rules-preview-${name}`);
  expect(errors).toEqual([]);
  expect(written()).toBe('');
  await close();
});

test('the server takes a proposal from an owner alone, on the draft that was shown, and from our own page', async () => {
  const post = async (person: string, body: object, headers: object = {}) => {
    const session = await signIn(await inbox.link(person));
    return fetch(`${inbox.url}/api/rules`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: inbox.url, ...session, ...headers },
      body: JSON.stringify(body),
    });
  };
  const change = { kind: 'add', rule: { template: 'service-booked', with: { role: 'owner' }, observe: false } };
  const elsewhere = { change, reason: 'because I say so', draft: '0'.repeat(64) };
  expect((await post('clara', elsewhere)).status).toBe(403);
  expect((await post('johanna', elsewhere, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await post('johanna', { change, reason: 'because I say so' })).status).toBe(400); // of no draft at all
  const stale = await post('johanna', elsewhere);
  expect([stale.status, await stale.text()]).toEqual([400, expect.stringContaining('The files changed since this was shown') as string]);
  expect(written()).toBe('');
});

test('an owner proposes what the preview showed; ratified, it stands in the list in words, and is changed and removed there', async () => {
  const { page, errors, close } = await openWindow(browser, await inbox.link('johanna'));
  await filled(page, '100 USD');
  await preview(page).getByText('amounts here are in EUR').waitFor();
  await page.getByLabel('Amount').fill('100');
  expect(await preview(page).count()).toBe(0); // what was previewed is not what stands there now
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByLabel('Why? Whoever votes reads this.').fill('we are a small house');
  await page.getByRole('button', { name: 'Propose to the owners' }).click();
  await page.waitForURL(/\/amendments\/amd-/);
  await page.getByText('+ rule payment-above: A payment above 100.00 EUR needs 1 of compliance').waitFor();
  const articles = page.getByText('The rules as articles');
  expect(await page.getByText('context.payment.amount_minor > 10000').isVisible()).toBe(false);
  await articles.click();
  await page.getByText('context.payment.amount_minor > 10000').waitFor();
  await sound(page, 'an amendment of rules');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await page.getByTestId('state').getByText('ratified').waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  const rule = page.getByRole('article', { name: 'A payment above 100.00 EUR needs 1 of compliance' });
  await rule.getByText('in force').waitFor();
  await rule.getByRole('button', { name: 'Change' }).click();
  expect(await page.getByLabel('Amount').inputValue()).toBe('100.00 EUR');
  await page.getByLabel('Amount').fill('50000');
  await page.getByRole('button', { name: 'Preview' }).click();
  await preview(page).getByText('A payment above 50,000.00 EUR needs 1 of compliance.').waitFor();
  await rule.getByRole('button', { name: 'Remove' }).click();
  await preview(page).getByText('No more: A payment above 100.00 EUR needs 1 of compliance.').waitFor();
  await sound(page, 'a rule that is to be removed');
  await shot(page, 'rules-remove');
  expect(errors).toEqual([expect.stringContaining('400')]); // the dollars
  await close();
});
