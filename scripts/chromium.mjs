// Finds a Chromium, or gets one: an installed one, else Playwright's own, else Debian's package where it may be installed.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PLAYWRIGHT_MS = 180_000; // its download: about 100 MB
const APT_MS = 300_000;

/** @param {string} file */
const executable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/**
 * Where one is installed.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function installedChromium(env) {
  if (env.CHROMIUM_PATH) {
    if (executable(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
    throw new Error(`CHROMIUM_PATH names \`${env.CHROMIUM_PATH}\`, which cannot be run. Mend the path, or take the variable away.`);
  }
  const onPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...MAC].find(executable);
}

/**
 * One that is here already: an installed one, else Playwright's own. Nothing is fetched.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>}
 */
export async function chromiumHere(env) {
  const installed = installedChromium(env);
  if (installed) return installed;
  const { chromium } = await import('playwright-core');
  return executable(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** Playwright's own, downloaded now; undefined where it cannot be had. */
async function playwrights() {
  const { chromium } = await import('playwright-core');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium'], { timeout: PLAYWRIGHT_MS }).catch(() => undefined); // out of reach: another way is tried
  return executable(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/**
 * Debian's, by a root that has apt; undefined elsewhere.
 * @param {NodeJS.ProcessEnv} env
 */
async function debians(env) {
  if (process.getuid?.() !== 0 || !executable('/usr/bin/apt-get')) return undefined;
  const quiet = { timeout: APT_MS, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64_000_000 };
  await run('apt-get', ['update', '-qq'], quiet);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], quiet);
  return installedChromium(env);
}

/**
 * A Chromium that can be run.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} its path
 * @throws where there is none and none can be had, naming the ways
 */
export async function obtainChromium(env) {
  const found = (await chromiumHere(env)) ?? (await playwrights()) ?? (await debians(env));
  if (found) return found;
  throw new Error(
    'There is no Chromium here, and none of these ways gave one:\n' +
      '- CHROMIUM_PATH, or `chromium`, `chromium-browser` or `google-chrome` on PATH\n' +
      "- Playwright's own: `npx playwright-core install chromium`\n- Debian's package, as root: `apt-get install chromium`",
  );
}
