/** `charter eval`, as a person runs it: with nothing running, and with nothing left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTime } from '../../src/adapters/host/processes.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'charter-evaluates-'));
const [scratch, dataDir] = [join(home, 'scratch'), join(home, 'data')];
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: scratch, CHARTER_DATA: dataDir };
const mock = new LLMock({ port: 0 });
mock.addFixture({ match: {}, response: { content: 'I do not know.' } });

beforeAll(async () => {
  spawnSync('mkdir', [scratch]);
  for (const folder of [home, scratch]) chmodSync(folder, 0o755); // PostgreSQL's own user passes through
  await mock.start();
});
afterAll(async () => {
  await mock.stop();
  rmSync(home, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** @param until what it says on the way, upon which it is interrupted as by Ctrl-C */
const charter = (args: readonly string[], more: Readonly<Record<string, string>> = {}, until?: { readonly says: string; then(): void }): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHARTER, ...args], { env: { ...env, ...more } });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      said.stderr += chunk.toString();
      if (!until || !said.stderr.includes(until.says) || child.killed) return;
      until.then();
      child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
const leftBehind = (): readonly string[] => [...readdirSync(scratch).filter((name) => name.startsWith('charter-')), ...(existsSync(dataDir) ? [dataDir] : [])];

test('an agent by its routine: a table, exit 0, the file that was asked for, and nothing else', async () => {
  const out = join(home, 'result.json');
  const ran = await charter(['eval', 'compliance-officer', '--out', out]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/compliance\.obligation_overdue +1 +1 +1 +1\.00 +1\.00/);
  expect(ran.stdout).toContain('no false alarm, 0 model calls');
  expect(ran.stderr).toContain('what is planted, 4 of 4');
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject([{ agent: 'compliance-officer', model: 'playbook', holds: true }]);
  expect(leftBehind()).toEqual([]);
});

test('a model that knows nothing: exit 1, with what it missed', async () => {
  const keys = { OPENAI_API_KEY: 'x', OPENAI_BASE_URL: `${mock.url}/v1`, ANTHROPIC_API_KEY: 'not this one' };
  const ran = await charter(['--json', 'eval', 'compliance-officer', '--model', 'openai:gpt-5'], keys);
  expect(ran.code, ran.stderr).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject([{ model: 'gpt-5', holds: false, modelCalls: 4, clean: { modelCalls: 0 } }]);
  expect(ran.stdout).toContain('OB-08 (evidence_expired; expected: task for viktor): people were told `I do not know.`');
  expect(leftBehind()).toEqual([]);
});

test.each([
  { what: 'an agent that is not evaluated', args: ['eval', 'complience-officer'], says: 'Did you mean compliance-officer' },
  { what: 'a name like none', args: ['eval', 'zzz'], says: 'finance-analyst' },
  { what: 'a provider that is not there', args: ['eval', '--model', 'mistral:x'], says: '`mistral:x` is no model' },
  { what: 'a model without its key', args: ['eval', '--model', 'anthropic:claude-x'], says: 'needs ANTHROPIC_API_KEY' },
])('$what is told before anything starts', async ({ args, says }) => {
  const ran = await charter(args);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) as string });
  expect(ran.stderr).not.toContain('PostgreSQL');
});

test('Ctrl-C takes down what it started, and leaves nothing', async () => {
  let postgres = { pid: 0, started: '' };
  const then = () => {
    const [folder = ''] = leftBehind();
    postgres = JSON.parse(readFileSync(join(scratch, folder, 'run', 'postgres.json'), 'utf8'));
    expect(startTime(postgres.pid)).toBe(postgres.started);
  };
  const ran = await charter(['eval', 'compliance-officer'], {}, { says: '1 of 4', then });
  expect(ran.code, ran.stderr).toBe(130);
  expect(postgres.pid).toBeGreaterThan(0);
  expect(startTime(postgres.pid)).not.toBe(postgres.started);
  expect(leftBehind()).toEqual([]);
});
