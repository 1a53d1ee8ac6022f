/** Draft -> what is wrong with it, what it changes, and what it would have changed. Runs in a process that may die of it. */
import { UNEXAMINED, type CaseFile, type ExaminedPart, type Findings, type Proof } from '../kernel/amendment.ts';
import { runCases, withStandIns } from './case-runs.ts';
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
  readonly parts: readonly ExaminedPart[];
}

export async function examine({ draft, inForce, cases, history, currency, parts }: Examination): Promise<Findings> {
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
  const judged = { bundle: draft, constitution: withStandIns(after, cases) };
  const { ran, problems } = runCases(judged, cases);
  const proofs = parts.includes('proofs') ? await prove(constitution, [...constitution.invariants.values()], currency) : [];
  const mutable = parts.includes('mutation') && problems.length === 0; // where a case fails as it is, every mutant would pass for noticed
  return {
    digest: constitution.digest,
    problems: [...(before ? takenAway(before, constitution) : []), ...proofs.flatMap(brokenInWords), ...problems].slice(0, MOST_PROBLEMS),
    changes: changesBetween(before, after),
    cases: ran,
    mutation: mutable ? mutate(judged.constitution, cases) : null,
    proofs: [...proofs],
    replay: before && parts.includes('replay') ? await replay(before, after, history, currency) : null,
  };
}

const brokenInWords = ({ invariant, title, source, counterexample }: Proof): string[] =>
  counterexample === null ? [] : [`\`${invariant}\`: ${title} (${source}) would no longer hold: ${counterexample}.`];
