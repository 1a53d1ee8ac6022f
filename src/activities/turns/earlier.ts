/**
 * What was said before in a conversation, as far as the present speaker may build on it: their own turns, and of others in a shared thread
 * what everybody there heard. What tools returned is not among it. Bounded, newest first; one that does not fit ends it.
 */
import type { Earlier } from '../../deliberate/deliberate.ts';
import type { Classification } from '../../kernel/nouns.ts';
import type { Tx } from '../ports.ts';
import type { EarlierTurn, TurnRow } from './ports.ts';

const MOST_TURNS = 10; // a thread that is longer is summed up by whoever goes on in it
const MOST_CHARACTERS = 16_000; // some 4,000 tokens, paid for with each call of the model

export interface Before {
  readonly turns: readonly Earlier[]; // the oldest first
  readonly classes: readonly Classification[]; // of the answers among them
}

export async function earlierIn(tx: Tx, turn: TurnRow): Promise<Before> {
  const kept: { earlier: Earlier; classification: Classification | undefined }[] = [];
  let left = MOST_CHARACTERS;
  for (const row of await tx.earlierTurns(turn, MOST_TURNS)) {
    const earlier = asHeard(row, turn);
    left -= earlier.text.length + (earlier.answer?.length ?? 0);
    if (left < 0) break;
    kept.unshift({ earlier, classification: earlier.answer === null ? undefined : row.classification });
  }
  return { turns: kept.map(({ earlier }) => earlier), classes: kept.flatMap(({ classification }) => classification ?? []) };
}

/** A question of a shared thread was read by everybody in it; an answer that its asker got alone was not. */
function asHeard({ person, name, content, answer, heardBy }: EarlierTurn, now: TurnRow): Earlier {
  if (person === now.person) return { by: 'speaker', text: content, answer };
  return { by: 'other', name, text: content, answer: heardBy === 'thread' ? answer : null };
}
