/** `charter up`: brings everything up in order, watches it, and takes it down again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Listr, PRESET_TIMER } from 'listr2';
import { loadKeys } from '../adapters/host/keys.ts';
import { lockDataDir } from '../adapters/host/lock.ts';
import { startPostgres } from '../adapters/host/postgres.ts';
import { HostError, portTaken, running } from '../adapters/host/processes.ts';
import { startTemporal } from '../adapters/host/temporal.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { TemporalAddress } from '../adapters/temporal/orchestrator.ts';
import { startApi } from '../surfaces/api/server.ts';
import { loadOrganization } from '../adapters/files/organization.ts';
import { openRuntime, organizationFolder, type Runtime } from './runtime.ts';
import { slackOf } from './slack.ts';
import { watch } from './watch.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly org: string | undefined;
  readonly port: number;
  readonly postgresPort: number | undefined;
  readonly temporalPort: number | undefined;
  readonly quiet: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal; // aborted: no further step begins, and what was started is stopped
}

export interface Up {
  readonly runtime: Runtime;
  readonly port: number;
  /** The worker's process as it runs now; another one after it was killed. Undefined while there is none. */
  worker(): number | undefined;
  /** Surfaces first, then the worker, Temporal, PostgreSQL. */
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;
type Stoppable = { stop(): Promise<void> };
interface Coming {
  database?: { readonly ownerUrl: string; readonly appUrl: string };
  temporal?: TemporalAddress;
  runtime?: Runtime;
  port?: number;
  worker?: () => number | undefined;
}

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));

