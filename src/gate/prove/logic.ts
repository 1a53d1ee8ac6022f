/**
 * Conditions of Cedar as formulas for Z3. What has no formula (patterns, sets held against sets, entities of an optional field)
 * is a free proposition of its own: the formula then allows more than Cedar does, so what is proved of it holds of Cedar.
 */
import type { Arith, Bool, Context } from 'z3-solver';
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { canonical } from '../../kernel/digest.ts';
import { entityText } from '../expressions.ts';
import type { FieldType, Types } from './types.ts';

export type Z3 = Context<'main'>;
type Expr = PolicyJson['conditions'][number]['body'];

/** The formulas of one call of one tool. The same fact is the same variable, whichever article reads it. */
export class Logic {
  readonly facts = new Map<string, { readonly type: FieldType; readonly term: Bool | Arith }>();
  readonly codes = new Map<string, number>(); // texts and entities are numbers, each its own
  opaque = 0; // propositions that stand for what has no formula

  constructor(
    private readonly z3: Z3,
    private readonly types: Types,
  ) {}

  /** Whether an article holds of the call; its action is known to be in scope. */
  holds({ principal, resource, conditions }: PolicyJson): Bool {
    const clauses = conditions.map(({ kind, body }) => (kind === 'when' ? this.bool(body) : this.z3.Not(this.bool(body))));
    return this.z3.And(this.z3.Bool.val(true), this.scope('principal', principal), this.scope('resource', resource), ...clauses);
  }

  private scope(of: 'principal' | 'resource', constraint: PolicyJson['principal'] | PolicyJson['resource']): Bool {
    if (constraint.op === 'All') return this.z3.Bool.val(true);
    if (constraint.op === 'is' && constraint.in === undefined) return this.z3.Bool.val(constraint.entity_type === this.types.entityOf(of));
    if (constraint.op === '==' && 'entity' in constraint && 'type' in constraint.entity)
      return this.code(of).eq(this.codeOf(entityText(constraint.entity.type, constraint.entity.id)));
    return this.free({ of, constraint });
  }

  bool(given: Expr): Bool {
    const [[kind, body] = ['', undefined]]: [string, unknown][] = Object.entries(given);
    const made = this.connective(kind, body) ?? this.comparison(kind, body) ?? this.membership(kind, body) ?? this.fact(given, kind, body);
    return made ?? this.free(given);
  }

  private connective(kind: string, body: unknown): Bool | undefined {
    const { And, Or, Not, Bool: truth } = this.z3;
    if (kind === 'Value' && typeof body === 'boolean') return truth.val(body);
    const { left, right, arg } = parts(body);
    if (kind === '&&' && left && right) return And(this.bool(left), this.bool(right));
    if (kind === '||' && left && right) return Or(this.bool(left), this.bool(right));
    if (kind === '!' && arg) return Not(this.bool(arg));
    const { if: when, then, else: otherwise } = parts(body);
    if (kind !== 'if-then-else' || !when || !then || !otherwise) return undefined;
    return Or(And(this.bool(when), this.bool(then)), And(Not(this.bool(when)), this.bool(otherwise)));
  }

  private comparison(kind: string, body: unknown): Bool | undefined {
    const { left, right } = parts(body);
    if (!left || !right) return undefined;
    if (kind === '==' || kind === '!=') {
      const same = this.same(left, right);
      return same && (kind === '==' ? same : this.z3.Not(same));
    }
    const [a, b] = [this.number(left), this.number(right)];
    if (!a || !b) return undefined;
    const made: Readonly<Record<string, () => Bool>> = { '>': () => a.gt(b), '>=': () => a.ge(b), '<': () => a.lt(b), '<=': () => a.le(b) };
    return made[kind]?.();
  }

  private same(left: Expr, right: Expr): Bool | undefined {
    const type = this.types.of(left) ?? this.types.of(right);
    if (type === 'long') {
      const [a, b] = [this.number(left), this.number(right)];
      return a && b && a.eq(b);
    }
    if (type === 'bool') return this.bool(left).eq(this.bool(right));
    if (type === 'text' || type === 'entity') {
      const [a, b] = [this.coded(left), this.coded(right)];
      return a && b && a.eq(b);
    }
    return undefined;
  }

