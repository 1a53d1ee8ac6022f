/**
 * A slice's articles as closures: some twenty times faster than Cedar, for replay, grids and mutation, where a constitution is
 * put to a hundred thousand requests. It never decides an enforced call, and `test/gate/compiled.test.ts` holds it against Cedar.
 */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { cedarAuthorizer, perRole, type Answer, type Authorizer, type Request } from './authorize.ts';
import { actionsAbove, policyJson, type Slice } from './constitution.ts';
import { Beyond, entityText, Erring, expression, type Fields, type Scope, type Value } from './expressions.ts';

interface CompiledArticle {
  readonly id: string;
  readonly forbids: boolean;
  satisfied(scope: Scope): boolean;
}

interface Compiled {
  readonly above: ReadonlySet<string>; // the tool's action and the groups that it is in
  readonly articles: readonly CompiledArticle[];
}

const compiled = new WeakMap<Slice, Compiled | 'beyond'>();

/** What Cedar would answer. Where an article or a value is past what closures carry, Cedar is asked. */
export const compiledAuthorizer: Authorizer = (slice, request) => {
  const answered = compiledAlone(slice, request);
  return answered === 'beyond' ? cedarAuthorizer(slice, request) : answered;
};

/** The closures' own answer, or that they have none. */
export function compiledAlone(slice: Slice, request: Request): Answer | 'beyond' {
  const made = compiledOf(slice);
  try {
    return made === 'beyond' ? made : answer(made, slice, request);
  } catch (error) {
    if (error instanceof Beyond) return 'beyond';
    throw error;
  }
}

/** An authorizer over articles of which one was replaced, and whether there was a request that the closures had no answer for. */
export interface Replaced {
  readonly authorizer: Authorizer;
  beyond(): boolean;
}

/** The same constitution with one article of another form, or struck. Cedar does not know it, so only closures answer. */
export function replacing(id: string, policy: PolicyJson | null): Replaced {
  let missed = false;
  let made: readonly CompiledArticle[] | undefined;
  const instead = () => (made ??= policy ? [article(id, policy)] : []);
  const authorizer: Authorizer = (slice, request) => {
    try {
      const whole = compiledOf(slice);
      if (whole === 'beyond') throw new Beyond(`\`${slice.tool.name}\``);
      return answer({ ...whole, articles: whole.articles.flatMap((one) => (one.id === id ? instead() : [one])) }, slice, request);
    } catch (error) {
      missed ||= error instanceof Beyond;
      throw error;
    }
  };
  return { authorizer, beyond: () => missed };
}

/** Whether a policy that is not in force holds of a request, its action taken as in scope: an invariant, say. */
export function holdsOf(slice: Slice, policy: PolicyJson, request: Request): boolean | 'beyond' {
  try {
    return article('', { ...policy, action: { op: 'All' } }).satisfied(scopeOf(slice, request));
  } catch (error) {
    if (error instanceof Beyond) return 'beyond';
    if (error instanceof Erring) return false;
    throw error;
  }
}

function compiledOf(slice: Slice): Compiled | 'beyond' {
  const made = compiled.get(slice) ?? compileSlice(slice);
  compiled.set(slice, made);
  return made;
}

function compileSlice(slice: Slice): Compiled | 'beyond' {
  const above = groupsOf(slice);
  try {
    return { above, articles: Object.entries(slice.policies).map(([id, policy]) => articleOf(id, policy)) };
  } catch (error) {
    if (error instanceof Beyond) return 'beyond';
    throw error;
  }
}

function articleOf(id: string, policy: string): CompiledArticle {
  const parsed = policyJson(policy);
  if (parsed.type === 'failure') throw new Beyond(`\`${id}\``);
  return article(id, parsed.json);
}

function article(id: string, { effect, principal, action, resource, conditions }: PolicyJson): CompiledArticle {
  const clauses = conditions.map(({ kind, body }) => ({ wants: kind === 'when', holds: expression(body) }));
  const scopes = [inScope(principal, 'principal'), inScope(action, 'action'), inScope(resource, 'resource')];
  return {
    id,
    forbids: effect === 'forbid',
    satisfied(scope) {
      // Loops, not `every`: where it is inlined around a closure that throws, V8 11.3 (Node 20) may end the process while it deoptimizes.
      for (const fits of scopes) if (!fits(scope)) return false;
      for (const { wants, holds } of clauses) if (boolean(holds(scope)) !== wants) return false;
      return true;
    },
  };
}

function boolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new Erring('a condition is no boolean');
  return value;
}

type Constraint = PolicyJson['principal'] | PolicyJson['action'] | PolicyJson['resource'];

function inScope(constraint: Constraint, of: 'principal' | 'action' | 'resource'): (scope: Scope) => boolean {
  if (constraint.op === 'All') return () => true;
  if (constraint.op === 'is' && constraint.in === undefined) {
    const begins = `${constraint.entity_type}\u0000`;
    return (scope) => scope[of].startsWith(begins);
  }
  const named = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : [];
  if (named.length === 0) throw new Beyond('a scope of another form');
  const texts = named.map((entity) => {
    if (!('type' in entity)) throw new Beyond('a slot');
    return entityText(entity.type, entity.id);
  });
  if (constraint.op === '==') return (scope) => texts.includes(scope[of]);
  return (scope) => texts.some((one) => scope[of] === one || (of === 'action' && scope.above.has(one))); // no other entity has ancestors
}

const groupsOf = (slice: Slice): ReadonlySet<string> => new Set(actionsAbove(slice).map((id) => entityText('Action', id)));

const scopeOf = (slice: Slice, { agent, resource, facts }: Request, above = groupsOf(slice)): Scope => ({
  principal: entityText('Agent', agent),
  action: entityText('Action', slice.tool.name),
  resource: entityText(slice.tool.resourceType, resource),
  context: {
    base: baseOf(facts.base),
    ...(slice.everybody ? { unanimous: perRole((role) => (facts.base.unanimous ?? []).includes(role)) } : {}),
    ...(facts.sheet ? { [facts.sheet.name]: facts.values } : {}),
  },
  above,
});

function answer({ above, articles }: Compiled, slice: Slice, request: Request): Answer {
  const scope = scopeOf(slice, request, above);
  const [forbids, permits, errors]: [string[], string[], { policy: string; message: string }[]] = [[], [], []];
  for (const { id, forbids: against, satisfied } of articles) {
    try {
      if (satisfied(scope)) (against ? forbids : permits).push(id);
    } catch (error) {
      if (!(error instanceof Erring)) throw error;
      errors.push({ policy: id, message: error.message });
    }
  }
  const allowed = forbids.length === 0 && permits.length > 0;
  return { decision: allowed ? 'allow' : 'deny', reason: forbids.length > 0 ? forbids : permits, errors };
}

function baseOf({ approvals, unanimous, approved_by, requester, ...plain }: Request['facts']['base']): Fields {
  return {
    ...plain,
    approvals: perRole((role) => approvals[role] ?? 0),
    approved_by: approved_by.map((id) => entityText('Person', id)),
    ...(requester === null ? {} : { requester: entityText('Person', requester) }),
  };
}
