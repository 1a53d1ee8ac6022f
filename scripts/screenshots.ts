/**
 * The README's pictures, of a real run: the example is brought up in a folder of its own, and a Chromium looks at its pages. Run `npm run screenshots`.
 * Slack cannot be reached from here: its card is the blocks that would be sent, drawn by the page below as Block Kit has them.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Outputs, TaskCard } from '../src/client.ts';
import { callApi, inboxLink, type Connection } from '../src/surfaces/cli/call.ts';
import { cardContent } from '../src/surfaces/slack/card.ts';
import { obtainChromium } from './chromium.mjs';
import { slackPage } from './slack-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'pictures');
const LARGEST = 200_000; // bytes of a picture
const UP_MS = 180_000;
const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } as const;
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true } as const;
const CLARA = { person: 'clara', name: 'Clara Behrens' } as const;

/** The example, up and reviewed, until it is ended. */
async function broughtUp(dataDir: string): Promise<{ readonly charter: (...words: string[]) => void; end(): Promise<void> }> {
  const env = { ...process.env, CHARTER_DATA: dataDir };
  const command = [join(root, 'bin', 'charter.mjs')];
  const up: ChildProcess = spawn(process.execPath, [...command, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => up.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    let said = '';
    up.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()).includes('Ctrl-C ends it') && resolve());
    up.once('exit', (code) => reject(new Error(`\`charter up\` ended with ${code}:\n${said}`)));
  });
  const end = async () => {
    up.kill('SIGINT');
    await ended;
  };
  const late = sleep(UP_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('`charter up` was not ready in three minutes.')));
  await Promise.race([ready, late]).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return { charter: (...words) => void execFileSync(process.execPath, [...command, ...words], { env, stdio: 'ignore' }), end };
}

interface Shot {
  readonly browser: Browser;
  readonly connection: (as: string) => Connection;
}

/** One page, once it shows what it is taken for. @param element CSS of the part that is taken; the window without it */
async function shoot(
  { browser, connection }: Shot,
  name: string,
  view: `/${string}`,
  options: BrowserContextOptions,
  ready: (page: Page) => Promise<unknown>,
  element?: string,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(await inboxLink(connection(CLARA.person), view));
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await ready(page);
  await sleep(400); // what moves in comes to rest
  await keep(page, name, element);
  await context.close();
}

/** @throws Error where it is too large for a README */
async function keep(page: Page, name: string, element?: string): Promise<void> {
  const path = join(pictures, `${name}.png`);
  writeFileSync(path, element === undefined ? await page.screenshot() : await page.locator(element).screenshot());
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`\`${path}\` has ${size} bytes, and ${LARGEST} is the most; show less on it.`);
  console.log(`${name}.png  ${Math.round(size / 1_000)} kB`);
}

const amount = ({ args: { amount: one } }: TaskCard): number =>
  typeof one === 'object' && one !== null && 'minor' in one && typeof one.minor === 'number' ? one.minor : 0;

async function slackCard({ browser, connection }: Shot, task: TaskCard, { zone, business }: Outputs['status']): Promise<void> {
  const as = connection(CLARA.person);
  const [me, people] = await Promise.all([callApi(as, 'me', {}), callApi(as, 'people', {})]);
  const names = Object.fromEntries(people.map(({ id, name }) => [id, name]));
  const { blocks } = cardContent({ kind: 'card', task, me, halted: [], business, names }, 'http://localhost:8321', zone, Date.now());
  const page = await browser.newPage({ viewport: { width: 760, height: 700 }, colorScheme: 'light' });
  await page.setContent(slackPage(blocks));
  await keep(page, 'slack-card', 'main');
  await page.close();
}

async function all(shot: Shot, charter: (...words: string[]) => void): Promise<void> {
  const operator = shot.connection('');
  const { tasks } = await callApi(operator, 'inbox', { all: true });
  const swapped = tasks.find(({ waits, tool, card }) => waits && tool === 'finance.pay_invoice' && card.some(({ before }) => before !== undefined));
  const [large] = tasks.filter(({ waits, tool }) => waits && tool === 'finance.pay_invoice').sort((a, b) => amount(b) - amount(a));
  if (!swapped || !large) throw new Error('The example has no bill with a changed account, or none that is large.');
  const card = (page: Page) => page.getByRole('article').waitFor();
  await shoot(shot, 'inbox', `/tasks/${swapped.id}`, DESK, card);
  await shoot(shot, 'inbox-phone-dark', `/tasks/${swapped.id}`, PHONE, card);
  await shoot(shot, 'rota', '/pictures/staffing.rota', DESK, (page) => page.getByRole('table').first().waitFor());
  await shoot(shot, 'stock', '/pictures/operations.stock', DESK, (page) => page.locator('main svg').first().waitFor());
  await slackCard(shot, large, await callApi(operator, 'status', {}));
  for (const person of ['clara', 'johanna']) {
    charter('people', 'token', person);
    try {
      charter('inbox', 'decide', large.id, '--approve', '--as', person);
    } catch (error) {
      if (!(error instanceof Error && 'status' in error && error.status === 4)) throw error; // it waits for the owner still
    }
  }
  charter('clock', 'advance', '1d');
  const drawn = async (page: Page) => {
    await page.getByText('The chain of causes').click();
    await page.locator('svg[role="img"] circle').first().waitFor();
  };
  await shoot(shot, 'causes', `/tasks/${large.id}`, DESK, drawn, 'details:has(svg)');
}

async function main(): Promise<void> {
  execFileSync(process.execPath, [join(root, 'scripts', 'inbox.mjs'), '--if-stale'], { stdio: 'inherit' });
  const browser = await chromium.launch({ executablePath: await obtainChromium(process.env), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const dataDir = mkdtempSync(join(tmpdir(), 'charter-screenshots-'));
  chmodSync(dataDir, 0o755); // PostgreSQL's own user passes through
  mkdirSync(pictures, { recursive: true });
  try {
    const { charter, end } = await broughtUp(dataDir);
    try {
      charter('people', 'token', CLARA.person);
      const connection = (as: string): Connection => ({ dataDir, as: as === '' ? undefined : as, token: undefined, url: undefined });
      await all({ browser, connection }, charter);
    } finally {
      await end();
    }
  } finally {
    await browser.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();
