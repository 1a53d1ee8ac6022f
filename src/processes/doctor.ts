/** What Charter needs here, checked one by one: each is reached as Charter would reach it, and nothing is changed. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { findTemporal, pinnedVersion } from '../../scripts/temporal-server.mjs';
import { loadOrganization } from '../adapters/files/organization.ts';
import { keysFolder, loadKeys, missingKeys } from '../adapters/host/keys.ts';
import { runningPostgres } from '../adapters/host/postgres.ts';
import { running } from '../adapters/host/processes.ts';
import { temporalAddress } from '../adapters/host/temporal.ts';
import { connect, type Database } from '../adapters/postgres/client.ts';
import { ratifiedBundle } from '../adapters/postgres/organizations.ts';
import { connectTemporal, type TemporalAddress } from '../adapters/temporal/connection.ts';
import { destinations as listed } from '../destinations.ts';
import { OrgId } from '../kernel/ids.ts';
import { chooseModel } from '../models.ts';
import { organizationsHere } from './holdings.ts';
import { EXAMPLE, organizationFolder } from './runtime.ts';
import { slackFound } from './slack.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly remedy: string;
}

const ANSWER_MS = 5_000; // of whatever is asked; a doctor that hangs says nothing

/** Each check tells what it found; one that throws has failed with what it threw. */
export async function diagnose(dataDir: string, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const checks: readonly [string, string, () => string | Promise<string>][] = [
    ['Node', 'Install Node 20.19 or later: https://nodejs.org', node],
    ['Data', 'Set CHARTER_DATA to a folder that you may write.', () => writable(dataDir)],
    [
      'Temporal',
      'Run `npm start`; or see that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, with the key or the certificates beside them in .env.example, name a server that runs.',
      () => temporal(dataDir, env),
    ],
    ['PostgreSQL', 'Run `npm start`; or see that DATABASE_URL names a database that runs, and run `charter migrate`.', () => postgres(dataDir, env)],
    ['API', 'Run `npm start`; what kept it from answering is in logs/api.jsonl of the data directory.', () => api(dataDir, env)],
    ['Keys', 'Restore the files in keys/ from your backup, with mode 0600.', () => keys(dataDir)],
    ['Tokens', 'Run `chmod 600` on it, and replace it if somebody may have read it: `charter people token NAME`.', () => tokens(dataDir)],
    ['Models', '', () => models(env)],
    ['Slack', 'See docs/how-to/link-slack.md; without any of its tokens Slack is off.', () => slack(dataDir, env)],
    ['Destinations', 'Run `npm start`; what may go where is in articles M1 to M4 and U1 to U5.', () => destinations(dataDir, env)],
    ['Organization', 'Mend what it says; `charter init DIR` shows a valid one.', () => organizations(dataDir)],
    ['Clock', 'Set the clocks of both machines by NTP; votes and warrants depend on it.', () => clock(dataDir, env)],
  ];
  return Promise.all(checks.map(([name, remedy, check]) => run(name, remedy, check)));
}

async function run(name: string, remedy: string, check: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, found: await check(), remedy: '' };
  } catch (error) {
    return { name, ok: false, found: wordsOf(error), remedy };
  }
}

