/** Files that a person hands over, filed at once. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tend } from './activities/tend.ts';
import type { World } from './activities/world.ts';
import { recordFile } from './adapters/files/ingest.ts';
import type { RecordRow } from './client.ts';
import type { OrgId } from './kernel/ids.ts';
import { recordRow } from './operations.ts';

export interface Filing {
  readonly world: World;
  readonly org: OrgId;
  readonly inbox: string; // the folder that is watched
}

/** Puts files into the inbox folder, files them now, and says what became of each. */
export async function addRecords({ world, org, inbox }: Filing, files: readonly { name: string; bytes: Uint8Array }[]) {
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
  const rows = await world.store.tx(org, (tx) => Promise.all(digests.map(({ digest }) => world.papers.list(tx, digest))));
  return digests.map(({ digest, kind }, n): RecordRow => {
    const [row] = rows[n] ?? [];
    const name = files[n]?.name ?? '';
    return row ? { ...recordRow(row), name } : { id: digest, name, kind, state: 'waiting', reason: '', register: null, mapping: {}, ignored: [] };
  });
}