/** @throws HostError `already_running`, `port_taken` and what else keeps a part from starting; what was started is stopped again */
export async function up(options: UpOptions): Promise<Up> {
  const { dataDir, env } = options;
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o755 });
  const stops: Stop[] = [];
  const release = lockDataDir(dataDir);
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
    release();
  };
  try {
    const coming: Coming = {};
    await loadOrganization(await organizationFolder(dataDir, options.org)); // an invalid organization never half starts
    loadKeys(dataDir);
    const timer = { ...PRESET_TIMER, condition: (ms: number) => ms > 2_000 }; // told for what takes over two seconds
    const tasks = new Listr<Coming>(steps(options, stops, env), {
      renderer: 'default',
      fallbackRenderer: 'simple',
      silentRendererCondition: options.quiet,
      registerSignalListeners: false, // it would end the process, and leave what was started
      rendererOptions: { timer },
      fallbackRendererOptions: { timer },
    });
    const { runtime, port, worker } = await tasks.run(coming);
    goOn(options.signal);
    if (!runtime || port === undefined || !worker) throw new HostError('did_not_start', 'Charter did not come up; see the logs in the data directory.');
    return { runtime, port, worker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws HostError `stopped` */
function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw new HostError('stopped', 'Stopped before everything was up; what had been started is stopped again.');
}

function steps(options: UpOptions, stops: Stop[], env: NodeJS.ProcessEnv) {
  return stepsOf(options, stops, env).map(({ title, task }) => ({
    title,
    task: (coming: Coming) => {
      goOn(options.signal);
      return task(coming);
    },
  }));
}

function stepsOf({ dataDir, org, port, postgresPort, temporalPort, signal }: UpOptions, stops: Stop[], env: NodeJS.ProcessEnv) {
  return [
    {
      title: 'PostgreSQL and Temporal',
      task: async (coming: Coming) => {
        const [postgres, temporal] = await bothOrNone(database(dataDir, postgresPort, env), startTemporal(dataDir, temporalPort, env), stops);
        coming.database = postgres;
        coming.temporal = temporal;
      },
    },
    {
      title: 'Tables',
      task: async (coming: Coming) => {
        await migrate(coming.database?.ownerUrl ?? '');
      },
    },
    {
      title: 'Organization',
      task: async (coming: Coming) => {
        const { database: found, temporal } = coming;
        if (!found || !temporal) throw new HostError('did_not_start', 'PostgreSQL or Temporal did not start.');
        const runtime = await openRuntime({ name: 'api', dataDir, org, databaseUrl: found.appUrl, temporal, env });
        stops.push(() => runtime.close());
        await runtime.app.load();
        coming.runtime = runtime;
      },
    },
    {
      title: 'Worker',
      task: async (coming: Coming) => {
        coming.worker = await superviseWorker({ dataDir, org, coming, env, stops, signal });
      },
    },
    {
      title: 'API',
      task: async (coming: Coming) => {
        const { runtime } = coming;
        if (!runtime) throw new HostError('did_not_start', 'The organization was not loaded.');
        const api = await startApi({
          client: runtime.app.client,
          operator: runtime.keys.operator,
          host: '127.0.0.1',
          port,
          missing: () => runtime.app.missing(),
          log: (fields, message) => runtime.log.error(fields, message),
        }).catch((error: unknown) => portTaken(error, port, '--port'));
        const note = join(dataDir, 'run', 'api.json');
        writeFileSync(note, JSON.stringify({ url: `http://localhost:${api.port}` }), { mode: 0o600 });
        stops.push(
          () => api.close(),
          () => Promise.resolve(rmSync(note, { force: true })),
        );
        coming.port = api.port;
        const slack = await slackOf(runtime, env);
        if (slack) stops.push(() => slack.close());
        await runtime.app.begin();
        stops.push(...watches({ dataDir, coming, runtime, env }));
      },
    },
  ];
}

/** Waits for both before it tells of either: where one fails, the other is up by then and has to be stopped. */
async function bothOrNone<A extends Stoppable, B extends Stoppable>(first: Promise<A>, second: Promise<B>, stops: Stop[]): Promise<[A, B]> {
  for (const one of await Promise.allSettled([first, second])) if (one.status === 'fulfilled') stops.push(() => one.value.stop());
  return Promise.all([first, second]);
}

/** Only what this start brought up itself is brought back. */
function watches({ dataDir, coming, runtime, env }: { dataDir: string; coming: Coming; runtime: Runtime; env: NodeJS.ProcessEnv }): Stop[] {
  const [postgresNote, temporalNote] = ['postgres', 'temporal'].map((name) => join(dataDir, 'run', `${name}.json`));
  const stops: Stop[] = [];
  if (coming.database && postgresNote !== undefined && running(postgresNote)) {
    const port = Number(new URL(coming.database.appUrl).port);
    stops.push(watch('postgres', postgresNote, async () => void (await startPostgres(dataDir, port)), runtime.log));
  }
  if (coming.temporal && temporalNote !== undefined && running(temporalNote)) {
    const port = Number(coming.temporal.address.split(':')[1]);
    const bringBack = async () => {
      await startTemporal(dataDir, port, env);
      await runtime.app.begin(); // its state may be lost: what is open comes back from PostgreSQL
    };
    stops.push(watch('temporal', temporalNote, bringBack, runtime.log));
  }
  return stops;
}

async function database(
  dataDir: string,
  port: number | undefined,
  env: NodeJS.ProcessEnv,
): Promise<{ ownerUrl: string; appUrl: string; stop(): Promise<void> }> {
  const external = env['DATABASE_URL'];
  if (external) return { ownerUrl: env['DATABASE_OWNER_URL'] ?? external, appUrl: external, stop: () => Promise.resolve() };
  return startPostgres(dataDir, port);
}

const MOST_RESTARTS = 20; // in a row, without a minute of health between
const HEALTHY_MS = 60_000;

interface Supervised {
  readonly dataDir: string;
  readonly org: string | undefined;
  readonly coming: Coming;
  readonly env: NodeJS.ProcessEnv;
  readonly stops: Stop[];
  readonly signal: AbortSignal;
}

/** Keeps one worker running in a process of its own: when it is killed, another takes over from the rows. @returns what names its process */
async function superviseWorker({ dataDir, org, coming, env, stops, signal }: Supervised): Promise<() => number | undefined> {
  const { database: found, temporal } = coming;
  let [ending, restarts, child]: [boolean, number, ChildProcess | undefined] = [false, 0, undefined];
  // Two arenas of malloc instead of eight per core: the worker's threads do not each keep what they once needed.
  const childEnv = {
    MALLOC_ARENA_MAX: '2',
    ...env,
    CHARTER_DATA: dataDir,
    DATABASE_URL: found?.appUrl,
    TEMPORAL_ADDRESS: temporal?.address,
    TEMPORAL_NAMESPACE: temporal?.namespace,
  };
  const start = (onReady: () => void, onFailed: (error: Error) => void): void => {
    if (ending) return; // it ended while it was to be started again
    const begun = Date.now();
    const one = spawn(process.execPath, [...process.execArgv, CHARTER, 'worker', ...(org === undefined ? [] : ['--org', org])], {
      env: childEnv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = one;
    let said = '';
    one.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    one.once('message', onReady);
    one.once('exit', () => {
      restarts = Date.now() - begun > HEALTHY_MS ? 0 : restarts + 1;
      if (ending) return;
      if (restarts > MOST_RESTARTS) return onFailed(new HostError('did_not_start', `The worker ended ${restarts} times in a row: ${said}`));
      setTimeout(() => start(onReady, onFailed), Math.min(10_000, 200 * restarts));
    });
  };
  stops.push(async () => {
    ending = true;
    const last = child;
    if (!last || last.exitCode !== null || last.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()));
    last.kill('SIGTERM');
    const force = setTimeout(() => last.kill('SIGKILL'), 25_000);
    await ended;
    clearTimeout(force);
  });
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true }); // the next step is not begun, and this one is stopped
    if (!signal.aborted) start(resolve, reject);
  });
  return () => (child && child.exitCode === null && child.signalCode === null ? child.pid : undefined);
}
