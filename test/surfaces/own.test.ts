/** An organization of one's own, from `charter init` to its first review. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'charter-own-'));
const folder = join(dataDir, 'ours');
const env = { ...process.env, CHARTER_DATA: dataDir };
const charter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, ...args], { env, encoding: 'utf8', timeout: 80_000 });
  return { status, stdout, stderr };
};

let up: ChildProcess;
let said = '';
beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  expect(charter('init', folder, '--since', '2026-05-01')).toMatchObject({ status: 0 });
  up = spawn(process.execPath, [CHARTER, 'up', '--org', folder, '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    up.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C ends it')) resolve();
    });
    up.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
});
afterAll(async () => {
  const ended = new Promise((resolve) => up.once('exit', resolve));
  up.kill('SIGINT');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
});

test('it starts on its day, at level shadow, and nothing is in force before the owner says so', () => {
  expect(readFileSync(join(folder, 'organization.yaml'), 'utf8')).toMatch(/^since: 2026-05-01$/m);
  expect(readFileSync(join(folder, 'organization.yaml'), 'utf8')).toContain('finance-analyst: shadow');
  expect(said).toContain('Nothing is in force yet');
  expect(charter('review', 'finance')).toMatchObject({ status: 3 });
});

test('nobody’s word puts anything in force, nor a token that the owner did not exchange', () => {
  expect(charter('constitution', 'ratify')).toMatchObject({ status: 3, stderr: expect.stringContaining('charter people token OWNER --as OWNER') as string });
  charter('people', 'token', 'owner');
  expect(charter('constitution', 'ratify', '--as', 'owner')).toMatchObject({ status: 3 });
  expect(charter('review', 'finance')).toMatchObject({ status: 3 });
});

test('what the owner ratifies holds in the worker at once, in the owner’s name', () => {
  expect(charter('people', 'token', 'owner', '--as', 'owner')).toMatchObject({ status: 0 });
  expect(charter('constitution', 'ratify', '--as', 'owner')).toMatchObject({ status: 0 });
  expect(JSON.parse(charter('--json', 'constitution', 'history').stdout)).toMatchObject([{ by: 'owner' }]);
  expect(charter('review', 'finance')).toMatchObject({ status: 0 });
  expect(JSON.parse(charter('--json', 'status').stdout)).toMatchObject({ findings: [expect.stringContaining('no statement for')] });
});

test('a token of the owner’s own that works is not written over; the new one lies beside it, and is exchanged from there', () => {
  const issued = charter('people', 'token', 'owner');
  expect(issued.stdout).toContain('charter people token owner --as owner.by-operator');
  expect(charter('ask', 'what is due?', '--as', 'owner').stdout).toContain('No invoice is open');
  expect(charter('ask', 'what is due?', '--as', 'owner.by-operator')).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('charter people token owner --as owner') as string,
  });
  expect(JSON.parse(charter('--json', 'people', 'token', 'owner', '--as', 'owner.by-operator').stdout)).toMatchObject({
    issuedBy: 'owner',
    file: expect.stringMatching(/owner\.token$/) as string,
  });
  expect(charter('ask', 'what is due?', '--as', 'owner').stdout).toContain('No invoice is open');
});

test('a staff list in words is read, and says which lines people.yaml lacks; with them it is filed', () => {
  const list = join(dataDir, 'personal.csv');
  const rows = (name: string) =>
    writeFileSync(list, `Name;Wochenstunden;Qualifikation;Standort;Arbeitstage\n${name};38,5;Verkauf, Kasse;Hauptgeschäft;Mo-Fr\n`, 'latin1');
  rows('Weiß, Jürgen');
  expect(charter('records', 'add', list, '--as', 'owner').stdout).toContain('`- { id: juergen-weiss, name: Juergen Weiss, roles: [] }`');
  rows('Owner');
  expect(charter('records', 'add', list, '--as', 'owner').stdout).toContain('filed (staff)');
  expect(charter('review', 'staffing')).toMatchObject({ status: 0 });
});

test('a person ends the tokens they have, and says so in the log', () => {
  expect(charter('people', 'revoke', 'owner', '--as', 'owner')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Revoked of owner: tok-') as string,
  });
  expect(charter('ask', 'what is due?', '--as', 'owner')).toMatchObject({ status: 3, stderr: expect.stringContaining('not valid here') as string });
});

test('a start date that is none is told, and nothing is written', () => {
  expect(charter('init', join(dataDir, 'other'), '--since', 'tomorrow')).toMatchObject({ status: 2, stderr: expect.stringContaining('`tomorrow` is no date') });
});
