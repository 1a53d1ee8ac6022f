/** One lock for a data directory: two starts at once, and the second says so. */
import { mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeExclusive } from './exclusive.ts';
import { HostError, startTime } from './processes.ts';

const Held = z.object({ pid: z.int(), started: z.string(), since: z.string() });

/** @returns what releases it. A lock whose process is gone is taken over. @throws HostError `already_running` */
export function lockDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'run', 'lock.json');
  mkdirSync(join(dataDir, 'run'), { recursive: true, mode: 0o755 });
  for (let attempt = 0; attempt < 5; attempt++) {
    if (writeExclusive(file, JSON.stringify({ pid: process.pid, started: startTime(process.pid) ?? '', since: new Date().toISOString() })))
      return () => unlinkSync(file);
    const held = holder(file);
    if (held)
      throw new HostError(
        'already_running',
        `Charter runs here already: process ${held.pid}, since ${held.since}. Stop it, or give this one a folder of its own with CHARTER_DATA.`,
      );
    removeIfThere(file);
  }
  throw new HostError('already_running', `The lock \`${file}\` is fought over; start one at a time.`);
}

/** Who holds the lock, if that process still runs. */
export function holder(file: string): z.infer<typeof Held> | undefined {
  try {
    const held = Held.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return held.success && startTime(held.data.pid) === held.data.started ? held.data : undefined;
  } catch {
    return undefined; // gone meanwhile, or not ours
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
