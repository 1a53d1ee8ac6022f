/** Calls at the bounds of what articles compare: for what the prover cannot express. */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { Dice } from '../../kernel/dice.ts';
import type { FieldKind, FactValues } from '../../kernel/facts.ts';
import { PersonId } from '../../kernel/ids.ts';
import type { Level } from '../../kernel/nouns.ts';
import { Governs, ROLES } from '../../kernel/nouns.ts';
import { cedarAuthorizer, type Request } from '../authorize.ts';
import { routineBase } from '../case-runs.ts';
import { compiledAuthorizer, holdsOf } from '../compiled.ts';
import { policyJson, type Slice } from '../constitution.ts';
import { AGENT } from './readable.ts';

const SEED = 1; // the same grid every time: a proof that comes out otherwise is another draft's
const PEOPLE = [PersonId.parse('ana'), PersonId.parse('ben')] as const;

/** Whether a call is permitted that the invariant forbids. The closures say no in most cases; a yes is Cedar's own. */
export function violates(slice: Slice, invariant: PolicyJson, request: Request): boolean {
  const allows = (answer: ReturnType<typeof cedarAuthorizer>) => !('unfit' in answer) && answer.errors.length === 0 && answer.decision === 'allow';
  return holdsOf(slice, invariant, request) === true && allows(compiledAuthorizer(slice, request)) && allows(cedarAuthorizer(slice, request));
}

export function* gridOf(slice: Slice, invariant: PolicyJson, calls: number): Generator<Request> {
  const dice = new Dice(SEED);
  const compared = literalsIn([invariant, ...Object.values(slice.policies).map((text) => policyJson(text))]);
  const numbers: [number, ...number[]] = [0, 1, ...compared.numbers.flatMap((one) => [one - 1, one, one + 1])];
  const texts: [string, ...string[]] = ['', 'another', ...compared.texts];
  const count = () => Math.max(0, dice.one(numbers));
  const usual = <T>(routine: T, other: () => T): T => (dice.flip(0.5) ? routine : other()); // many facts must be routine for anything to be permitted
  const value = (kind: FieldKind): FactValues[string] =>
    ({ bool: () => dice.flip(), long: () => dice.one(numbers), text: () => dice.one(texts), texts: () => texts.filter(() => dice.flip(0.3)) })[kind]();
  for (let n = 0; n < calls; n++) {
    const base = {
      halted: usual<boolean>(false, () => dice.flip()),
      level: usual<Level>('act', () => dice.one(['shadow', 'ask', 'act'])),
      tool_granted: usual<boolean>(true, () => dice.flip()),
      person_active: usual<boolean>(true, () => dice.flip()),
      chain_length: usual(1, count),
      limit_call_minor: usual<number>(routineBase.limit_call_minor, () => dice.one(numbers)),
      limit_day_minor: usual<number>(routineBase.limit_day_minor, () => dice.one(numbers)),
      limit_person_month_minor: usual<number>(routineBase.limit_person_month_minor, () => dice.one(numbers)),
      spent_person_month_minor: usual(0, count),
      calls_last_minute_agent: usual(0, count),
      calls_last_minute_person: usual(0, count),
      hour: dice.below(24),
      weekday: 1 + dice.below(7),
      ...(dice.flip(0.8) ? { working_day: dice.flip() } : {}),
      untrusted: usual<Governs[]>([], () => Governs.options.filter(() => dice.flip(0.3))),
      approvals: usual({}, () => Object.fromEntries(ROLES.map((role) => [role, dice.below(4)]))),
      approved_by: PEOPLE.filter(() => dice.flip()),
      requester_is_sole: dice.flip(),
      requester_may: usual<boolean>(true, () => dice.flip()),
      requester_conflicted: usual<boolean>(false, () => dice.flip()),
      requester: dice.flip() ? dice.one(PEOPLE) : null,
    };
    const { facts } = slice.tool;
    const values = Object.fromEntries(Object.entries(facts?.fields ?? {}).map(([field, kind]) => [field, value(kind)]));
    yield { agent: AGENT, resource: 'x', facts: { base, sheet: facts, values } };
  }
}

/** Every number and text that is written out in policies. */
function literalsIn(node: unknown): { readonly numbers: readonly number[]; readonly texts: readonly string[] } {
  const numbers = new Set<number>();
  const texts = new Set<string>();
  const walk = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(walk);
    else if (typeof at === 'object' && at !== null) {
      const value: unknown = Reflect.get(at, 'Value');
      if (typeof value === 'number') numbers.add(value);
      if (typeof value === 'string') texts.add(value);
      Object.values(at).forEach(walk);
    }
  };
  walk(node);
  return { numbers: [...numbers], texts: [...texts] };
}
