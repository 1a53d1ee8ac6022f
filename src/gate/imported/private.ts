/** Private values of records in what leaves: whole, coded, or in pieces over several arguments or calls. */
import { singular, wordsOf } from '../../kernel/lexicon.ts';
import { closed, decodings, plain } from './normal.ts';
import type { Sources } from './sources.ts';

const PIECE = 4; // characters of a value; fewer are chance
const MOST_PIECES = 4;

export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The first private value that leaves and that the person did not say to pass on. @param earlier what left in earlier calls */
export function leaving(texts: readonly string[], earlier: readonly string[], secrets: readonly Secret[], sources: Sources): Secret | undefined {
  const now = texts.flatMap(decodings).map(closed);
  const all = [...now, closed(texts.join('')), closed([...texts].reverse().join(''))];
  const before = earlier.flatMap(decodings).map(closed);
  return secrets.find((secret) => !passedOn(secret, sources) && carries(closed(secret.value), all, before));
}

/** The person says the value, or names the field: `send her my passport number`. */
function passedOn({ name, value }: Secret, sources: Sources): boolean {
  if (sources.says(value)) return true;
  const said = new Set(wordsOf(sources.spoken).map(singular));
  const telling = wordsOf(name)
    .map(singular)
    .filter((word) => !['number', 'no', 'my', 'the', 'your', 'is', 'user', 'information'].includes(word));
  return telling.length > 0 && telling.every((word) => said.has(word));
}

function carries(value: string, now: readonly string[], before: readonly string[]): boolean {
  if (value.length < PIECE) return false;
  if (now.some((text) => text.includes(value))) return true;
  return value.length >= 2 * PIECE && covered(value, 0, MOST_PIECES, false, now, before);
}

/** Whether the value can be laid out of pieces that leave, one of them now. */
function covered(value: string, at: number, left: number, fresh: boolean, now: readonly string[], before: readonly string[]): boolean {
  if (at === value.length) return fresh;
  if (left === 0) return false;
  for (let end = value.length; end - at >= PIECE; end--) {
    const piece = value.slice(at, end);
    const isNow = now.some((text) => text.includes(piece));
    if ((isNow || before.some((text) => text.includes(piece))) && covered(value, end, left - 1, fresh || isNow, now, before)) return true;
  }
  return false;
}

/** Whole words of a text that are private by their name, in the records of a system that may be looked at before anything is read. */
export const secretsIn = (record: unknown, isPrivate: (name: string) => boolean, depth = 0): readonly Secret[] => {
  if (typeof record !== 'object' || record === null || depth > 8) return [];
  return Object.entries(record).flatMap(([name, value]: [string, unknown]): readonly Secret[] => {
    if (typeof value === 'object') return secretsIn(value, isPrivate, depth + 1);
    const text = String(value);
    return isPrivate(name) && closed(text).length >= PIECE && plain(text).length < 80 ? [{ name, value: text }] : [];
  });
};
