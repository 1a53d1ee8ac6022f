/** Draft -> what is wrong with it, what it changes, and what it would have changed. Runs in a process that may die of it. */
import type { CaseFile, Findings, RecordedCall } from '../kernel/amendment.ts';
import { runCases } from './case-runs.ts';
import { changesBetween } from './compare.ts';
import { compile, ConstitutionError, digestOf, type Bundle, type Constitution } from './constitution.ts';
import { takenAway } from './guarded.ts';
import { replay } from './replay.ts';
import { tooDeep } from './shape.ts';

const MOST_PROBLEMS = 50;

export interface Examination {
  readonly draft: Bundle;
  readonly inForce: Bundle | null; // null before the first ratification
  readonly cases: readonly CaseFile[];
  readonly calls: readonly RecordedCall[]; // newest first
  readonly recorded: number; // how many there are altogether
  readonly currency: string;
}

export function examine({ draft, inForce, cases, calls, recorded, currency }: Examination): Findings {
  const refused = (problems: readonly string[]): Findings => ({
    digest: null,
    problems: problems.slice(0, MOST_PROBLEMS),
    changes: [],
    cases: 0,
    replay: null,
  });
  const deep = Object.entries({ ...draft.articles, 'base.cedarschema': draft.schema }).flatMap(([file, text]) => tooDeep(file, text) ?? []);
  if (deep.length > 0) return refused(deep);
  let constitution: Constitution;
  try {
    constitution = compile(draft);
  } catch (error) {
    if (error instanceof ConstitutionError) return refused(error.problems);
    throw error;
  }
  const after = { bundle: draft, constitution };
  const same = inForce !== null && digestOf(inForce) === constitution.digest;
  const before = inForce && { bundle: inForce, constitution: same ? constitution : compile(inForce) };
  const { ran, problems } = runCases(after, cases);
  return {
    digest: constitution.digest,
    problems: [...(before ? takenAway(before, constitution) : []), ...problems].slice(0, MOST_PROBLEMS),
    changes: changesBetween(before, after),
    cases: ran,
    replay: before && replay(before, after, calls, recorded, currency),
  };
}
