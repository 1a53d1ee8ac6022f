/** What of a data directory is Charter's to take away: nothing, unless it made the folder itself, and nothing lies there beside its own. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../client.ts';

const MARK = '.charter-data';
const PARTS = ['postgres', 'temporal', 'organizations', 'inbox', 'outbox', 'tokens', 'keys', 'run', 'logs', 'organizations.json'] as const;
const STAYS: readonly string[] = [MARK, 'cache']; // what only took time to make, and says nothing of anybody

/** Makes the folder, or takes an empty one; one that holds anything is used as it is, and never marked as ours. */
export function markDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  if (readdirSync(dataDir).length === 0) writeFileSync(join(dataDir, MARK), 'Charter made this folder, and `charter init --reset` empties it.\n');
}

/** @returns the parts that are there @throws ClientError `not_ours` */
export function removable(dataDir: string): readonly string[] {
  const there = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (there.length === 0) return [];
  const ours = new Set<string>([...PARTS, ...STAYS]);
  const foreign = there.filter((name) => !ours.has(name));
  const why =
    foreign.length > 0
      ? `It holds what is not Charter's: \`${foreign.join('`, `')}\`.`
      : there.includes(MARK)
        ? undefined
        : 'Charter did not make that folder.';
  const parts = PARTS.filter((part) => there.includes(part));
  if (why !== undefined)
    throw new ClientError(
      'not_ours',
      2,
      `\`${dataDir}\` is not emptied. ${why} Nothing was done; take away by hand what you mean: ${parts.join(', ') || 'nothing here is Charter’s'}.`,
    );
  return parts;
}
