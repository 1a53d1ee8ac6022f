/** Writes a small valid organization of one's own, with comments, at level `shadow`. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClientError } from '../client.ts';
import { LocalDate } from '../kernel/time.ts';

const TEMPLATE = new URL('../../examples/blank/', import.meta.url);
const FILES = [
  'organization.yaml',
  'people.yaml',
  'desired/finance.yaml',
  'desired/staffing.yaml',
  'records/registers/suppliers.csv',
  'records/registers/staff.csv',
] as const;

/**
 * @param since the day on which it starts: older drift becomes one report
 * @throws ClientError `already_there` where a file would be overwritten, `date_invalid`
 */
export async function writeOrganization(dir: string, since: string): Promise<readonly string[]> {
  if (!LocalDate.safeParse(since).success) throw new ClientError('date_invalid', 2, `\`${since}\` is no date; write it as 2026-01-31.`);
  const there = FILES.find((file) => existsSync(join(dir, file)));
  if (there) throw new ClientError('already_there', 2, `\`${join(dir, there)}\` is there already; nothing was written.`);
  for (const file of FILES) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    const text = await readFile(new URL(file, TEMPLATE), 'utf8');
    await writeFile(join(dir, file), text.replace(/^since: .*$/m, `since: ${since}`), { flag: 'wx' });
  }
  return FILES;
}
