/**
 * Invariants over the articles, proved for every call that there could be: an invariant is a forbid of Cedar's, and what it says is
 * that nothing which it matches is permitted, whatever the articles come to. Z3 looks for a call that is (de Moura and Bjørner, "Z3:
 * an efficient SMT solver", TACAS 2008). Where it can express no such call the engine itself is put to a grid of calls at the bounds.
 */
import { init } from 'z3-solver';
import { z } from 'zod';
import type { Proof } from '../../kernel/amendment.ts';
import { digest } from '../../kernel/digest.ts';
import { Level } from '../../kernel/nouns.ts';
import { actionsAbove, policyJson, scopeOf, type Article, type Constitution, type Slice } from '../constitution.ts';
import { BaseFacts } from '../facts.ts';
import { gridOf, violates } from './grid.ts';
import { Logic, type Z3 } from './logic.ts';
import { inWords, requestOf } from './readable.ts';
import { typesOf, type Types } from './types.ts';

const LONGEST_MS = 5_000; // for one tool; these formulas take milliseconds
const GRID_CALLS = 20_000;

/** @param currency of amounts in a counterexample's words */
export async function prove(constitution: Constitution, invariants: readonly Article[], currency: string): Promise<readonly Proof[]> {
  if (invariants.length === 0) return [];
  const { Context } = await init();
  const z3 = Context('main');
  const proofs: Proof[] = [];
  for (const invariant of invariants) proofs.push(await proofOf(z3, constitution, invariant, currency));
  return proofs;
}

async function proofOf(z3: Z3, { slices }: Constitution, invariant: Article, currency: string): Promise<Proof> {
  const inScope = scopeOf(invariant.text);
  const reached = [...slices.values()].filter((slice) => inScope(new Set(actionsAbove(slice))));
  const alike = new Map(reached.map((slice) => [digest([slice.policies, slice.tool.facts, slice.tool.resourceType]), slice])); // tools to which the same applies
  let open = 0;
  for (const slice of alike.values()) {
    const found = await violation(z3, slice, invariant, currency);
    if (found.call !== null) return { ...named(invariant), verdict: 'refuted', tools: reached.length, counterexample: found.call };
    if (!found.proved) open++;
  }
  return { ...named(invariant), verdict: open > 0 ? 'open' : 'proved', tools: reached.length, counterexample: null };
}

const named = ({ id, title, source }: Article): Pick<Proof, 'invariant' | 'title' | 'source'> => ({ invariant: id, title, source });

/** A call of one tool that is permitted and that the invariant forbids, in words. */
async function violation(z3: Z3, slice: Slice, invariant: Article, currency: string): Promise<{ readonly proved: boolean; readonly call: string | null }> {
  const parsed = policyJson(invariant.text);
  if (parsed.type === 'failure') return { proved: false, call: null };
  const types = typesOf(slice);
  const logic = new Logic(z3, types);
  const solver = new z3.Solver();
  solver.set('timeout', LONGEST_MS);
  solver.add(permitted(z3, logic, slice), logic.holds(parsed.json), ...bounds(z3, logic, types));
  const answer = await solver.check();
  if (answer === 'unsat') return { proved: true, call: null };
  const request = answer === 'sat' ? requestOf(slice, logic, solver.model()) : undefined;
  const broken = [...(request ? [request] : []), ...gridOf(slice, parsed.json, GRID_CALLS)].find((one) => violates(slice, parsed.json, one));
  return { proved: false, call: broken ? inWords(slice, parsed.json, broken, currency) : null };
}

/** Some permit holds and no forbid does. Whatever errs in Cedar is denied by the gate, so a formula that never errs allows no less. */
function permitted(z3: Z3, logic: Logic, { policies }: Slice) {
  const articles = Object.values(policies).flatMap((text) => {
    const parsed = policyJson(text);
    return parsed.type === 'failure' ? [] : [parsed.json];
  });
  const of = (effect: 'permit' | 'forbid') => articles.filter((one) => one.effect === effect).map((one) => logic.holds(one));
  return z3.And(z3.Or(z3.Bool.val(false), ...of('permit')), ...of('forbid').map((one) => z3.Not(one)));
}

/** What the facts themselves never are: counts below zero, a 25th hour. The gate denies a call with such facts before it asks Cedar. */
function bounds(z3: Z3, logic: Logic, { longs }: Types) {
  const level = logic.among('context.base.level', Level.options);
  const within = longs.flatMap((path) => {
    const term = logic.facts.get(path)?.term;
    if (!term || !z3.isArith(term)) return [];
    const declared = path.startsWith('context.base.approvals.') ? COUNT : Reflect.get(BaseFacts.shape, path.replace('context.base.', ''));
    const { minValue, maxValue } = declared instanceof z.ZodNumber ? declared : WHOLE;
    return [term.ge(Math.max(minValue ?? -Infinity, Number.MIN_SAFE_INTEGER)), term.le(Math.min(maxValue ?? Infinity, Number.MAX_SAFE_INTEGER))];
  });
  return [...level, ...within];
}
const WHOLE = z.int();
const COUNT = z.int().min(0);