/** Where several ways to one address failed, the reasons lie within. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function node(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.version} is too old`);
  return process.version;
}

function writable(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  accessSync(dataDir, constants.W_OK);
  return dataDir;
}

async function temporal(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const found = findTemporal(env);
  if (!found) throw new Error('no server is at hand; `npm start` fetches or builds one');
  if (found.way === 'external') {
    const address = temporalAddress(env);
    return `external, ${address.address}, ${await namespaceOf(address)}`;
  }
  const version = execFileSync(found.path, ['--version'], { encoding: 'utf8', timeout: ANSWER_MS }).trim();
  const said = `${found.way}, module ${pinnedVersion()} (${version})`;
  const up = running(join(dataDir, 'run', 'temporal.json'));
  return up ? `${said}, runs on port ${up.port}, ${await namespaceOf({ address: `127.0.0.1:${up.port}`, namespace: 'default' })}` : `${said}, not running`;
}

async function namespaceOf(address: TemporalAddress): Promise<string> {
  const { namespace } = address;
  const connection = await connectTemporal(address);
  try {
    return await connection.withDeadline(Date.now() + ANSWER_MS, async () => {
      const { serverVersion } = await connection.workflowService.getSystemInfo({});
      await connection.workflowService.describeNamespace({ namespace });
      return `server ${serverVersion}, namespace \`${namespace}\``;
    });
  } finally {
    await connection.close();
  }
}

/** Asks the database that Charter uses here; undefined where there is none yet. */
async function inDatabase<T>(dataDir: string, env: NodeJS.ProcessEnv, work: (db: Database) => Promise<T>): Promise<T | undefined> {
  const url = env['DATABASE_URL'] ?? runningPostgres(dataDir);
  if (!url) return undefined;
  const db = connect(url, 1);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function postgres(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const asked = await inDatabase(dataDir, env, async (db) => {
    const [row] = await db.raw((sql) =>
      sql<{ version: string; superuser: boolean; tables: boolean }>(
        `select current_setting('server_version') version, to_regclass('event') is not null tables,
           (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) superuser`,
      ),
    );
    return row;
  });
  if (!asked) {
    const cluster = join(dataDir, 'postgres', 'PG_VERSION');
    return existsSync(cluster) ? `embedded ${readFileSync(cluster, 'utf8').trim()}, not running` : 'embedded, made on the first start';
  }
  const where = env['DATABASE_URL'] ? 'external, by DATABASE_URL' : 'embedded';
  if (asked.superuser) throw new Error(`${where}: its role passes row-level security; give one that does not: \`alter role … nosuperuser nobypassrls\``);
  if (!asked.tables) throw new Error(`${where}, ${asked.version}: the tables are missing`);
  return `${where}, answers, ${asked.version}`;
}

async function api(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const note = join(dataDir, 'run', 'api.json');
  const url = env['CHARTER_URL'] ?? (existsSync(note) ? z.object({ url: z.url() }).parse(JSON.parse(readFileSync(note, 'utf8'))).url : undefined);
  if (url === undefined) return 'not running; `npm start` starts it';
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch((cause: unknown) => {
    throw new Error(`it was started at ${url}, and does not answer`, { cause });
  });
  if (!response.ok) throw new Error(`${url} is not ready: ${(await response.text()).slice(0, 200)}`);
  return `ready, ${url}`;
}

async function keys(dataDir: string): Promise<string> {
  const folder = keysFolder(dataDir);
  if (!existsSync(folder) || missingKeys(dataDir).length === FIRST_FILES) return 'made on the first start';
  const missing = missingKeys(dataDir);
  if (missing.length > 0) throw new Error(`${missing.map((file) => `\`keys/${file}\``).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  closed(folder, readdirSync(folder));
  const all = (await loadKeys(dataDir).keys()).filter(({ purpose }) => purpose === 'warrants' || purpose === 'attestations');
  const said = all.flatMap(({ purpose, kid, from, inUse, until }) => {
    if (inUse) return [`${purpose}: ${kid} signs since ${from.slice(0, 10)}`];
    return until !== null && Date.parse(until) > Date.now() ? [`${purpose}: ${kid} still counts until ${until.slice(0, 16)}Z`] : [];
  });
  return `there, and closed to others; ${said.join('; ')}`;
}

const FIRST_FILES = 5; // four keys and the operator's secret

function tokens(dataDir: string): string {
  const folder = join(dataDir, 'tokens');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  closed(folder, files);
  return files.length === 0 ? 'none issued here; `charter people token NAME` issues one' : `${files.length}, closed to others`;
}

function closed(folder: string, files: readonly string[]): void {
  const open = files.map((file) => join(folder, file)).filter((file) => (statSync(file).mode & 0o077) !== 0);
  if (open.length > 0) throw new Error(`${open.map((file) => `\`${file}\``).join(', ')} can be read by others`);
}

const models = (env: NodeJS.ProcessEnv): string =>
  env['ANTHROPIC_API_KEY']
    ? 'Anthropic'
    : (env['OPENAI_API_KEY'] ?? env['OPENAI_BASE_URL'])
      ? 'OpenAI or compatible'
      : 'none: routines work, open questions are answered from records (set ANTHROPIC_API_KEY or OPENAI_API_KEY)';

/** Where what is known here may go, by what each organization ratified. */
async function destinations(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const model = await chooseModel(env);
  const organization = await loadOrganization(await organizationFolder(dataDir, undefined));
  const withSlack = slackFound(env, organization.slack).kind === 'on';
  if (model.address === null && !withSlack) return 'none: no model and no Slack; the bank and the calendars get files in outbox/';
  const told = await inDatabase(dataDir, env, (db) =>
    Promise.all(
      organizationsHere(dataDir).map(async ({ id }) => {
        const stored = await db.tx(OrgId.parse(id), (sql) => ratifiedBundle(sql, OrgId.parse(id)));
        return stored ? listed(stored.bundle, model, withSlack).join('; ') : `\`${id}\`: nothing, for nothing is in force`;
      }),
    ),
  ).catch((error: unknown) => (unreached(error) ? undefined : Promise.reject(error)));
  return told?.join(' | ') || `${model.address?.host ?? 'Slack'}: what may go there is told once \`npm start\` has begun an organization`;
}

