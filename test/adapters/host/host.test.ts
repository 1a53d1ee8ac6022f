/** The lock and the keys of a data directory. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadKeys, secret } from '../../../src/adapters/host/keys.ts';
import { lockDataDir } from '../../../src/adapters/host/lock.ts';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'charter-host-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const lockFile = () => join(dataDir, 'run', 'lock.json');
const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the lock', () => {
  test('is held by one, named to the second, and free again once released', () => {
    const release = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(`process ${process.pid}`);
    release();
    expect(existsSync(lockFile())).toBe(false);
    lockDataDir(dataDir)();
  });
  test.each([
    ['of a process that is gone', () => JSON.stringify({ pid: spawnSync(process.execPath, ['-e', '0']).pid, started: '1', since: 'x' })],
    ['of another process under the same number', () => JSON.stringify({ pid: process.pid, started: 'another start', since: 'x' })],
    ['that is no lock', () => '{'],
  ])('%s is taken over', (_what, text) => {
    mkdirSync(join(dataDir, 'run'));
    writeFileSync(lockFile(), text());
    lockDataDir(dataDir)();
  });
  test('of twelve who come at once one gets it', async () => {
    const program = join(dataDir, 'lock.ts');
    writeFileSync(
      program,
      `import { lockDataDir } from ${JSON.stringify(join(root, 'src/adapters/host/lock.ts'))};
      try { lockDataDir(process.argv[2]); console.log('got'); setTimeout(() => {}, 4000); } catch (error) { console.log(error.code); }`,
    );
    const said = await Promise.all(
      Array.from({ length: 12 }, () => {
        const child = spawn(process.execPath, [join(root, 'bin/typescript.mjs'), program, dataDir]);
        return new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
      }),
    );
    expect(said.filter((one) => one === 'got')).toHaveLength(1);
    expect(said.filter((one) => one === 'already_running')).toHaveLength(11);
  }, 40_000);
});

describe('the keys', () => {
  test('are made once, for their owner alone, and are the same from then on', async () => {
    const first = loadKeys(dataDir);
    const second = loadKeys(dataDir);
    expect(await second.keys()).toEqual(await first.keys());
    expect(second.operator).toBe(first.operator);
    expect(new Set((await first.keys()).map(({ kid }) => kid)).size).toBe(4);
    expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(join(dataDir, 'keys'))) expect(statSync(join(dataDir, 'keys', file)).mode & 0o777, file).toBe(0o600);
  });
  test('one that others can read stops the start, and says what to do', () => {
    loadKeys(dataDir);
    chmodSync(join(dataDir, 'keys', 'kek.key'), 0o644);
    expect(() => loadKeys(dataDir)).toThrow(/kek\.key` can be read by others; run `chmod 600/);
  });
  test.each(['kek.key', 'codec.key', 'warrants.pem', 'attestations.pem'])('a damaged %s stops the start, and is not replaced', (name) => {
    loadKeys(dataDir);
    writeFileSync(join(dataDir, 'keys', name), 'AAAA', { mode: 0o600 });
    expect(() => loadKeys(dataDir)).toThrow(`${name}\` holds no key; put it back from a backup`);
    expect(readFileSync(join(dataDir, 'keys', name), 'utf8')).toBe('AAAA');
  });
  test('who comes second reads what the first made', () => {
    expect(secret(dataDir, 'x', () => 'first')).toBe('first');
    expect(secret(dataDir, 'x', () => 'second')).toBe('first');
    expect(readdirSync(dataDir)).toEqual(['x']);
  });
});
