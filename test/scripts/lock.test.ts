/** The lock of what runs before anything is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locked } from '../../scripts/lock.mjs';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'charter-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => join(folder, 'prepare.lock');

test.each([
  ['that is empty', () => writeFileSync(file(), '')],
  ['of a process that is gone', () => writeFileSync(file(), String(spawnSync(process.execPath, ['-e', '0']).pid))],
  [
    'that nobody touched for long, though a process has its number',
    () => {
      writeFileSync(file(), String(process.ppid));
      const before = new Date(Date.now() - 600_000);
      utimesSync(file(), before, before);
    },
  ],
])('a lock %s is taken over within a second, and nothing is left', async (_what, make) => {
  make();
  const begun = Date.now();
  expect(await locked(file(), () => Promise.resolve('done'), 5_000)).toBe('done');
  expect(Date.now() - begun).toBeLessThan(1_000);
  expect(readdirSync(folder)).toEqual([]);
});

test('one that is held is waited for, and said when that takes too long', async () => {
  await locked(file(), async () => expect(locked(file(), () => Promise.resolve(), 300)).rejects.toThrow('Another `npm start`'), 1_000);
  expect(existsSync(file())).toBe(false);
});

test('of eight who come at once never two are in at a time, be a stale lock there before', async () => {
  writeFileSync(file(), '');
  const program = `import { locked } from './scripts/lock.mjs';
    import { writeFileSync, rmSync } from 'node:fs';
    await locked(process.argv[1], async () => { writeFileSync(process.argv[1] + '.in', '', { flag: 'wx' }); await new Promise((r) => setTimeout(r, 50)); rmSync(process.argv[1] + '.in'); }, 30000);`;
  const codes = await Promise.all(
    Array.from({ length: 8 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, file()], { stdio: 'ignore' });
      return new Promise((resolve) => child.once('exit', resolve));
    }),
  );
  expect(codes).toEqual(Array(8).fill(0));
}, 30_000);
