/**
 * What an agent says in Slack while it is still saying it. A few times a second what has been written so far is judged by what has been read
 * so far, and put on file; from there the courier takes it. Where the gate does not permit it, or cannot be asked, nothing is said before the
 * whole is judged. Decision 12.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { highest } from '../../kernel/message.ts';
import type { Ask } from '../../kernel/nouns.ts';
import { classesOf } from '../deliberate.ts';
import type { JudgedRead } from '../reads.ts';
import { sayBeginning } from '../slack/messages.ts';
import type { World } from '../world.ts';
import type { Before } from './earlier.ts';
import type { TurnRow } from './ports.ts';

const EVERY_MS = 700; // Slack takes about a hundred pieces of a stream a minute

export interface Speech {
  /** @param soFar all of it, from its first word on */
  hear(soFar: string, reads: readonly JudgedRead[]): void;
  /** Nothing is put on file any more when it resolves. */
  end(): Promise<void>;
}

export function speech(world: World, turn: TurnRow, ask: Ask, before: Before): Speech {
  const now: { text: string; reads: readonly JudgedRead[] } = { text: '', reads: [] };
  const ended = new AbortController();
  const mayGoOn = (text: string): Promise<boolean> =>
    world.store.tx(ask.org, async (tx) => {
      const classification = highest([...before.classes, ...classesOf(world, now.reads)]);
      return sayBeginning(world, tx, { turn, answer: text, classification, cause: ask.cause, correlation: ask.id }, await tx.times());
    });
  const speak = async (): Promise<void> => {
    for (let kept = ''; !ended.signal.aborted; await sleep(EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined)) {
      const { text } = now;
      if (text === kept) continue;
      if (!(await mayGoOn(text))) return;
      kept = text;
    }
  };
  let speaking: Promise<void> | undefined;
  return {
    hear(soFar, reads) {
      Object.assign(now, { text: soFar, reads });
      if (soFar.trim() !== '') speaking ??= speak().catch(() => undefined); // the whole is said all the same, or the turn taken again
    },
    async end() {
      ended.abort();
      await speaking;
    },
  };
}