  /** `facts.contains("x")`: one proposition for each member that is asked for. */
  private membership(kind: string, body: unknown): Bool | undefined {
    const { left, right } = parts(body);
    if (!left || !right || !kind.startsWith('contains')) return undefined;
    const path = this.types.path(left);
    const members = kind === 'contains' ? [literal(right)] : literals(right);
    if (path === undefined || !members || members.includes(undefined)) return undefined;
    const each = members.map((member) => this.named(`${path} holds "${member}"`, 'bool'));
    return kind === 'containsAny' ? this.z3.Or(this.z3.Bool.val(false), ...each) : this.z3.And(this.z3.Bool.val(true), ...each);
  }

  private fact(given: Expr, kind: string, body: unknown): Bool | undefined {
    if (kind === 'has') {
      const { left } = parts(body);
      const attr = textOf(body, 'attr');
      const path = left && attr !== undefined ? this.types.path({ '.': { left, attr } }) : undefined;
      if (path === undefined) return undefined;
      return this.types.optional(path) ? this.named(`has ${path}`, 'bool') : this.z3.Bool.val(true);
    }
    const path = this.types.path(given);
    return path !== undefined && this.types.of(given) === 'bool' ? this.named(path, 'bool') : undefined;
  }

  private number(given: Expr): Arith | undefined {
    const [[kind, body] = ['', undefined]]: [string, unknown][] = Object.entries(given);
    if (kind === 'Value' && typeof body === 'number' && Number.isSafeInteger(body)) return this.z3.Int.val(body);
    const path = this.types.path(given);
    if (path !== undefined && this.types.of(given) === 'long') return this.whole(path);
    const { left, right, arg } = parts(body);
    if (kind === 'neg' && arg) return this.number(arg)?.neg();
    if (!left || !right) return undefined;
    const [a, b] = [this.number(left), this.number(right)];
    if (!a || !b) return undefined;
    const made: Readonly<Record<string, () => Arith>> = { '+': () => a.add(b), '-': () => a.sub(b), '*': () => a.mul(b) };
    return made[kind]?.();
  }

  /** That a text is one of these, where it is read at all. */
  among(path: string, texts: readonly string[]): readonly Bool[] {
    const term = this.facts.get(path)?.term;
    return term && this.z3.isArith(term) ? [this.z3.Or(this.z3.Bool.val(false), ...texts.map((text) => term.eq(this.codeOf(text))))] : [];
  }

  /** A text or an entity, as the number that stands for it. */
  private coded(given: Expr): Arith | undefined {
    const value = literal(given);
    if (value !== undefined) return this.codeOf(value);
    const path = this.types.path(given);
    return path === undefined ? undefined : this.code(path);
  }

  private codeOf(value: string): Arith {
    const code = this.codes.get(value) ?? this.codes.size + 1;
    this.codes.set(value, code);
    return this.z3.Int.val(code);
  }

  private code(path: string): Arith {
    return this.numberNamed(path, 'text');
  }
  private whole(path: string): Arith {
    return this.numberNamed(path, 'long');
  }

  private numberNamed(path: string, type: FieldType): Arith {
    const made = this.facts.get(path)?.term;
    if (made && this.z3.isArith(made)) return made;
    const term = this.z3.Int.const(path);
    this.facts.set(path, { type, term });
    return term;
  }

  private named(path: string, type: FieldType): Bool {
    const made = this.facts.get(path)?.term;
    if (made && this.z3.isBool(made)) return made;
    const term = this.z3.Bool.const(path);
    this.facts.set(path, { type, term });
    return term;
  }

  private free(what: unknown): Bool {
    this.opaque++;
    return this.z3.Bool.const(`?${canonical(what)}`);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isExpr = (value: unknown): value is Expr => isObject(value) && Object.keys(value).length === 1;

function parts(body: unknown): Readonly<Partial<Record<string, Expr>>> {
  return isObject(body) ? Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (isExpr(value) ? [[name, value]] : []))) : {};
}
function textOf(body: unknown, name: string): string | undefined {
  const value = isObject(body) ? body[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A text or an entity that is written out. */
function literal(given: Expr): string | undefined {
  const value: unknown = 'Value' in given ? given.Value : undefined;
  if (typeof value === 'string') return value;
  const entity = isObject(value) ? value['__entity'] : undefined;
  const [type, id] = [textOf(entity, 'type'), textOf(entity, 'id')];
  return type !== undefined && id !== undefined ? entityText(type, id) : undefined;
}

function literals(given: Expr): readonly (string | undefined)[] | undefined {
  const items: unknown = 'Set' in given ? given.Set : undefined;
  return Array.isArray(items) ? items.map((one: unknown) => (isExpr(one) ? literal(one) : undefined)) : undefined;
}
