/** Brings PostgreSQL or Temporal back when it ends while Charter runs; what waits for it goes on from its rows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { running } from '../adapters/host/processes.ts';

const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000; // between attempts; a full disk is not made better by haste

/**
 * @param note of the process, as `startDetached` wrote it
 * @param bringBack starts it again, at the port it had, so that every connection finds it
 * @returns what ends the watch; call it before the process is stopped in order
 */
export function watch(name: string, note: string, bringBack: () => Promise<void>, log: Logger): () => Promise<void> {
  const ending = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: ending.signal }).catch((error: unknown) => aborted(error));
  const watching = (async () => {
    for (let failures = 0; !ending.signal.aborted;) {
      await pause(Math.min(LONGEST_PAUSE_MS, LOOK_MS * 2 ** failures));
      if (ending.signal.aborted || running(note)) continue;
      try {
        log.warn({ process: name }, 'a process is gone; it is started again');
        await bringBack();
        failures = 0;
        log.info({ process: name }, 'the process is back');
      } catch (error) {
        failures += 1;
        log.error({ err: error, process: name, failures }, 'the process did not come back; tried again');
      }
    }
  })();
  return async () => {
    ending.abort();
    await watching;
  };
}

function aborted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
