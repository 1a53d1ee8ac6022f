/** `charter up` as a person uses it: started, started twice, killed, and started again. Processes of their own, in a folder of their own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { running } from '../../src/adapters/host/processes.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const PATIENCE_MS = 240_000; // of one command: `npm run bench` measures a start, here a busy machine may take its time
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });
const dataDir = mkdtempSync(join(tmpdir(), 'charter-start-'));
const env = { ...process.env, CHARTER_DATA: dataDir };
const charter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], { env, encoding: 'utf8', timeout: PATIENCE_MS });
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

const Task = z.object({ id: z.string(), tool: z.string(), args: z.record(z.string(), z.unknown()), may: z.array(z.object({ person: z.string() })) });
const WORKSHOP = fileURLToPath(new URL('../../examples/workshop/', import.meta.url));

/** A question, votes, an edit, a day with the bank's answer, a halt and its end, and mistakes: each in words of its own. @returns the words */
async function fullRun(): Promise<readonly string[]> {
  const words = ['zebra-question', 'zebra-approval', 'zebra-decline', 'zebra-edit', 'zebra-halt', 'zebra-resume', 'zebra-mistake'];
  const [question, approval, decline, edit, halt, resume, mistake] = words;
  for (const person of ['clara', 'johanna', 'emre']) charter('people', 'token', person);
  const done = (...args: (string | undefined)[]) => expect(charter(...args.map((arg) => arg ?? '')), args.join(' ')).toMatchObject({ status: 0 });
  const open = () =>
    z
      .object({ tasks: z.array(Task) })
      .parse(JSON.parse(charter('--json', 'inbox', 'list').stdout))
      .tasks.filter(({ may, tool }) => may.some(({ person }) => person === 'clara') && tool === 'finance.pay_invoice');
  charter('ask', `${question}: what is due?`, '--as', 'clara');
  const [first, second, third] = open();
  expect(third).toBeDefined();
  charter('inbox', 'decide', first?.id ?? '', '--approve', '--reason', `${approval} of it`, '--as', 'clara');
  charter('inbox', 'decide', second?.id ?? '', '--decline', '--reason', `${decline} of it`, '--as', 'clara');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(readFileSync(join(dataDir, 'run', 'api.json'), 'utf8')));
  const authorization = `Bearer ${readFileSync(join(dataDir, 'tokens', 'clara.token'), 'utf8')}`;
  const args = { ...third?.args, amount: { minor: 4_200, currency: 'EUR' } };
  const edited = await fetch(`${url}/v1/edit`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ id: third?.id, args, reason: `${edit} of it` }),
  });
  expect(await edited.json()).toMatchObject({ counted: true });
  done('clock', 'advance', '1d'); // the example bank answers, and rejects one
  done('halt', '--reason', `${halt} of all`, '--as', 'johanna');
  charter('review', 'finance');
  done('resume', '--reason', `${resume} of all`, '--as', 'johanna');
  charter('inbox', 'decide', mistake ?? '', '--approve', '--as', 'clara');
  done('review', 'finance');
  return words;
}

const Line = z.object({
  name: z.string(),
  type: z.string().optional(),
  ask: z.string().optional(),
  proposal: z.string().optional(),
  workflow: z.string().optional(),
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

  test('the logs hold no account numbers, names, tokens, notes, or what people said and wrote', async () => {
    const said = await fullRun();
    const logs = ['api', 'worker'].map((name) => readFileSync(join(dataDir, 'logs', `${name}.jsonl`), 'utf8')).join('');
    expect(logs).toContain('worker ready');
    const lines = logs
      .trimEnd()
      .split('\n')
      .map((line) => Line.parse(JSON.parse(line)));
    for (const type of ['proposal.made', 'decision.made', 'warrant.issued', 'intent.committed', 'receipt.given']) {
      const told = lines.filter((line) => line.type === type);
      expect(told.length, type).toBeGreaterThan(12);
      for (const { ask, proposal, workflow } of told.filter(({ name }) => name === 'worker'))
        expect({ ask, proposal, workflow }).toEqual({
          ask: expect.stringMatching(/^ask-/),
          proposal: expect.stringMatching(/^prp-/),
          workflow: expect.any(String),
        });
    }
    expect(lines.filter(({ name, type }) => name === 'api' && type === 'vote.cast').length).toBeGreaterThan(0);
    const token = readFileSync(join(dataDir, 'tokens', 'clara.token'), 'utf8');
    const people = [...readFileSync(join(WORKSHOP, 'people.yaml'), 'utf8').matchAll(/name: "?([^",}\n]+)/g)].map(([, name]) => name ?? '');
    expect(people.length).toBeGreaterThan(15);
    const written = [...said, ...people, token, 'DE51820511173097531246', 'Behrens', 'Sägewerk', 'Ignore all limits'];
    for (const text of written) expect(logs.includes(text), text).toBe(false);
    for (const found of logs.match(/\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/g) ?? []) expect(found, 'an account number').toBe('');
  });

  test('Ctrl-C ends everything it started', async () => {
    const ended = new Promise((resolve) => up?.once('exit', resolve));
    up?.kill('SIGINT');
    expect(await ended).toBe(0);
    expect([note('postgres'), note('temporal')]).toEqual([undefined, undefined]);
  });

  /** Processes that belong to this folder, or that this start began. */
  const left = () =>
    spawnSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line.includes(dataDir));
  const childOf = (pid: number | undefined, name: string) => spawnSync('pgrep', ['-P', String(pid), '-f', name], { encoding: 'utf8' }).stdout.trim();

  test.each([
    ['PostgreSQL is starting', () => note('postgres') !== undefined],
    ['the worker is starting', (pid: number | undefined) => childOf(pid, 'worker') !== ''],
  ])('Ctrl-C while %s stops what was started so far, and leaves nothing', async (_when, reached) => {
    const child = spawn(process.execPath, [CHARTER, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const out of [child.stdout, child.stderr]) out.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for (const end = Date.now() + 60_000; !reached(child.pid) && Date.now() < end;) await sleep(20);
    const worker = childOf(child.pid, 'worker');
    child.kill('SIGINT');
    expect(await ended, said).toBe(1);
    expect(said).toContain('Stopped before everything was up');
    expect(said).not.toContain('Ctrl-C ends it');
    expect(left()).toEqual([]);
    if (worker !== '') expect(existsSync(`/proc/${worker}`)).toBe(false);
    expect(existsSync(join(dataDir, 'run', 'api.json'))).toBe(false);
  });

  test('and the next start has all that was done', () => {
    const again = charter('--json', 'up', '--once', '--port', '0');
    expect(again.stderr).toBe('');
    expect(counts(again.stdout)['done']).toBeGreaterThanOrEqual(state['done'] ?? 0);
  });
});
