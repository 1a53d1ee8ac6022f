/** What becomes of a task, for as long as a person would watch; and what that means for the exit code. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskCard } from '../../client.ts';
import type { Outcome } from '../../kernel/nouns.ts';
import { open } from '../../kernel/quorum.ts';
import { isRefused } from '../counted.ts';
import type { Call } from './human-commands.ts';
import { EXIT } from './shared.ts';

const WATCH_MS = 30_000; // then it is told as it stands, and goes on by itself
const QUIET_MS = 2_000; // progress is told beyond it; and the gate has judged a vote within it, on a slow day
const TELL_EVERY_MS = 5_000;

/** It needs more people than have voted: nothing moves until somebody else does. */
export const needsOthers = (task: TaskCard): boolean => {
  const approved = task.votes.filter((vote) => vote.void === null && vote.choice === 'approve');
  return task.waits && !isRefused(task) && open(task.decision?.needs ?? [], approved).length > 0;
};

/** The task once it is closed, or waits for others, or the time is up. */
export async function watched(call: Call, id: string, tell: (words: string) => void): Promise<TaskCard> {
  const begun = Date.now();
  for (let told = 0; ;) {
    const task = await call('task', { id });
    const ms = Date.now() - begun;
    const rests = needsOthers(task) && (task.votes.length === 0 || ms > QUIET_MS); // a vote may change what the gate says
    if (task.outcome !== null || rests || ms > WATCH_MS) return task;
    if (ms > Math.max(QUIET_MS, told + TELL_EVERY_MS)) {
      tell(`Under way for ${Math.round(ms / 1_000)} s.`);
      told = ms;
    }
    await sleep(ms > QUIET_MS ? 500 : 100);
  }
}

const EXIT_OF: Readonly<Record<Outcome, number>> = {
  done: EXIT.done,
  shadowed: EXIT.done, // at level `shadow` nothing more is to be done
  failed: EXIT.failed,
  denied: EXIT.denied,
  declined: EXIT.denied,
  expired: EXIT.denied,
  halted: EXIT.denied,
  overtaken: EXIT.denied,
  edited: EXIT.denied,
};

/** @param wanted an outcome that is what was asked for, such as `declined` after a vote to decline */
export function exitOf(task: TaskCard, wanted?: Outcome): number {
  if (task.outcome === null) return needsOthers(task) ? EXIT.waits : EXIT.done;
  return task.outcome === wanted ? EXIT.done : EXIT_OF[task.outcome];
}

/** Of several: somebody is waited for, else the worst. */
export function exitOfAll(tasks: readonly TaskCard[]): number {
  const codes = tasks.map((task) => exitOf(task));
  return [EXIT.waits, EXIT.failed, EXIT.denied].find((code) => codes.includes(code)) ?? EXIT.done;
}
