/**
 * `charter dev`: a copy of the organization with its drafts in force, on a ledger of its own that never counts. What is saved is in force
 * moments later: worker and API are started anew from it, PostgreSQL and Temporal stay up.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadKeys } from '../adapters/host/keys.ts';
import { lockDataDir } from '../adapters/host/lock.ts';
import { startPostgres } from '../adapters/host/postgres.ts';
import { startTemporal } from '../adapters/host/temporal.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { DECLARING } from '../adapters/files/edit.ts';
import { markDataDir } from './data-dir.ts';
import { EXAMPLE } from './runtime.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHARTER = join(ROOT, 'bin', 'charter.mjs');
const WATCHED = ['agents', 'constitution', 'src', 'workflows'];
const SETTLE_MS = 60; // an editor writes a file in several goes
const END_MS = 500; // what a process is given to end by itself; what is open is taken up by the next one
const MOST_SAID = 4_000; // characters of what a process said last
const OUTSIDE = /^(SLACK_|DATABASE_|TEMPORAL_(?!CLI_PATH$))/; // of the environment: what leads to those for whom it counts

export interface DevOptions {
  readonly dataDir: string; // of its own
  readonly org: string | undefined;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly told: (what: DevTold) => void;
}

/** What somebody who waits for it wants to know. */
export type DevTold =
  | { readonly state: 'ready'; readonly because: string | null; readonly ms: number; readonly url: string } // because: the file that changed
  | { readonly state: 'refused'; readonly because: string | null; readonly problem: string }; // what was in force before is, where anything was

/** Resolves when it was told to end, and has. */
export async function dev(options: DevOptions): Promise<void> {
  const { dataDir, signal } = options;
  markDataDir(dataDir);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const release = lockDataDir(dataDir);
  const stops: (() => Promise<void>)[] = [];
  try {
    const env = Object.fromEntries(Object.entries(options.env).filter(([name]) => !OUTSIDE.test(name)));
    loadKeys(dataDir);
    const postgres = await startPostgres(dataDir, undefined);
    stops.push(() => postgres.stop());
    const temporal = await startTemporal(dataDir, undefined, env);
    stops.push(() => temporal.stop());
    await migrate(postgres.ownerUrl);
    const services = { DATABASE_URL: postgres.appUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
    await rounds(options, { ...env, ...services, CHARTER_DATA: dataDir }, signal);
  } finally {
    for (const stop of stops.reverse()) await stop();
    release();
  }
}

/** One round for each change, and the first one for none. */
async function rounds(options: DevOptions, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const source = resolve(options.org ?? EXAMPLE);
  const folder = join(options.dataDir, 'organizations', basename(source));
  const over = aborted(signal);
  const changes = changesUnder([...WATCHED.map((part) => join(ROOT, part)), source], signal, over);
  let children: readonly ChildProcess[] = [];
  try {
    for (let because: string | null = null; !signal.aborted; because = await changes.next()) {
      const begun = performance.now();
      await Promise.all(children.map(ended));
      const uncopied = copied(source, folder);
      if (uncopied !== null) {
        children = [];
        options.told({ state: 'refused', because, problem: uncopied });
        continue;
      }
      const [api, worker] = [startPart('api', folder, env, options.port), startPart('worker', folder, env, undefined)];
      children = [api.child, worker.child];
      const problem = await Promise.race([Promise.all([api.ready, worker.ready]).then(([draft, started]) => draft ?? started), over]);
      if (signal.aborted) return;
      if (problem !== null) options.told({ state: 'refused', because, problem });
      else options.told({ state: 'ready', because, ms: Math.round(performance.now() - begun), url: `http://localhost:${options.port}` });
    }
  } finally {
    await Promise.all(children.map(ended));
    rmSync(join(options.dataDir, 'run', 'api.json'), { force: true });
  }
}

/**
 * The copy that is worked on: records are copied once, what declares is copied at each change.
 * @returns why it could not be: a file that was being written went away, and the next change finds it there
 */
function copied(source: string, folder: string): string | null {
  const partial = `${folder}.partial`;
  try {
    if (!existsSync(folder)) {
      rmSync(partial, { recursive: true, force: true });
      cpSync(source, partial, { recursive: true });
      renameSync(partial, folder); // whole, or not at all
      return null;
    }
    for (const part of DECLARING) {
      rmSync(join(folder, part), { recursive: true, force: true });
      if (existsSync(join(source, part))) cpSync(join(source, part), join(folder, part), { recursive: true });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The files could not be copied.';
  }
}

const Ready = z.union([z.literal('ready').transform(() => null), z.object({ refused: z.string().nullable() }).transform(({ refused }) => refused)]);

interface Part {
  readonly child: ChildProcess;
  /** What is wrong with the draft, or with the start; null where nothing is. */
  readonly ready: Promise<string | null>;
}

function startPart(part: 'api' | 'worker', folder: string, env: NodeJS.ProcessEnv, port: number | undefined): Part {
  const at = port === undefined ? [] : ['--port', String(port)];
  const child = spawn(process.execPath, [...process.execArgv, CHARTER, part, '--development', '--org', folder, ...at], {
    env: { MALLOC_ARENA_MAX: '2', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MOST_SAID)));
  const ready = new Promise<string | null>((resolve) => {
    child.once('message', (message) => {
      if (part === 'api' && port !== undefined)
        writeFileSync(join(env['CHARTER_DATA'] ?? '', 'run', 'api.json'), JSON.stringify({ url: `http://localhost:${port}` }));
      resolve(Ready.parse(message));
    });
    child.once('exit', () => resolve(said.trim() || `The ${part} ended.`));
  });
  return { child, ready };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await gone;
  clearTimeout(force);
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => (signal.aborted ? resolve(null) : signal.addEventListener('abort', () => resolve(null), { once: true })));

/** What is saved below some folders: told once where several files are, and kept where nobody asks at the moment. */
function changesUnder(folders: readonly string[], signal: AbortSignal, over: Promise<null>): { next(): Promise<string | null> } {
  let last: string | undefined;
  let tell: (() => void) | undefined;
  for (const folder of folders)
    watch(folder, { recursive: true, signal }, (_kind, name) => {
      if (name === null || /(^|\/)(\.|node_modules)|~$|\.[\da-f]+$/.test(name)) return;
      last = join(folder, name);
      tell?.();
    });
  return {
    async next() {
      if (last === undefined) await Promise.race([new Promise<void>((resolve) => (tell = resolve)), over]);
      await sleep(SETTLE_MS);
      const because = last ?? null;
      last = undefined;
      return because;
    },
  };
}
