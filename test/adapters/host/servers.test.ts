/** PostgreSQL and Temporal after a start that was killed: found again by their folders, and never run as root. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../../src/adapters/host/postgres.ts';
import { noted, running } from '../../../src/adapters/host/processes.ts';
import { startTemporal } from '../../../src/adapters/host/temporal.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'charter-servers-'));
const note = (name: string) => join(dataDir, 'run', `${name}.json`);
const asRoot = process.getuid?.() === 0;
beforeAll(() => {
  chmodSync(dataDir, 0o755);
  mkdirSync(join(dataDir, 'keys'), { mode: 0o700 });
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test.each(['', '{"pid": 12, "started": "1', 'null', '{}', '{"pid":"x"}'])('a note that is only half there (%j) is as none', (text) => {
  const file = join(dataDir, 'half.json');
  writeFileSync(file, text);
  expect(running(file)).toBeUndefined();
});

describe.each([
  ['PostgreSQL', 'postgres', () => startPostgres(dataDir, undefined)],
  ['Temporal', 'temporal', () => startTemporal(dataDir, undefined, { ...process.env, TEMPORAL_ADDRESS: undefined })],
])('%s', (_what, name, start) => {
  test.each(['{"pid": 12, "sta', undefined])(
    'that outlived its start is taken over where its note is %j',
    async (text) => {
      const first = await start();
      const before = running(note(name));
      if (text === undefined) rmSync(note(name));
      else writeFileSync(note(name), text);
      const second = await start();
      expect(running(note(name))).toEqual(before);
      await second.stop();
      expect(noted(note(name))).toBeUndefined();
      await first.stop();
    },
    60_000,
  );
});

test.runIf(asRoot)(
  'Temporal does not run as root, on a folder that root made before',
  async () => {
    const folder = join(dataDir, 'temporal');
    for (const path of [folder, join(folder, 'temporal.db')]) chownSync(path, 0, 0);
    const server = await startTemporal(dataDir, undefined, { ...process.env, TEMPORAL_ADDRESS: undefined });
    const pid = running(note('temporal'))?.pid ?? 0;
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(statSync(join(folder, 'temporal.db')).uid).toBe(statSync(`/proc/${pid}`).uid);
    await server.stop();
  },
  60_000,
);

test.runIf(asRoot)('a program in a folder closed to others is put where the user can run it', async () => {
  const { runnableBy } = await import('../../../src/adapters/host/user.ts');
  const closed = mkdtempSync(join(tmpdir(), 'charter-closed-')); // mode 0700
  writeFileSync(join(closed, 'temporal'), '#!/bin/sh\n', { mode: 0o700 });
  const own = runnableBy({ uid: 65534, gid: 65534 }, join(closed, 'temporal'), join(dataDir, 'bin'));
  expect(own.startsWith(join(dataDir, 'bin'))).toBe(true);
  expect(statSync(own).mode & 0o777).toBe(0o755);
  expect(runnableBy({}, join(closed, 'temporal'), join(dataDir, 'bin'))).toBe(join(closed, 'temporal'));
  rmSync(closed, { recursive: true });
});
