/** Files that a person hands over, filed at once. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tend } from './activities/tend.ts';
import type { World } from './activities/world.ts';
import { recordFile } from './adapters/files/ingest.ts';
import type { Database } from './adapters/postgres/client.ts';
import type { OrgId } from './kernel/ids.ts';

export interface Filing {
  readonly world: World;
  readonly db: Database;
  readonly org: OrgId;
  readonly inbox: string; // the folder that is watched
}

/** Puts files into the inbox folder, files them now, and says what became of each. */
export async function addRecords({ world, db, org, inbox }: Filing, files: readonly { name: string; bytes: Uint8Array }[]) {
  await mkdir(inbox, { recursive: true });
  const paths: string[] = [];
  for (const { name, bytes } of files) {
    const path = join(inbox, `${Date.now()}-${basename(name)}`);
    if (!existsSync(path)) await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    paths.push(path);
  }
  const digests = await Promise.all(paths.map(recordFile));
  await world.orchestrator.wakeUpkeep(org);
  await tend(world, org);
  return db.tx(org, async (sql) => {
    const rows = await sql<{ digest: string; kind: string; state: string; reason: string }>(
      'select digest, kind, state, reason from record_file where org = $1 and digest = any($2)',
      [org, digests.map(({ digest }) => digest)],
    );
    return digests.map(({ digest, kind }, n) => {
      const row = rows.find((one) => one.digest === digest);
      return { name: files[n]?.name ?? '', kind: row?.kind ?? kind, state: row?.state ?? 'waiting', reason: row?.reason ?? '' };
    });
  });
}
