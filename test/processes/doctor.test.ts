/** The doctor finds what is wrong, by name, and says what to do; each fault is real. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { beforeEach, expect, inject, test } from 'vitest';
import { loadKeys } from '../../src/adapters/host/keys.ts';
import { destinations } from '../../src/destinations.ts';
import { diagnose } from '../../src/processes/doctor.ts';
import { stage } from '../fixtures/stage.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const services = inject('services');
const NOWHERE = '127.0.0.1:9'; // the discard service, which nobody runs
let dataDir: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  dataDir = mkdtempSync(join(services.dataDir, 'doctor-'));
  env = { PATH: process.env['PATH'], DATABASE_URL: services.appUrl, TEMPORAL_ADDRESS: services.temporal, TEMPORAL_NAMESPACE: 'default' };
});
const failing = async () => (await diagnose(dataDir, env)).filter(({ ok }) => !ok);
const write = (name: string, text: string, mode = 0o600) => {
  const path = join(dataDir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
};

test('where all is well it says so, with the way and version of what it reached', async () => {
  const checks = await diagnose(dataDir, env);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  const found = (name: string) => checks.find((check) => check.name === name)?.found;
  expect(found('Temporal')).toMatch(/^external, 127\.0\.0\.1:\d+, server \d+\.\d+\.\S+, namespace `default`$/);
  expect(found('PostgreSQL')).toMatch(/^external, by DATABASE_URL, answers, 18/);
  expect(found('Clock')).toMatch(/^wall 20/);
});

test('where what is known here may go, and how sensitive it may be there, as it was ratified', async () => {
  const on = await stage(services);
  try {
    env['ANTHROPIC_API_KEY'] = 'x';
    const [stored] = await on.rows<{ bundle: unknown }>(
      `select c.bundle from constitution c join organization o on o.org = c.org and o.constitution = c.digest where c.org = $1`,
      [on.organization.id],
    );
    const told = (address: string) => destinations(stored?.bundle, { name: 'anthropic', address: new URL(address) }, true);
    expect(told('https://api.anthropic.com')).toEqual([
      'api.anthropic.com (anthropic): up to confidential; never bank details, wages, health',
      'Slack: to one person up to confidential, in a channel up to internal',
    ]);
    expect(told('http://models.example')[0]).toBe('models.example (anthropic): up to public; never bank details, wages, health');
    expect(told('http://localhost:11434/v1')[0]).toContain('localhost:11434 (anthropic): up to confidential');
    const checks = await diagnose(dataDir, env);
    expect(checks.find(({ name }) => name === 'Destinations')).toMatchObject({ ok: true, found: expect.stringContaining('api.anthropic.com') });
  } finally {
    await on.close();
  }
});

test.each<readonly [string, string, RegExp, () => void | Promise<void>]>([
  ['Temporal that does not answer', 'Temporal', /./, () => void (env['TEMPORAL_ADDRESS'] = NOWHERE)],
  ['a namespace that is not there', 'Temporal', /namespace|NotFound|not found/i, () => void (env['TEMPORAL_NAMESPACE'] = 'nobodys')],
  ['PostgreSQL that does not answer', 'PostgreSQL', /ECONNREFUSED/, () => void (env['DATABASE_URL'] = `postgres://a:b@${NOWHERE}/c`)],
  ['a wrong password', 'PostgreSQL', /password/, () => void (env['DATABASE_URL'] = services.appUrl.replace(/:[^:@]+@/, ':wrong@'))],
  ['a key that is missing', 'Keys', /codec\.key` is missing/, () => void (loadKeys(dataDir), rmSync(join(dataDir, 'keys', 'codec.key')))],
  [
    'a key that others can read',
    'Keys',
    /warrants\.pem.*read by others/,
    () => void (loadKeys(dataDir), chmodSync(join(dataDir, 'keys', 'warrants.pem'), 0o644)),
  ],
  ['a token that others can read', 'Tokens', /clara\.token.*read by others/, () => write('tokens/clara.token', 'secret', 0o644)],
  ['an API that was started and is gone', 'API', /does not answer/, () => write('run/api.json', JSON.stringify({ url: `http://${NOWHERE}` }))],
  [
    'an organization that is not valid',
    'Organization',
    /organization\.yaml: is missing/,
    () => write('organizations.json', JSON.stringify({ x: { name: 'x', example: true, folder: join(dataDir, 'nothing'), database: null } })),
  ],
])('%s', async (_what, name, found, harm) => {
  await harm();
  const [first] = (await failing()).filter((check) => check.name === name);
  expect(first?.found).toMatch(found);
  expect(first?.remedy.length).toBeGreaterThan(20);
});

test('an API that is not ready is told with what it misses', async () => {
  const server = createServer((_request, response) => response.writeHead(503).end('{"missing":["Temporal"]}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  write('run/api.json', JSON.stringify({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }));
  expect(await failing()).toMatchObject([{ name: 'API', found: expect.stringContaining('"missing":["Temporal"]') as string }]);
  server.close();
});

test('the business clock of an example is shown beside the wall’s', async () => {
  const on = await stage(services);
  try {
    const note = {
      [on.organization.id]: { name: 'x', example: true, folder: fileURLToPath(new URL('../../examples/workshop', import.meta.url)), database: null },
    };
    write('organizations.json', JSON.stringify(note));
    expect((await diagnose(dataDir, env)).find(({ name }) => name === 'Clock')?.found).toMatch(/business 2026-03-02T.* an example/);
  } finally {
    await on.close();
  }
});

test('one fault and the exit code is 1', () => {
  write('tokens/clara.token', 'secret', 0o644);
  const { status, stdout } = spawnSync(process.execPath, [CHARTER, 'doctor'], { env: { ...env, CHARTER_DATA: dataDir }, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toMatch(/FAIL Tokens/);
  chmodSync(join(dataDir, 'tokens', 'clara.token'), 0o600);
  expect(spawnSync(process.execPath, [CHARTER, 'doctor'], { env: { ...env, CHARTER_DATA: dataDir } }).status).toBe(0);
});
