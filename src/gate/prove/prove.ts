/**
 * Invariants over the articles, proved for every call that there could be: an invariant is a forbid of Cedar's, and what it says is
 * that nothing which it matches is permitted, whatever the articles come to. Z3 looks for a call that is (de Moura and Bjørner, "Z3:
 * an efficient SMT solver", TACAS 2008). Where it can express no such call the engine itself is put to a grid of calls at the bounds.
 */
import { init, type Solver } from 'z3-solver';
import { z } from 'zod';
import type { Proof } from '../../kernel/amendment.ts';
import { digest, type Digest } from '../../kernel/digest.ts';
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
export async function prove({ slices }: Constitution, invariants: readonly Article[], currency: string): Promise<readonly Proof[]> {
  if (invariants.length === 0) return [];
  const { Context } = await init();
  const z3 = Context('main');
  const sought = invariants.map((invariant): Sought => ({ invariant, inScope: scopeOf(invariant.text), tools: 0, unproved: 0, call: null }));
  for (const { slice, about, tools } of alike([...slices.values()], sought)) {
    for (const one of about) one.tools += tools;
    const asked = about.filter(({ call }) => call === null);
    if (asked.length === 0) continue;
    const calls = callsOf(z3, slice);
    for (const one of asked) {
      const found = await violation(z3, calls, one.invariant, currency);
      if (!found.proved) one.unproved++;
      one.call = found.call;
    }
  }
  return sought.map(({ invariant: { id, title, source }, tools, unproved, call }) => ({
    invariant: id,
    title,
    source,
    verdict: call !== null ? 'refuted' : unproved > 0 ? 'open' : 'proved',
    tools,
    counterexample: call,
  }));
}

/** What was found of an invariant so far. */
interface Sought {
  readonly invariant: Article;
  readonly inScope: ReturnType<typeof scopeOf>;
  tools: number;
  unproved: number;
  call: string | null;
}

interface Alike {
  readonly slice: Slice;
  readonly about: readonly Sought[];
  tools: number;
}

/** Tools to which the same applies, and the invariants about them: what is proved of one of the tools is proved of all. */
function alike(slices: readonly Slice[], sought: readonly Sought[]): Iterable<Alike> {
  const groups = new Map<Digest, Alike>();
  for (const slice of slices) {
    const reach = new Set(actionsAbove(slice));
    const about = sought.filter(({ inScope }) => inScope(reach));
    const key = digest([slice.policies, slice.tool.facts, slice.tool.resourceType, about.map(({ invariant }) => invariant.id)]);
    const group = groups.get(key) ?? { slice, about, tools: 0 };
    group.tools++;
    groups.set(key, group);
  }
  return groups.values();
}

/** The permitted calls of a tool, as a formula that each invariant is held against in turn. */
interface Calls {
  readonly slice: Slice;
  readonly types: Types;
  readonly logic: Logic;
  readonly solver: Solver<'main'>;
}

function callsOf(z3: Z3, slice: Slice): Calls {
  const types = typesOf(slice);
  const logic = new Logic(z3, types);
  const solver = new z3.Solver();
  solver.set('timeout', LONGEST_MS);
  solver.add(permitted(z3, logic, slice));
  return { slice, types, logic, solver };
}

/** A call of one tool that is permitted and that the invariant forbids, in words. */
async function violation(
  z3: Z3,
  { slice, types, logic, solver }: Calls,
  invariant: Article,
  currency: string,
): Promise<{ readonly proved: boolean; readonly call: string | null }> {
  const parsed = policyJson(invariant.text);
  if (parsed.type === 'failure') return { proved: false, call: null };
  solver.push();
  solver.add(logic.holds(parsed.json), ...bounds(z3, logic, types));
  const answer = await solver.check();
  const request = answer === 'sat' ? requestOf(slice, logic, solver.model()) : undefined;
  solver.pop();
  if (answer === 'unsat') return { proved: true, call: null };
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
