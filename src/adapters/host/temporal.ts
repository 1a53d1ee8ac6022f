/** The Temporal dev server with its state in a file, or the address of one that runs elsewhere. */
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { findTemporal, obtainTemporal } from '../../../scripts/temporal-server.mjs';
import type { TemporalAddress } from '../temporal/connection.ts';
import { freePort, note as keepNote, notedPort, processesNaming, running, startDetached, stopNoted, until, type Running } from './processes.ts';
import { give, runnableBy, unprivileged } from './user.ts';

export interface TemporalServer extends TemporalAddress {
  readonly way: 'external' | 'given' | 'path' | 'cache' | 'built';
  stop(): Promise<void>;
}

const START_MS = 30_000;

export async function startTemporal(dataDir: string, wanted: number | undefined, env: NodeJS.ProcessEnv): Promise<TemporalServer> {
  const found = findTemporal(env);
  if (found?.way === 'external') return { ...temporalAddress(env), way: 'external', stop: () => Promise.resolve() };
  const [note, log, folder] = [join(dataDir, 'run', 'temporal.json'), join(dataDir, 'logs', 'temporal.log'), join(dataDir, 'temporal')];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'temporal.db');
  const record = running(note) ?? takeOver(note, folder, file);
  const port = record?.port ?? (await freePort(wanted ?? notedPort(note), wanted === undefined ? undefined : '--temporal-port'));
  if (!record) {
    const program = found?.path ?? (await obtainTemporal(env));
    const user = unprivileged(dataDir, 'Temporal');
    give(folder, user);
    const own = runnableBy(user, program, join(dataDir, 'cache', 'bin'));
    startDetached(note, log, own, serverArgs(port, file), { port, folder }, { env: { PATH: env['PATH'], HOME: folder }, cwd: folder, ...user });
  }
  await until('Temporal', () => listens(port), START_MS, log);
  return { way: found?.way ?? 'built', address: `127.0.0.1:${port}`, namespace: 'default', stop: () => stopNoted(note, 'SIGTERM', 10_000) };
}

/** Measured: write-ahead log and normal sync double the actions per second; what a crash loses is rebuilt from PostgreSQL. */
const serverArgs = (port: number, file: string): string[] => [
  'server',
  'start-dev',
  '--headless',
  '--ip',
  '127.0.0.1',
  '--port',
  String(port),
  '--db-filename',
  file,
  '--sqlite-pragma',
  'journal_mode=wal',
  '--sqlite-pragma',
  'synchronous=normal',
  '--log-level',
  'error',
];

/** Address, namespace, API key and mTLS as Temporal's own tools read them. */
export function temporalAddress(env: NodeJS.ProcessEnv): TemporalAddress {
  const set = Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: set });
  const { address, tls, apiKey } = connectionOptions;
  return {
    address: address ?? env['TEMPORAL_ADDRESS'] ?? '',
    namespace: namespace ?? 'default',
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
  };
}

/** The server that still runs on this file though its note is gone or damaged. */
function takeOver(note: string, folder: string, file: string): Running | undefined {
  const [one] = processesNaming(file);
  const port = Number(/ --port (\d+) /.exec(one?.command ?? '')?.[1]);
  return one && Number.isInteger(port) ? keepNote(note, one.pid, { port, folder }) : undefined;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
