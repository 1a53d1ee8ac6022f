/** `charter up` as a person uses it: started, started twice, killed, and started again. Processes of their own, in a folder of their own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { running } from '../../src/adapters/host/processes.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'charter-start-'));
const env = { ...process.env, CHARTER_DATA: dataDir };
const charter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], { env, encoding: 'utf8', timeout: 80_000 });
  return { status, stdout, stderr };
};
const counts = (stdout: string): Record<string, number> => JSON.parse(stdout).counts;
const note = (name: string) => running(join(dataDir, 'run', `${name}.json`));

let up: ChildProcess | undefined;
async function upInBackground(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHARTER, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C ends it')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return child;
}

beforeAll(() => chmodSync(dataDir, 0o755));
afterAll(() => {
  up?.kill('SIGKILL');
  charter('init', '--reset');
  rmSync(dataDir, { recursive: true, force: true });
});

let state: Record<string, number> = {};

describe('starting', () => {
  test('the first start reviews the example, and ends everything that it started', () => {
    const first = charter('--json', 'up', '--once', '--port', '0');
    expect(first.stderr).toBe('');
    state = counts(first.stdout);
    expect(state['done']).toBeGreaterThan(12); // finance's twelve, and what the other domains need nobody for
    expect(state['open']).toBeGreaterThan(5);
    expect([note('postgres'), note('temporal')]).toEqual([undefined, undefined]);
  });

  test('the second start has the same state; a start beside it says so and exits 1', async () => {
    up = await upInBackground();
    expect(counts(charter('--json', 'status').stdout)).toEqual(state);
    const beside = charter('up', '--once', '--port', '0');
    expect(beside).toMatchObject({ status: 1 });
    expect(beside.stderr).toContain('Charter runs here already');
  });

  test('killed in the middle it starts again, with the same state', async () => {
    up?.kill('SIGKILL');
    await sleep(500);
    expect(note('postgres')).toBeDefined(); // outlived it, and is taken over
    up = await upInBackground();
    expect(counts(charter('--json', 'status').stdout)).toEqual(state);
  });

  test('what a person gets wrong is told with the exit code for it', () => {
    expect(charter('inbox', 'show', 'prp-zzzz')).toMatchObject({ status: 2 });
    expect(charter('inbox', 'decide', 'prp-zzzz', '--approve', '--as', 'nobody')).toMatchObject({ status: 3 });
    expect(charter('review', 'finanze')).toMatchObject({ status: 2 });
    expect(charter('doctor')).toMatchObject({ status: 0 });
  });

  test('the logs hold no account numbers, names, tokens or notes', () => {
    charter('people', 'token', 'clara');
    charter('ask', 'what is due?', '--as', 'clara');
    const token = readFileSync(join(dataDir, 'tokens', 'clara.token'), 'utf8');
    const logs = ['api', 'worker'].map((name) => readFileSync(join(dataDir, 'logs', `${name}.jsonl`), 'utf8')).join('');
    expect(logs).toContain('worker ready');
    for (const text of ['DE51820511173097531246', 'Behrens', 'Sägewerk', 'Ignore all limits', token]) expect(logs.includes(text), text).toBe(false);
  });

  test('Ctrl-C ends everything it started', async () => {
    const ended = new Promise((resolve) => up?.once('exit', resolve));
    up?.kill('SIGINT');
    expect(await ended).toBe(0);
    expect([note('postgres'), note('temporal')]).toEqual([undefined, undefined]);
  });
});
