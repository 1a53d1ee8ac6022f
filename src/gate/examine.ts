/** Draft -> what is wrong with it, what it changes, and what it would have changed. Runs in a process that may die of it. */
import { UNEXAMINED, type CaseFile, type Findings, type Proof } from '../kernel/amendment.ts';
import { runCases } from './case-runs.ts';
import { changesBetween } from './compare.ts';
import { compile, ConstitutionError, digestOf, type Bundle, type Constitution } from './constitution.ts';
import { takenAway } from './guarded.ts';
import { mutate } from './mutants.ts';
import { prove } from './prove/prove.ts';
import { replay, type History } from './replay.ts';
import { tooDeep } from './shape.ts';

const MOST_PROBLEMS = 50;

export interface Examination {
  readonly draft: Bundle;
  readonly inForce: Bundle | null; // null before the first ratification
  readonly cases: readonly CaseFile[];
  readonly history: History;
  readonly currency: string;
}

export async function examine({ draft, inForce, cases, history, currency }: Examination): Promise<Findings> {
  const refused = (problems: readonly string[]): Findings => ({ ...UNEXAMINED, problems: problems.slice(0, MOST_PROBLEMS) });
  const deep = Object.entries({ ...draft.articles, ...draft.invariants, 'base.cedarschema': draft.schema }).flatMap(
    ([file, text]) => tooDeep(file, text) ?? [],
  );
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
  const proofs = await prove(constitution, [...constitution.invariants.values()], currency);
  return {
    digest: constitution.digest,
    problems: [...(before ? takenAway(before, constitution) : []), ...proofs.flatMap(brokenInWords), ...problems].slice(0, MOST_PROBLEMS),
    changes: changesBetween(before, after),
    cases: ran,
    mutation: problems.length === 0 ? mutate(after, cases) : null, // where a case fails as it is, every mutant would pass for noticed
    proofs: [...proofs],
    replay: before && (await replay(before, after, history, currency)),
  };
}

const brokenInWords = ({ invariant, title, source, counterexample }: Proof): string[] =>
  counterexample === null ? [] : [`\`${invariant}\`: ${title} (${source}) would no longer hold: ${counterexample}.`];
