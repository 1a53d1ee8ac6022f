// Before `npm start` and `npm test`: installs what the lock file says, and has a Temporal server at hand. Needs Node alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTemporal, obtainTemporal, pinnedVersion } from './temporal-server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.charter-lock`;
const lock = `${root}.cache/prepare.lock`;
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

/** One at a time; a lock whose process is gone is taken over. */
async function locked(work) {
  mkdirSync(`${root}.cache`, { recursive: true });
  for (const end = Date.now() + 900_000; Date.now() < end; await sleep(500)) {
    try {
      const handle = openSync(lock, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      try {
        return await work();
      } finally {
        rmSync(lock, { force: true });
      }
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(lock, 'utf8') || '0');
      try {
        process.kill(pid, 0);
      } catch {
        rmSync(lock, { force: true });
      }
    }
  }
  throw new Error(`Another \`npm start\` or \`npm test\` has been preparing for 15 minutes; end it, or remove ${lock}.`);
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
  await locked(() =>
    Promise.all([
      packagesAndPages(),
      found ? undefined : timed(`fetching the Temporal server ${pinnedVersion()}, or building it, once, about five minutes`, () => obtainTemporal(process.env)),
    ]),
  );
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
