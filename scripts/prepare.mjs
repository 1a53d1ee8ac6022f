// Before `npm start` and `npm test`: installs what the lock file says, and has a Temporal server at hand. Needs Node alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { locked } from './lock.mjs';
import { findTemporal, obtainTemporal, pinnedVersion } from './temporal-server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.charter-lock`;
const LONGEST_MS = 900_000;
const wanted = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .update(process.version.split('.')[0])
    .digest('hex');
const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();

/** Says every ten seconds that something still goes on, once it takes longer than two. */
async function timed(title, work) {
  const begun = Date.now();
  const seconds = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  const first = setTimeout(() => console.log(`- ${title} …`), 2_000);
  const again = setInterval(() => console.log(`- ${title}: ${seconds()}`), 10_000);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(again);
    if (Date.now() - begun > 2_000) console.log(`- ${title}: done in ${seconds()}`);
  }
}

function npmCi() {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`\`npm ci\` failed with ${code}; what it said stands above.`))));
  });
}

const inbox = () => import('./inbox.mjs');

async function packagesAndPages() {
  if (!installed())
    await timed('installing packages', async () => {
      await npmCi();
      writeFileSync(stamp, wanted());
    });
  const { stale, build } = await inbox();
  if (stale()) await timed('building the inbox', build);
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Charter needs Node 20.19 or later; this is ${process.version}. See https://nodejs.org.`);
  if (process.env.CHARTER_SKIP_PREPARE === '1') return;
  const found = findTemporal(process.env);
  if (installed() && found && !(await inbox()).stale()) return;
  mkdirSync(`${root}.cache`, { recursive: true });
  const work = () =>
    Promise.all([
      packagesAndPages(),
      found ? undefined : timed(`fetching the Temporal server ${pinnedVersion()}, or building it, once, about five minutes`, () => obtainTemporal(process.env)),
    ]);
  await locked(`${root}.cache/prepare.lock`, work, LONGEST_MS);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
