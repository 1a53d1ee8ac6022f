/** Files that a person hands over, filed at once. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AuthorityError, type Speaker } from '../activities/people.ts';
import { tend } from '../activities/tend.ts';
import type { World } from '../activities/world.ts';
import { keptBy, keptName, recordOf } from '../adapters/files/ingest.ts';
import type { RecordRow } from '../client.ts';
import type { OrgId } from '../kernel/ids.ts';
import { recordRow } from './records.ts';

export interface Filing {
  readonly world: World;
  readonly org: OrgId;
  readonly inbox: string; // the folder that is watched
}

/**
 * Puts files into the inbox folder, files them now, and says what became of each.
 * @param by who hands them over, kept with each file; `operator`: whoever holds the data directory could put them there anyway
 * @throws AuthorityError `role_missing` where one would count as the organization's own record and the person does not keep it; then none is taken
 */
export async function addRecords({ world, org, inbox }: Filing, files: readonly { name: string; bytes: Buffer }[], by: Speaker | 'operator') {
  const given = files.map(({ name, bytes }) => recordOf(basename(name), bytes));
  for (const file of given) {
    const role = by === 'operator' ? null : keptBy(file, world.papers.registers, by.person);
    if (role !== null && by !== 'operator' && !by.roles.includes(role) && !by.roles.includes('owner'))
      throw new AuthorityError(
        'role_missing',
        `\`${file.name}\` would count as a record of ours; it takes the role \`${role}\` or \`owner\` to hand it in. None of the files was taken.`,
      );
  }
  const whom = by === 'operator' ? by : by.person;
  await world.store.tx(org, async (tx) => {
    const { wall } = await tx.times();
    for (const { digest } of given) await world.papers.handed(tx, digest, whom, wall); // before they lie there: any process may file them
  });
  await mkdir(inbox, { recursive: true });
  for (const { name, digest, bytes } of given) {
    const path = join(inbox, keptName(name, digest)); // the same bytes under the same name lie there already
    if (!existsSync(path)) await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
  }
  await world.orchestrator.wakeUpkeep(org);
  await tend(world, org);
  return world.store.tx(org, async (tx) => {
    const rows: RecordRow[] = [];
    for (const [n, { digest, kind }] of given.entries()) {
      const [row] = await world.papers.list(tx, digest);
      const name = files[n]?.name ?? '';
      const waiting = { id: digest, kind, state: 'waiting', reason: '', filedBy: whom, register: null, mapping: {}, ignored: [] };
      rows.push({ ...(row ? recordRow(row) : waiting), name });
    }
    return rows;
  });
}
