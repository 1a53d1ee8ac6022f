/** Ends what a data directory has running, so that it can be forgotten. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holder } from '../adapters/host/lock.ts';
import { HostError, stopNoted } from '../adapters/host/processes.ts';
import { removable } from './data-dir.ts';

/** @throws HostError `already_running` where `charter up` holds it */
export function requireStopped(dataDir: string): void {
  const held = holder(join(dataDir, 'run', 'lock.json'));
  if (held) throw new HostError('already_running', `Charter runs here: process ${held.pid}. End it with Ctrl-C first.`);
}

/** @throws HostError `already_running` */
export async function stopEverything(dataDir: string): Promise<void> {
  requireStopped(dataDir);
  await stopNoted(join(dataDir, 'run', 'temporal.json'), 'SIGTERM', 10_000);
  await stopNoted(join(dataDir, 'run', 'postgres.json'), 'SIGINT', 15_000);
}

/** Forgets what lies in a data directory. @returns the parts that were there @throws HostError `already_running`, ClientError `not_ours` */
export async function emptyDataDir(dataDir: string): Promise<readonly string[]> {
  requireStopped(dataDir);
  const parts = removable(dataDir);
  await stopEverything(dataDir);
  for (const part of parts) await rm(join(dataDir, part), { recursive: true, force: true });
  return parts;
}
