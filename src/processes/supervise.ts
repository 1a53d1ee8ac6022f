/** Keeps one worker running in a process of its own: when it is killed, another takes over from the rows. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HostError } from '../adapters/host/processes.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const MOST_RESTARTS = 20; // in a row, without a minute of health between
const HEALTHY_MS = 60_000;
const LONGEST_PAUSE_MS = 10_000; // between two starts
const DRAIN_MS = 25_000;
const MOST_SAID = 2_000; // characters of what it said last

export interface Supervised {
  /** Resolves when it is ready, or `signal` aborts; rejects where it ended too often. */
  readonly ready: Promise<void>;
  /** Its process as it runs now; another one after it was killed. Undefined while there is none. */
  pid(): number | undefined;
  /** It drains, and is not started again. */
  stop(): Promise<void>;
}

/** @param env of the worker @param signal aborted: nothing more is waited for */
export function superviseWorker(org: string | undefined, env: NodeJS.ProcessEnv, signal: AbortSignal): Supervised {
  let [ending, restarts]: [boolean, number] = [false, 0];
  let child: ChildProcess | undefined;
  const start = (onReady: () => void, onFailed: (error: Error) => void): void => {
    if (ending) return; // it ended while it was to be started again
    const begun = Date.now();
    const { process: worker, said } = startWorker(org, env);
    child = worker;
    worker.once('message', onReady);
    worker.once('exit', () => {
      restarts = Date.now() - begun > HEALTHY_MS ? 0 : restarts + 1;
      if (ending) return;
      if (restarts > MOST_RESTARTS) return onFailed(new HostError('did_not_start', `The worker ended ${restarts} times in a row: ${said()}`));
      setTimeout(() => start(onReady, onFailed), Math.min(LONGEST_PAUSE_MS, 200 * restarts));
    });
  };
  const ready = new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (!signal.aborted) start(resolve, reject);
  });
  return {
    ready,
    pid: () => (child && alive(child) ? child.pid : undefined),
    async stop() {
      ending = true;
      if (child) await drained(child);
    },
  };
}

function startWorker(org: string | undefined, env: NodeJS.ProcessEnv): { readonly process: ChildProcess; readonly said: () => string } {
  const child = spawn(process.execPath, [...process.execArgv, CHARTER, 'worker', ...(org === undefined ? [] : ['--org', org])], {
    env: { MALLOC_ARENA_MAX: '2', ...env }, // two arenas instead of eight per core: its threads do not each keep what they once needed
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-MOST_SAID)));
  return { process: child, said: () => said };
}

const alive = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

async function drained(child: ChildProcess): Promise<void> {
  if (!alive(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), DRAIN_MS);
  await ended;
  clearTimeout(force);
}
