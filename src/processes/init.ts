/** Writes a small valid organization of one's own, with comments, at level `shadow`. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClientError } from '../client.ts';

const TEMPLATE = new URL('../../examples/blank/', import.meta.url);
const FILES = ['organization.yaml', 'people.yaml', 'desired/finance.yaml'] as const;

/** @throws ClientError `already_there` where a file would be overwritten */
export async function writeOrganization(dir: string): Promise<readonly string[]> {
  const there = FILES.find((file) => existsSync(join(dir, file)));
  if (there) throw new ClientError('already_there', 2, `\`${join(dir, there)}\` is there already; nothing was written.`);
  for (const file of FILES) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), await readFile(new URL(file, TEMPLATE)), { flag: 'wx' });
  }
  await mkdir(join(dir, 'records'), { recursive: true });
  return FILES;
}
