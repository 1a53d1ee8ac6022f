/** The names nearest to one that is unknown, for errors that help. */

const FARTHEST = 3; // edits; beyond that it is another word
const WHOLE_LIST = 8; // so many fit into a sentence, where none is near

export type Nameable = 'agent' | 'article' | 'domain' | 'person' | 'tool' | 'task' | 'picture' | 'file' | 'record' | 'register';

/** Somebody named what is not there. Never a refusal: whoever knows the name may be let in or not, but nobody is without it. */
export class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  readonly code: `${Nameable}_unknown`;
  /** @param see the command that lists them; where none does, all of them are told */
  constructor(kind: Nameable, word: string, among: readonly string[], see: string | null) {
    const near = nearest(word, among);
    const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
    const all = among.length > 0 && (see === null || among.length <= WHOLE_LIST);
    const hint = near.length > 0 ? ` Near: ${quoted(near)}.` : all ? ` There are: ${quoted(among)}.` : '';
    super(`There is no ${kind} \`${word}\`.${hint}${see === null ? '' : ` See \`${see}\`.`}`);
    this.code = `${kind}_unknown`;
  }
}

/** At most three of `among`, the nearest first. */
export function nearest(word: string, among: readonly string[]): readonly string[] {
  return among
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= FARTHEST || candidate.includes(word) || word.includes(candidate))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries()) next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (x === y ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