async function slack(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const found = slackFound(env, (await loadOrganization(await organizationFolder(dataDir, undefined))).slack);
  if (found.kind === 'incomplete') throw new Error(found.why);
  return found.kind === 'off' ? found.why : found.how;
}

/** Those that were brought up here; before any was, the example. */
async function organizations(dataDir: string): Promise<string> {
  const here = organizationsHere(dataDir);
  const folders = here.length > 0 ? here.map(({ folder }) => folder) : [EXAMPLE];
  const loaded = await Promise.all(folders.map((folder) => loadOrganization(folder)));
  return loaded.map(({ name, people }) => `${name}, ${people.length} people`).join('; ');
}

const MOST_APART_MS = 10_000; // a warrant lives 30 seconds

/** Wall and business clock, and whether the database's agrees with this machine's. */
async function clock(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const wall = new Date();
  if (wall.getUTCFullYear() < 2025) throw new Error(`it shows ${wall.toISOString()}`);
  const told = await inDatabase(dataDir, env, async (db) => {
    const begun = Date.now();
    const [row] = await db.raw((sql) => sql<{ now: Date }>('select clock_timestamp() now'));
    const apart = Math.abs((row?.now.getTime() ?? 0) - (begun + Date.now()) / 2);
    if (apart > MOST_APART_MS) throw new Error(`this machine and PostgreSQL are ${Math.round(apart / 1_000)} seconds apart`);
    return Promise.all(organizationsHere(dataDir).map(({ id }) => businessClock(db, OrgId.parse(id), wall)));
  }).catch((error: unknown) => (unreached(error) ? undefined : Promise.reject(error)));
  return [`wall ${wall.toISOString()}`, ...(told ?? [])].join('; ');
}

/** The check of PostgreSQL tells of it. */
const unreached = (error: unknown): boolean => error instanceof Error && 'code' in error;

/** @throws where it differs from the wall's in an organization that is no example */
async function businessClock(db: Database, org: OrgId, wall: Date): Promise<string> {
  const [row] = await db.tx(org, (sql) =>
    sql<{ offset: string; example: boolean }>(
      `select clock_offset_ms::text "offset", (document ->> 'example')::boolean example from organization where org = $1`,
      [org],
    ),
  );
  const offset = Number(row?.offset ?? 0);
  const business = new Date(wall.getTime() + offset).toISOString();
  if (offset !== 0 && !row?.example) throw new Error(`\`${org}\` is no example, and its business clock shows ${business}`);
  return offset === 0 ? `\`${org}\` goes by it` : `business ${business} in \`${org}\`, an example`;
}
