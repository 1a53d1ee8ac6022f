/** Ends what a data directory has running, so that it can be forgotten. */
import { join } from 'node:path';
import { holder } from '../adapters/host/lock.ts';
import { HostError, stopNoted } from '../adapters/host/processes.ts';

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
