/** `charter up`: brings everything up in order, watches it, and takes it down again. */
import { mkdirSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Listr, PRESET_TIMER } from 'listr2';
import { loadKeys } from '../adapters/host/keys.ts';
import { lockDataDir } from '../adapters/host/lock.ts';
import { startPostgres } from '../adapters/host/postgres.ts';
import { HostError, portTaken, running } from '../adapters/host/processes.ts';
import { startTemporal } from '../adapters/host/temporal.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { TemporalAddress } from '../adapters/temporal/connection.ts';
import { startApi } from '../surfaces/api/server.ts';
import { loadOrganization } from '../adapters/files/organization.ts';
import { openRuntime, organizationFolder, type Runtime } from './runtime.ts';
import { slackOf } from './slack.ts';
import { superviseWorker, type Supervised } from './supervise.ts';
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
interface Services {
  readonly database: { readonly ownerUrl: string; readonly appUrl: string };
  readonly temporal: TemporalAddress;
}
interface Coming {
  services?: Services;
  runtime?: Runtime;
  port?: number;
  worker?: Supervised;
}

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
    return { runtime, port, worker: () => worker.pid(), stop };
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

function stepsOf(options: UpOptions, stops: Stop[], env: NodeJS.ProcessEnv) {
  const { dataDir, postgresPort, temporalPort } = options;
  return [
    {
      title: 'PostgreSQL and Temporal',
      task: async (coming: Coming) => {
        const [postgres, temporal] = await bothOrNone(database(dataDir, postgresPort, env), startTemporal(dataDir, temporalPort, env), stops);
        coming.services = { database: postgres, temporal };
      },
    },
    { title: 'Tables', task: async (coming: Coming) => void (await migrate(servicesOf(coming).database.ownerUrl)) },
    {
      title: 'Worker and API',
      task: async (coming: Coming) => {
        const failing = new AbortController(); // of one: the other is not waited for
        const worker = workerOf(options, servicesOf(coming), env, AbortSignal.any([options.signal, failing.signal]));
        stops.push(() => worker.stop());
        coming.worker = worker;
        const api = apiOf(options, coming, stops, env).catch((error: unknown) => {
          failing.abort();
          throw error;
        });
        for (const one of await Promise.allSettled([api, worker.ready])) if (one.status === 'rejected') throw one.reason; // both are over by then, and can be stopped
      },
    },
  ];
}

function servicesOf({ services }: Coming): Services {
  if (!services) throw new HostError('did_not_start', 'PostgreSQL or Temporal did not start.');
  return services;
}

function workerOf({ org, dataDir }: UpOptions, { database, temporal }: Services, env: NodeJS.ProcessEnv, signal: AbortSignal): Supervised {
  const services = { DATABASE_URL: database.appUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
  return superviseWorker(org, { ...env, CHARTER_DATA: dataDir, ...services }, signal);
}

/** The organization, the surfaces on top of it, and what waits for it begun. */
async function apiOf({ dataDir, org, port }: UpOptions, coming: Coming, stops: Stop[], env: NodeJS.ProcessEnv): Promise<void> {
  const { database, temporal } = servicesOf(coming);
  const runtime = await openRuntime({ name: 'api', dataDir, org, databaseUrl: database.appUrl, temporal, env });
  stops.push(() => runtime.close());
  coming.runtime = runtime;
  await runtime.app.load();
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
  stops.push(...watches({ dataDir, services: servicesOf(coming), runtime, env }));
}

/** Waits for both before it tells of either: where one fails, the other is up by then and has to be stopped. */
async function bothOrNone<A extends Stoppable, B extends Stoppable>(first: Promise<A>, second: Promise<B>, stops: Stop[]): Promise<[A, B]> {
  for (const one of await Promise.allSettled([first, second])) if (one.status === 'fulfilled') stops.push(() => one.value.stop());
  return Promise.all([first, second]);
}

interface Watched {
  readonly dataDir: string;
  readonly services: Services;
  readonly runtime: Runtime;
  readonly env: NodeJS.ProcessEnv;
}

/** Only what this start brought up itself is brought back. */
function watches({ dataDir, services: { database, temporal }, runtime, env }: Watched): Stop[] {
  const [postgresNote, temporalNote] = ['postgres', 'temporal'].map((name) => join(dataDir, 'run', `${name}.json`));
  const stops: Stop[] = [];
  if (postgresNote !== undefined && running(postgresNote)) {
    const port = Number(new URL(database.appUrl).port);
    stops.push(watch('postgres', postgresNote, async () => void (await startPostgres(dataDir, port)), runtime.log));
  }
  if (temporalNote !== undefined && running(temporalNote)) {
    const port = Number(temporal.address.split(':')[1]);
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
