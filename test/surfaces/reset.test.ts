/** `charter init --reset` takes away what is Charter's, in a folder that Charter made, and nothing else anywhere. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markDataDir } from '../../src/processes/data-dir.ts';
import { noteOrganization } from '../../src/processes/holdings.ts';

const CHARTER = fileURLToPath(new URL('../../bin/charter.mjs', import.meta.url));
let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'charter-reset-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const reset = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHARTER, 'init', '--reset', ...args], {
    env: { ...process.env, CHARTER_DATA: dataDir },
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
};
const parts = (...names: string[]) => {
  for (const name of names) mkdirSync(join(dataDir, name, 'inner'), { recursive: true });
};

test('a folder that Charter made is emptied, and it says of what; the folder and its cache stay', async () => {
  rmSync(dataDir, { recursive: true });
  await noteOrganization(dataDir, undefined, {}); // what a first start does first
  parts('keys', 'postgres', 'cache');
  expect(reset()).toMatchObject({ status: 0, said: expect.stringContaining('postgres, organizations, keys, organizations.json') as string });
  expect(readdirSync(dataDir).sort()).toEqual(['.charter-data', 'cache']);
});

test('a folder that was there before with something in it is never emptied', () => {
  parts('keys', 'logs');
  markDataDir(dataDir); // a start in it
  for (const args of [[], ['--yes']]) expect(reset(...args)).toMatchObject({ status: 2, said: expect.stringContaining('did not make that folder') as string });
  expect(readdirSync(dataDir).sort()).toEqual(['keys', 'logs']);
});

test('nor is one in which anything else lies by now; it is named', () => {
  markDataDir(dataDir);
  parts('keys', 'postgres');
  writeFileSync(join(dataDir, 'thesis.txt'), 'three years');
  for (const args of [[], ['--yes']]) expect(reset(...args)).toMatchObject({ status: 2, said: expect.stringContaining('`thesis.txt`') as string });
  expect(existsSync(join(dataDir, 'postgres', 'inner'))).toBe(true);
});

test('it asks before more than an example is lost', () => {
  markDataDir(dataDir);
  parts('keys');
  expect(reset()).toMatchObject({ status: 2, said: expect.stringContaining('--yes') as string });
  expect(reset('--yes')).toMatchObject({ status: 0, said: expect.stringContaining(': keys.') as string });
});

test('of a folder that is named nothing is taken away, whatever it is', () => {
  parts('keys');
  const { status, stderr } = spawnSync(process.execPath, [CHARTER, 'init', dataDir, '--reset', '--yes'], { env: process.env, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('takes no folder') as string });
  expect(readdirSync(dataDir)).toEqual(['keys']);
});
