/**
 * The inbox and the cards: from a press in Slack to the receipt, from a halt to what each surface shows, and an inbox with ten thousand
 * decided and five hundred open tasks: its list and search over HTTP, and its page in Chromium.
 */
import type { Browser, BrowserContext } from 'playwright-core';
import { z } from 'zod';
import { bills, propose } from '../fixtures/bills.ts';
import { launch, openWindow } from '../fixtures/browser.ts';
import { copies } from '../fixtures/copies.ts';
import { everywhere, type Everywhere } from '../fixtures/everywhere.ts';
import { signIn } from '../fixtures/inbox.ts';
import type { Services } from '../fixtures/services.ts';
import { press } from '../fixtures/slack.ts';
import { fresh, type SlackStage } from '../fixtures/slack-stage.ts';
import { percentile, timed, type Figure } from './figures.ts';

const PRESSES = 8;
const ABOVE = 250_000; // minor units: above the agent's authority, so that finance decides
const DECIDED = 10_000;
const OPEN = 500;
const CALLS = 20;
const SECOND_MS = 1_000;
const HEAVIEST_KB = 300;
const WORDS = ['Oak', 'done', 'S-00042', 'nothing has this on it'];

export async function inboxFigures(services: Services): Promise<readonly Figure[]> {
  const place = await everywhere(services);
  const browser = await launch();
  try {
    await place.at.link('clara', 'UCLARA');
    return [...(await decisions(place)), ...(await halted(place, browser)), ...(await crowded(place, browser))];
  } finally {
    await browser.close();
    await place.close();
  }
}

async function decisions({ at: { on, slack } }: Everywhere): Promise<readonly Figure[]> {
  const took: number[] = [];
  for (const invoice of await bills(on, 7, PRESSES, ABOVE)) {
    const id = await propose(on, invoice, ABOVE);
    await on.temporal.wakeAction(on.organization.id, id);
    const [task] = await waitsFor(on, id);
    const value = JSON.stringify({ id, seen: task?.decision?.material });
    const begun = performance.now();
    await slack.send(fresh(), 'interactive', press('UCLARA', 'charter_approve', value));
    const done = () => on.rows(`select 1 from proposal where org = $1 and id = $2 and outcome = 'done'`, [on.organization.id, id]); // commits with its receipt
    while ((await done()).length === 0) if (performance.now() - begun > 30_000) throw new Error(`no receipt of \`${id}\``);
    took.push(performance.now() - begun);
  }
  return [{ what: 'Slack: press on a card to receipt, p50', value: percentile(took, 0.5), unit: 'ms' }];
}

async function waitsFor(on: SlackStage['on'], id: string) {
  await on.until('it waits', async () => (await on.tasks()).some((task) => task.id === id && task.waits));
  return (await on.tasks()).filter((task) => task.id === id);
}

/** The most of them is what counts: a halt is seen everywhere, or it is not. The command line asks the API for the status. */
async function halted({ at: { on, slack }, link }: Everywhere, browser: Browser): Promise<readonly Figure[]> {
  const { page, close } = await openWindow(browser, await link('johanna'));
  const card = () => slack.in('UCLARA').some(({ blocks }) => /already halted|A halt is in force/.test(blocks));
  await on.until('clara has cards', () => Promise.resolve(slack.in('UCLARA').some(({ blocks }) => blocks.includes('charter_approve'))));
  const johanna = await on.person('johanna');
  const scope = { kind: 'organization' } as const;
  const begun = performance.now();
  const since = (shown: Promise<unknown>) => shown.then(() => performance.now() - begun);
  const shown = [
    since(page.getByRole('alert').getByText('Nothing new begins').waitFor()),
    since(seen(() => Promise.resolve(card()))),
    since(seen(async () => (await on.app.client.status({ kind: 'operator' }, {})).halted.length > 0)),
  ];
  await on.app.client.halt(johanna, { scope, reason: 'a drill for everybody' });
  const [web = Infinity, slackCard = Infinity, status = Infinity] = await Promise.all(shown);
  await on.app.client.resume(johanna, { scope, reason: 'the drill is over' });
  await close();
  return [
    { what: 'halt: from the command to the browser', value: web, unit: 'ms' },
    { what: 'halt: from the command to the card in Slack', value: slackCard, unit: 'ms' },
    { what: 'halt: from the command to the status that the command line asks for', value: status, unit: 'ms' },
    { what: 'halt: from the command to every surface, the most', value: Math.max(web, slackCard, status), unit: 'ms', most: SECOND_MS },
  ];
}

async function seen(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > end) throw new Error('a halt is not seen');
}

/** Copies of tasks that were judged, each about a bill and with an amount of its own. */
async function fill({ at: { on } }: Everywhere): Promise<void> {
  const org = on.organization.id;
  const [open = ''] = (await bills(on, 8, 1, ABOVE)).slice(0, 1);
  const waiting = await propose(on, open, ABOVE);
  await on.temporal.wakeAction(org, waiting);
  await waitsFor(on, waiting);
  const done = (await on.tasks()).find(({ outcome }) => outcome === 'done')?.id;
  if (done === undefined) throw new Error('nothing was done that could be copied');
  await copies(on, waiting, 'a', OPEN, 'waiting');
  await copies(on, done, 'b', DECIDED, 'done');
}

async function crowded(place: Everywhere, browser: Browser): Promise<readonly Figure[]> {
  await fill(place);
  const headers = await signIn(await place.link('clara'));
  const get = async (path: string): Promise<number> =>
    timed(async () => {
      const response = await fetch(`${place.url}${path}`, { headers });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    });
  const [lists, searches]: [number[], number[]] = [[], []];
  for (let n = 0; n < CALLS; n++) {
    lists.push(await get('/api/tasks'));
    searches.push(await get(`/api/decided?text=${encodeURIComponent(WORDS[n % WORDS.length] ?? '')}`));
  }
  const { page, close } = await openWindow(browser, await place.link('clara'));
  const shown = async (context: BrowserContext): Promise<number> => {
    const opened = await context.newPage();
    await opened.goto(place.url);
    await opened.getByRole('checkbox').first().waitFor();
    return z.number().parse(await opened.evaluate('performance.now() / 1000'));
  };
  const warm = await shown(page.context());
  const uncached = await browser.newContext({ storageState: await page.context().storageState() }); // the session, and nothing in the cache
  const cold = await shown(uncached);
  await uncached.close();
  const bytes = z
    .number()
    .parse(
      await page.evaluate(
        `performance.getEntries().filter((one) => 'encodedBodySize' in one && !one.name.includes('/api/')).reduce((sum, one) => sum + one.encodedBodySize, 0)`,
      ),
    );
  await close();
  return [
    { what: `inbox: list, ${OPEN} open of ${DECIDED + OPEN}, p95`, value: percentile(lists, 0.95), unit: 'ms' },
    { what: `inbox: search in ${DECIDED} decided, p95`, value: percentile(searches, 0.95), unit: 'ms' },
    { what: 'inbox: page, compressed, first load', value: bytes / 1_000, unit: 'kB', most: HEAVIEST_KB },
    { what: `inbox: page with ${OPEN} open tasks, to interactive, nothing cached`, value: cold, unit: 's', most: 1 },
    { what: `inbox: page with ${OPEN} open tasks, to interactive, files cached`, value: warm, unit: 's', most: 1 },
  ];
}
