/** What Charter stands on is killed, deleted or in the way. The processes are real, in a folder of their own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { running } from '../../src/adapters/host/processes.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'charter-faults-'));
const env = { ...process.env, CHARTER_DATA: dataDir };
const charter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], { env, encoding: 'utf8', timeout: 80_000 });
  return { status, stdout, stderr };
};
const noted = (name: string) => running(join(dataDir, 'run', `${name}.json`));

const Task = z.object({
  id: z.string(),
  outcome: z.string().nullable(),
  waits: z.boolean(),
  decision: z.object({ needs: z.array(z.object({ role: z.string(), quorum: z.int() })) }),
});
const waiting = () => z.object({ tasks: z.array(Task) }).parse(JSON.parse(charter('--json', 'inbox', 'list').stdout)).tasks;
const outcome = (id: string) => Task.parse(JSON.parse(charter('--json', 'inbox', 'show', id).stdout)).outcome;
const oneOfFinance = () =>
  waiting().find(({ decision: { needs } }) => needs.length === 1 && needs[0]?.role === 'finance' && needs[0].quorum === 1)?.id ?? 'none';

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(300)) if (holds()) return;
  throw new Error(`not within a minute: ${what}`);
}

let up: ChildProcess;
beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  up = spawn(process.execPath, [CHARTER, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    up.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C ends it')) resolve();
    });
    up.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  charter('people', 'token', 'clara');
});
afterAll(async () => {
  const ended = new Promise((resolve) => up.once('exit', resolve));
  up.kill('SIGINT');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
});

describe('what is killed comes back, and nothing is lost', () => {
  test('PostgreSQL killed: what is missing is said, and the state is the same when it is back', async () => {
    const before = waiting().map(({ id }) => id);
    const killed = noted('postgres')?.pid ?? 0;
    process.kill(-killed, 'SIGKILL');
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(readFileSync(join(dataDir, 'run', 'api.json'), 'utf8')));
    const authorization = `Bearer ${readFileSync(join(dataDir, 'keys', 'operator.token'), 'utf8').trim()}`;
    const answer = await fetch(`${url}/v1/status`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{}' });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('PostgreSQL does not answer');
    await until('it is back', () => noted('postgres') !== undefined && noted('postgres')?.pid !== killed);
    await until('it answers', () => charter('--json', 'status').status === 0);
    expect(waiting().map(({ id }) => id)).toEqual(before);
  });

  test('Temporal killed: a vote cast meanwhile counts, and the payment goes through when it is back', async () => {
    const id = oneOfFinance();
    const killed = noted('temporal')?.pid ?? 0;
    process.kill(killed, 'SIGKILL');
    expect(JSON.parse(charter('--json', 'inbox', 'decide', id, '--approve', '--as', 'clara').stdout)).toMatchObject({ counted: true });
    await until('it is done', () => outcome(id) === 'done');
    expect(noted('temporal')?.pid).not.toBe(killed);
  });

  test('Temporal’s file deleted: open actions come back from PostgreSQL, and a vote still leads to its payment', async () => {
    const id = oneOfFinance();
    const killed = noted('temporal')?.pid ?? 0;
    const folder = join(dataDir, 'temporal');
    process.kill(killed, 'SIGKILL');
    for (const file of readdirSync(folder)) if (file.startsWith('temporal.db')) rmSync(join(folder, file));
    await until('it is back', () => noted('temporal') !== undefined && noted('temporal')?.pid !== killed);
    expect(waiting().map((task) => task.id)).toContain(id);
    expect(JSON.parse(charter('--json', 'inbox', 'decide', id, '--approve', '--as', 'clara').stdout)).toMatchObject({ counted: true });
    await until('it is done', () => outcome(id) === 'done');
  });

  test('the worker killed: another one takes over', async () => {
    const rows = spawnSync('pgrep', ['-P', String(up.pid), '-f', 'worker'], { encoding: 'utf8' }).stdout.trim();
    process.kill(Number(rows.split('\n')[0]), 'SIGKILL');
    await until('a review runs', () => charter('review', 'finance').status === 0);
  });
});

test.each(['--port', '--postgres-port', '--temporal-port'])('a port that is taken is named, with the option to change it: %s', async (option) => {
  const other = mkdtempSync(join(tmpdir(), 'charter-ports-'));
  chmodSync(other, 0o755);
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    }),
  );
  const child = spawn(process.execPath, [CHARTER, 'up', '--once', ...(option === '--port' ? [] : ['--port', '0']), option, String(port)], {
    env: { ...process.env, CHARTER_DATA: other },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  server.close();
  expect(code).toBe(1);
  expect(said).toContain(`Port ${port} is taken by another program. Stop it, or choose another with ${option}.`);
  expect(['postgres', 'temporal'].map((name) => running(join(other, 'run', `${name}.json`)))).toEqual([undefined, undefined]);
  rmSync(other, { recursive: true, force: true });
});
