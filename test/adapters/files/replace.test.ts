/** A file that is replaced is there whole, old or new. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFile, replaceFile } from '../../../src/adapters/files/replace.ts';

const folder = mkdtempSync(join(tmpdir(), 'charter-replace-'));
const unwritten = { name: 'UnwrittenError', code: 'file_unwritten' };

test('the new text is there, in a folder that is made for it', async () => {
  const path = join(folder, 'tools', 'crm.yaml');
  await replaceFile(path, 'one');
  await replaceFile(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  await removeFile(path);
  await removeFile(path); // gone already
  expect(readdirSync(join(folder, 'tools'))).toEqual([]);
});

test('what cannot be written or taken away is told, and nothing is left of the try', async () => {
  writeFileSync(join(folder, 'file'), 'no folder');
  await expect(replaceFile(join(folder, 'file', 'x.yaml'), 'one')).rejects.toMatchObject(unwritten);
  mkdirSync(join(folder, 'taken', 'full'), { recursive: true });
  await expect(replaceFile(join(folder, 'taken'), 'one')).rejects.toMatchObject(unwritten);
  await expect(removeFile(join(folder, 'taken'))).rejects.toMatchObject(unwritten);
  expect(readdirSync(folder).sort()).toEqual(['file', 'taken', 'tools']);
});
