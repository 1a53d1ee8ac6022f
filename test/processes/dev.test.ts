/** `charter dev`: drafts in force at once on a ledger that never counts, what is saved in force moments later, and no way back from there. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { sandboxed } from '../../src/adapters/host/sandbox.ts';
import { loadKeys } from '../../src/adapters/host/keys.ts';
import { sameKind } from '../../src/development.ts';
import { stage, WORKSHOP } from '../fixtures/stage.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const Told = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready'), because: z.string().nullable(), url: z.string() }),
  z.object({ state: z.literal('refused'), because: z.string().nullable(), problem: z.string() }),
]);
const Place = z.object({ name: z.string(), draft: z.boolean(), development: z.boolean() });
const LONG_MS = 120_000;

const root = mkdtempSync(join(tmpdir(), 'charter-dev-'));
chmodSync(root, 0o755); // PostgreSQL may run as another user
const [org, dataDir] = [join(root, 'works'), join(root, 'data')];
const env = {
  ...process.env,
  CHARTER_DATA: dataDir,
  CHARTER_MODEL: undefined,
  DATABASE_URL: 'postgres://nobody@localhost:1/counts',
  SLACK_BOT_TOKEN: 'xoxb-1',
};
let running: ChildProcess;
let said = '';
const told = () => said.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Told.parse(JSON.parse(line))]));
async function next(count: number): Promise<z.infer<typeof Told>> {
  for (const end = Date.now() + LONG_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const now = told()[count];
    if (now) return now;
  }
  throw new Error(`it told nothing for the change number ${count}: ${said}`);
}
async function ask<T>(operation: string, schema: z.ZodType<T>): Promise<T> {
  const first = await next(0);
  const headers = { authorization: `Bearer ${loadKeys(`${dataDir}-dev`).operator}`, 'content-type': 'application/json' };
  const response = await fetch(`${first.state === 'ready' ? first.url : ''}/v1/${operation}`, { method: 'POST', headers, body: '{}' });
  return schema.parse(await response.json());
}
const edit = (file: string, from: string, to: string) => {
  const text = readFileSync(join(org, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(org, file), text.replace(from, to));
};

beforeAll(async () => {
  cpSync(WORKSHOP, org, { recursive: true });
  mkdirSync(dataDir);
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => resolve(typeof at === 'object' && at ? at.port : 0));
    });
  });
  running = spawn(process.execPath, [CHARTER, 'dev', '--org', org, '--port', String(port), '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await next(0);
}, LONG_MS);
const end = async () => {
  if (running.exitCode !== null) return;
  const gone = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGINT');
  await gone;
};
afterAll(end);

test('drafts are in force by nobody’s word, under a mark, and the organization itself is not touched', async () => {
  expect(await next(0)).toMatchObject({ state: 'ready', because: null });
  expect(await ask('place', Place)).toMatchObject({ development: true, draft: false });
  const { stdout } = await promisify(execFile)(process.execPath, [CHARTER, 'status'], { env: { ...env, CHARTER_DATA: `${dataDir}-dev` } });
  expect(stdout).toContain('DEVELOPMENT: drafts are in force, nothing here counts');
  expect(existsSync(join(dataDir, 'keys'))).toBe(false);
});

test('what is saved is in force moments later, also what would wait for the owners elsewhere', async () => {
  const Shown = z.object({ digest: z.string(), draft: z.boolean() });
  const before = await ask('constitution_show', Shown);
  edit('people.yaml', 'per_call: "500.00", per_day: "1000.00"', 'per_call: "9000.00", per_day: "90000.00"');
  expect(await next(1)).toMatchObject({ state: 'ready', because: join(org, 'people.yaml') });
  const after = await ask('constitution_show', Shown);
  expect(after.digest).not.toBe(before.digest);
  expect(after.draft).toBe(false);
});

test('what cannot be read is told with its place, and what is mended is in force again', async () => {
  edit('people.yaml', 'roles: [operations]', 'roles: [king]');
  const refused = await next(2);
  expect(refused).toMatchObject({ state: 'refused', problem: expect.stringMatching(/people\.yaml:\d+:.*king/) });
  edit('people.yaml', 'roles: [king]', 'roles: [operations]');
  expect(await next(3)).toMatchObject({ state: 'ready' });
});

test('such a ledger is never opened by `charter up`, and one that counts takes no drafts', async () => {
  await end();
  const up = { ...env, CHARTER_DATA: `${dataDir}-dev`, DATABASE_URL: undefined };
  const refused = await promisify(execFile)(
    process.execPath,
    [CHARTER, 'up', '--once', '--org', join(`${dataDir}-dev`, 'organizations', 'works'), '--port', '0'],
    { env: up },
  ).then(
    () => undefined,
    (error: unknown) => z.object({ code: z.number(), stderr: z.string() }).parse(error),
  );
  expect(refused?.code).toBe(1);
  expect(refused?.stderr).toContain('was written by `npm run dev`, with drafts in force: it never counts');
  const on = await stage(inject('services'), { namespace: 'default' });
  const { id } = on.organization;
  await expect(on.app.db.tx(id, (sql) => sameKind(sql, id, true))).rejects.toThrow(/counts, and drafts are not tried out on it/);
  await on.close();
});

test('word for other runtimes stays here, without a signature', async () => {
  const file = join(root, 'outbox', 'webhooks.jsonl');
  await sandboxed(file).post('https://hooks.example.com/', { 'webhook-signature': 'v1,true' }, '{"id":"prp-1"}');
  expect(readFileSync(file, 'utf8')).toBe('{"url":"https://hooks.example.com/","body":"{\\"id\\":\\"prp-1\\"}"}\n');
});
