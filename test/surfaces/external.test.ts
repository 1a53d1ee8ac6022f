/** The parts one by one, on a PostgreSQL and a Temporal of somebody else's: no superuser, no role of our own, a namespace that is given. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { connectTemporal } from '../../src/adapters/temporal/connection.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const services = inject('services');
const name = `ext${randomBytes(4).toString('hex')}`;
const dataDir = mkdtempSync(join(tmpdir(), 'charter-external-'));
const PORT = '18931';
let env: NodeJS.ProcessEnv;

/** As the one who runs the database does it: a role that owns one database, and nothing else. */
async function database(): Promise<string> {
  const url = new URL(services.ownerUrl);
  const { superuser } = z.object({ superuser: z.string() }).parse(JSON.parse(readFileSync(join(services.dataDir, 'keys', 'postgres.json'), 'utf8')));
  [url.username, url.password, url.pathname] = ['postgres', superuser, '/postgres'];
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await owner.query(`create role ${name} login nosuperuser nocreaterole nocreatedb password 'secret-${name}'`);
  await owner.query(`create database ${name} owner ${name}`);
  await owner.end();
  [url.username, url.password, url.pathname] = [name, `secret-${name}`, `/${name}`];
  return url.href;
}

const charter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], { env, encoding: 'utf8', timeout: 80_000 });
  return { status, stdout, stderr };
};
const parts: ChildProcess[] = [];
function part(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [CHARTER, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  parts.push(child);
  return child;
}
async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    if (await holds()) return;
    const gone = parts.find(({ exitCode }) => exitCode !== null);
    if (gone) throw new Error(`\`${gone.spawnargs.slice(1).join(' ')}\` ended with ${gone.exitCode ?? ''} before this: ${what}`);
  }
  throw new Error(`not within a minute: ${what}`);
}
const ready = (port: string) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  const connection = await connectTemporal({ address: services.temporal, namespace: 'default' });
  await connection.workflowService.registerNamespace({
    namespace: name,
    workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({ seconds: 86_400 }),
  });
  await connection.close();
  env = {
    ...process.env,
    CHARTER_DATA: dataDir,
    DATABASE_URL: await database(),
    TEMPORAL_ADDRESS: services.temporal,
    TEMPORAL_NAMESPACE: name,
    CHARTER_PORT: PORT,
    CHARTER_URL: `http://127.0.0.1:${PORT}`,
  };
});
afterAll(() => {
  for (const child of parts) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

test('migrate, worker and api do what up does, each by itself', async () => {
  expect(charter('migrate')).toMatchObject({ status: 0 });
  const worker = part('worker', '--health-port', '18932');
  const api = part('api');
  await until('the api is ready', () => ready(PORT));
  await until('the worker is ready', () => ready('18932'));
  const reviewed = charter('--json', 'review', 'finance');
  expect(reviewed).toMatchObject({ status: 0 });
  await until('payments are done', () => JSON.parse(charter('--json', 'status').stdout).counts.done > 5);

  const ended = Promise.all([worker, api].map((child) => new Promise((resolve) => child.once('exit', resolve))));
  for (const child of [worker, api]) child.kill('SIGTERM');
  expect(await ended).toEqual([0, 0]); // drained
}, 120_000);

test('one organization does not see the rows of another, though the role owns the tables', async () => {
  const client = new pg.Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  await client.query("select set_config('charter.org', 'another', false)");
  expect((await client.query('select 1 from invoice')).rowCount).toBe(0);
  await client.query("select set_config('charter.org', 'workshop', false)");
  expect((await client.query('select 1 from invoice')).rowCount).toBeGreaterThan(20);
  await client.end();
});

test('what is missing is said by name', () => {
  const { DATABASE_URL: _gone, ...without } = env;
  env = without;
  expect(charter('migrate')).toMatchObject({ status: 2, stderr: expect.stringContaining('DATABASE_URL') as string });
});
