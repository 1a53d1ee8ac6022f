/** Which files a round of upkeep reads: those that are new or changed. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRecord, recordFile, LARGEST_FILE } from '../../../src/adapters/files/ingest.ts';
import { watchFolders } from '../../../src/adapters/files/sight.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'charter-sight-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const names = (look: { fresh: readonly { name: string }[] }) => look.fresh.map(({ name }) => name);

test('a file that is on file is not read again until it changes, be its new contents as long and as old', async () => {
  const [path, at] = [join(folder, 'a.csv'), new Date('2026-01-01T00:00:00Z')];
  writeFileSync(path, 'x,y\n1,2\n');
  writeFileSync(join(folder, 'b.csv'), 'x,y\n3,4\n');
  utimesSync(path, at, at);
  const watched = watchFolders([folder]);
  const first = await watched.look();
  expect(names(first)).toEqual(['a.csv', 'b.csv']);
  first.fresh[0]?.kept();
  expect(names(await watched.look())).toEqual(['b.csv']); // not kept: looked at until it is
  writeFileSync(path, 'x,y\n9,9\n');
  utimesSync(path, at, at);
  expect(names(await watched.look())).toEqual(['a.csv', 'b.csv']);
});

test('a file above the bound is never held in memory, and is set aside with the reason', async () => {
  const path = join(folder, 'large.csv');
  writeFileSync(path, 'a,b\n');
  truncateSync(path, LARGEST_FILE + 1);
  const file = await recordFile(path);
  expect(file).toMatchObject({ kind: 'too_large', text: '' });
  expect(file.bytes).toHaveLength(0);
  expect(parseRecord(file, { party: () => undefined, registers: [], zone: 'UTC' })).toMatchObject({
    kind: 'set_aside',
    reason: expect.stringContaining('8 MB') as string,
  });
});

test('more files than are looked at is said, and so is one that cannot be read', async () => {
  for (const n of [1, 2, 3]) writeFileSync(join(folder, `${n}.csv`), 'a,b\n');
  const look = await watchFolders([folder], 2).look();
  expect(look.fresh).toHaveLength(2);
  expect(look.troubles).toEqual([{ subject: 'files', reason: expect.stringContaining('there are 3 files') as string }]);
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  mkdirSync(join(folder, 'good'));
  const other = await watchFolders([file, join(folder, 'good')]).look();
  expect(other.troubles).toEqual([{ subject: file, reason: expect.stringContaining('ENOTDIR') as string }]);
});
