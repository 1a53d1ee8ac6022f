/** Work in rounds: at once where there may be more, else in a moment, or when somebody stirs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from './trouble.ts';

export interface Rounds {
  /** Looks now, and not only in a moment. */
  stir(): void;
  /** Ends after the round in hand. */
  readonly ended: Promise<void>;
}

export interface RoundsOptions {
  readonly lookMs: number; // between two rounds that found nothing more
  readonly closing: AbortSignal;
  readonly failed: (error: unknown) => void;
}

/** @param round says whether there may be more, and for how many milliseconds nothing is to be done, stirred or not */
export function startRounds({ lookMs, closing, failed }: RoundsOptions, round: () => Promise<{ readonly more: boolean; readonly pauseMs: number }>): Rounds {
  let stirred = new AbortController();
  const wait = (ms: number, signals: readonly AbortSignal[]) => sleep(ms, undefined, { signal: AbortSignal.any([closing, ...signals]) }).catch(() => undefined);
  const run = async (): Promise<void> => {
    for (let troubles = 0; !closing.aborted;) {
      stirred = new AbortController();
      try {
        const { more, pauseMs } = await round();
        troubles = 0;
        if (pauseMs > 0) await wait(pauseMs, []);
        else if (!more) await wait(lookMs, [stirred.signal]);
      } catch (error) {
        troubles += 1;
        failed(error);
        await wait(backoff(troubles), [stirred.signal]);
      }
    }
  };
  return { stir: () => stirred.abort(), ended: run() };
}
