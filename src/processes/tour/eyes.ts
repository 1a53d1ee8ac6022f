/** A headless Chromium that looks at the pages of the tour as the person would, and says what it saw. */
import type { Page } from 'playwright-core';
import { chromiumHere } from '../../../scripts/chromium.mjs';
import { HostError } from '../../adapters/host/processes.ts';
import type { Sight, View } from './steps.ts';

const PATIENCE_MS = 15_000; // of one sight: a page that reads again, on a slow day

export interface Seen {
  readonly what: string;
  readonly seen: boolean;
}

export interface Eyes {
  /** @param link signs in, and opens the page of the view */
  look(link: string, view: View): Promise<readonly Seen[]>;
  close(): Promise<void>;
}

/** @param signal aborted: it is closed, whatever it looks at @throws HostError `program_missing`, naming what is missing and how to get it */
export async function openEyes(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Eyes> {
  const { chromium } = await import('playwright-core').catch((cause: unknown) => {
    throw new HostError('program_missing', '`--yes` drives a browser with `playwright-core`, a development package: install it with `npm ci`.', { cause });
  });
  const executablePath = await chromiumHere(env);
  if (executablePath === undefined)
    throw new HostError(
      'program_missing',
      '`--yes` needs a Chromium, and there is none here. Install `chromium`, name one with CHROMIUM_PATH, or: npx playwright-core install chromium',
    );
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // root has no user namespaces to put a sandbox in
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }; // the tour ends it
  const browser = await chromium.launch({ executablePath, args, ...signals });
  signal.addEventListener('abort', () => void browser.close(), { once: true });
  return {
    async look(link, { open, sights }) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const errors: Seen[] = [];
      page.on('pageerror', (error) => errors.push({ what: `a page without errors: ${error.message}`, seen: false }));
      await page.goto(link);
      if (open !== undefined)
        await page
          .getByText(open)
          .click({ timeout: PATIENCE_MS })
          .catch(() => undefined); // then what is in it is not seen
      const seen = await Promise.all(sights.map(async (sight) => ({ what: sight.what, seen: await sees(page, sight) })));
      await context.close();
      return [...seen, ...errors];
    },
    close: () => browser.close(),
  };
}

async function sees(page: Page, { at, says, count }: Sight): Promise<boolean> {
  const found = page.locator(at, says === undefined ? undefined : { hasText: says }).filter({ visible: true });
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await page.waitForTimeout(50)) {
    const n = await found.count();
    if (count === undefined ? n > 0 : n === count) return true;
  }
  return false;
}
