/** What is said of a constraint, and what is said of several. */

/** Names in a file that enforce a part of a constraint. */
export interface Enforced {
  readonly file: string;
  readonly names: readonly string[]; // functions, rules or tables, as they are spelled there
  readonly how: string;
}

export interface Constraint {
  readonly name: string;
  readonly law: string; // in one sentence
  readonly articles: readonly string[]; // ids
  readonly invariants: readonly string[]; // ids
  readonly enforced: readonly Enforced[];
  readonly tests: readonly { readonly file: string; readonly names: readonly string[] }[]; // the adversary first
  readonly assumed: readonly string[];
  readonly toCome?: readonly string[];
}

export const DATABASE = 'Whoever may write to PostgreSQL past the program, or holds the data directory with its keys, is honest.';
export const PROCESS = 'The program that runs is the one that was reviewed: a tool is code of ours, and its own file says what it writes.';
export const PROVED = { file: 'test/gate/prove.test.ts', names: ['every invariant is proved, for at least one tool'] } as const;
export const CASES = { file: 'test/constitution/cases.test.ts', names: ['no case speaks of an article that is not there'] } as const;
