/** `charter keys`: which keys of this data directory sign and seal, and new ones in their place. */
import { existsSync } from 'node:fs';
import { keysFolder, loadKeys, missingKeys } from '../adapters/host/keys.ts';
import { ClientError } from '../client.ts';
import type { KeyCard } from '../kernel/vault.ts';

/** @throws ClientError `no_keys` before the first start; HostError `not_readable` */
export async function keysHere(dataDir: string): Promise<readonly KeyCard[]> {
  return opened(dataDir).keys();
}

/** Charter may run meanwhile: every process takes the new ones up at its next use. @throws as `keysHere`; VaultError `rotated_meanwhile` */
export async function rotateKeys(dataDir: string, overlapMs: number, now: number): Promise<readonly KeyCard[]> {
  return opened(dataDir).rotate(overlapMs, now);
}

function opened(dataDir: string) {
  if (existsSync(keysFolder(dataDir)) && missingKeys(dataDir).length === 0) return loadKeys(dataDir);
  throw new ClientError(
    'no_keys',
    2,
    `\`${keysFolder(dataDir)}\` does not hold all keys. The first start makes them: \`npm start\`; \`charter doctor\` says which are missing.`,
  );
}
