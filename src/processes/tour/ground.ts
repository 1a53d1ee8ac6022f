/** What the tour stands on: the example, anew, in a folder and on ports of its own, that ends with everything it started. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HostError } from '../../adapters/host/processes.ts';
import { ClientError, type Outputs, type TaskCard } from '../../client.ts';
import { losses, noteOrganization } from '../holdings.ts';
import { emptyDataDir, requireStopped } from '../reset.ts';
import { organizationFolder } from '../runtime.ts';
import { up } from '../up.ts';

const CHARTER = fileURLToPath(new URL('../../../bin/charter.mjs', import.meta.url));
const BUILD_PAGES = fileURLToPath(new URL('../../../scripts/inbox.mjs', import.meta.url));
const PAGES = fileURLToPath(new URL('../../../.cache/inbox/index.html', import.meta.url));
const PEOPLE = ['clara', 'johanna', 'greta'] as const; // of finance; the owner; of the workshop, without a role
const OPERATOR = { kind: 'operator' } as const;
const LOOK_MS = 5;

/** Of the user's own: another database, models that cost, an organization's Slack. The tour takes none of it. */
const NOT_OURS = /^(DATABASE_|TEMPORAL_(?!CLI_PATH$|DOWNLOAD_)|SLACK_|ANTHROPIC_|OPENAI_|CHARTER_(?!CACHE$))/;

export interface Ran {
  readonly exit: number | null; // null: ended by a signal
  readonly out: string;
  readonly err: string;
}

export interface Ground {
  readonly dataDir: string;
  readonly organization: string; // its folder
  /** Runs `charter` with these words, as a person would in a terminal of their own. */
  charter(...words: readonly string[]): Promise<Ran>;
  tasks(): Promise<readonly TaskCard[]>;
  task(id: string): Promise<TaskCard>;
  why(id: string): Promise<Outputs['why']>;
  worker(): number | undefined;
  /** @throws HostError `did_not_start` where it does not hold in time */
  until(what: string, holds: () => Promise<boolean> | boolean, limitMs: number): Promise<void>;
}

export interface TourOptions {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly quiet: boolean; // without the steps of the start
  readonly signal: AbortSignal;
}

/** `.charter-tour` beside `.charter` */
export const tourDir = (dataDir: string): string => `${dataDir}-tour`;

/**
 * Begins the example anew, runs the work on it, and ends all of it whatever comes. The folder is emptied; after a failure its logs stay.
 * @param options with the user's own data directory; the tour's lies beside it
 * @throws HostError `already_running` (another tour); ClientError `not_ours`, `would_lose`
 */
export async function onGround<T>({ dataDir: own, env: given, quiet, signal }: TourOptions, work: (ground: Ground) => Promise<T>): Promise<T> {
  if (!existsSync(PAGES)) await promisify(execFile)(process.execPath, [BUILD_PAGES, '--if-stale']); // whoever begins with the tour started nothing before
  const dataDir = tourDir(own);
  const env = { ...Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_OURS.test(name))), CHARTER_DATA: dataDir };
  await begin(dataDir, env);
  try {
    const done = await whileUp({ dataDir, env, quiet, signal }, work);
    await emptyDataDir(dataDir);
    return done;
  } catch (error) {
    if (signal.aborted) await emptyDataDir(dataDir); // of a failure the logs are kept
    throw error;
  }
}

async function whileUp<T>({ dataDir, env, quiet, signal }: TourOptions, work: (ground: Ground) => Promise<T>): Promise<T> {
  const running = await up({ dataDir, org: undefined, port: 0, postgresPort: undefined, temporalPort: undefined, quiet, env, signal });
  try {
    const { client } = running.runtime.app;
    const charter = shell(env, signal);
    await letThemBe(charter);
    return await work({
      dataDir,
      organization: await organizationFolder(dataDir, undefined),
      charter,
      tasks: async () => (await client.inbox(OPERATOR, { all: true })).tasks,
      task: (id) => client.task(OPERATOR, { id }),
      why: (id) => client.why(OPERATOR, { id }),
      worker: running.worker,
      until: patiently(signal),
    });
  } finally {
    await running.stop();
  }
}

/** @throws ClientError `would_lose` where something else than an example was brought up there */
async function begin(dataDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  requireStopped(dataDir);
  const lost = losses(dataDir, env);
  if (lost.length > 0)
    throw new ClientError('would_lose', 2, `The tour begins anew in \`${dataDir}\`, where more than an example lies: ${lost.join('; ')}. Move that folder.`);
  await emptyDataDir(dataDir);
  await noteOrganization(dataDir, undefined, env);
}

/** An example lets you be anybody; each of them acts with a token of their own. */
async function letThemBe(charter: Ground['charter']): Promise<void> {
  const issued = await Promise.all(PEOPLE.map((person) => charter('people', 'token', person)));
  const failed = issued.find(({ exit }) => exit !== 0);
  if (failed) throw new HostError('did_not_start', `No token could be issued: ${failed.err.trim()}`);
}

const shell =
  (env: NodeJS.ProcessEnv, signal: AbortSignal): Ground['charter'] =>
  (...words) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...process.execArgv, CHARTER, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'], signal });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('error', reject); // aborted, too
      child.once('close', (exit) => resolve({ exit, out, err }));
    });

const patiently =
  (signal: AbortSignal): Ground['until'] =>
  async (what, holds, limitMs) => {
    for (const end = Date.now() + limitMs; Date.now() < end; await sleep(LOOK_MS, undefined, { signal })) if (await holds()) return;
    throw new HostError('did_not_start', `Not within ${Math.round(limitMs / 1_000)} s: ${what}.`);
  };
