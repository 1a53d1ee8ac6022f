/**
 * Expressions of Cedar's JSON form as closures. Only what strict validation lets through is taken for granted; what is not
 * carried over (extension types, tags, numbers past 2^53) is `Beyond`, and whoever asked turns to Cedar itself.
 */

/** Entities are texts `Type\0id`, sets are arrays, records are objects. */
export type Value = boolean | number | string | readonly Value[] | Fields;
export interface Fields {
  readonly [field: string]: Value;
}

export interface Scope {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Fields;
  readonly above: ReadonlySet<string>; // the action and the groups that it is in
}

export type Compute = (scope: Scope) => Value;

/** Cedar would report an error here: the article is skipped, and the call denied. */
export class Erring extends Error {
  override readonly name = 'Erring';
}

/** Not carried over. Thrown while compiling, or at a value; Cedar is asked instead. */
export class Beyond extends Error {
  override readonly name = 'Beyond';
}

export const entityText = (type: string, id: string): string => `${type}\u0000${id}`;

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws Beyond */
export function expression(given: unknown): Compute {
  if (!isNode(given)) throw new Beyond('an expression that is no object');
  const [[kind, body] = ['nothing', undefined], ...more] = Object.entries(given);
  const made = KINDS[kind];
  if (!made || more.length > 0) throw new Beyond(`\`${kind}\``);
  return made(body);
}

const part = (body: unknown, name: string): unknown => (isNode(body) ? body[name] : undefined);
const at = (body: unknown, name: string): Compute => expression(part(body, name));
const text = (body: unknown, name: string): string => {
  const value = part(body, name);
  if (typeof value !== 'string') throw new Beyond(`\`${name}\` that is no text`);
  return value;
};

const flag = (value: Value): boolean => {
  if (typeof value !== 'boolean') throw new Erring('a boolean is needed');
  return value;
};
const whole = (value: Value): number => {
  if (typeof value !== 'number') throw new Erring('a number is needed');
  return value;
};
const list = (value: Value): readonly Value[] => {
  if (!Array.isArray(value)) throw new Erring('a set is needed');
  return value;
};
/** Past 2^53 doubles are not whole numbers any more; Cedar counts on to 2^63. */
const counted = (value: number): number => {
  if (!Number.isSafeInteger(value)) throw new Beyond('a number past 2^53');
  return value;
};

const plain = (value: Value): boolean | number | string => {
  if (typeof value === 'object') throw new Beyond('a comparison of sets or records');
  return value;
};
const holds = (set: Value, value: Value): boolean => {
  const wanted = plain(value);
  for (const one of list(set)) if (plain(one) === wanted) return true;
  return false;
};
/** Whether a set holds all of another's members, or with `any` at least one of them. */
const holdsOf = (set: Value, members: Value, any: boolean): boolean => {
  for (const one of list(members)) if (holds(set, one) === any) return any;
  return !any;
};

const binary =
  (compute: (left: Value, right: Value) => Value) =>
  (body: unknown): Compute => {
    const [left, right] = [at(body, 'left'), at(body, 'right')];
    return (scope) => compute(left(scope), right(scope));
  };

const unary =
  (compute: (value: Value) => Value) =>
  (body: unknown): Compute => {
    const arg = at(body, 'arg');
    return (scope) => compute(arg(scope));
  };

const KINDS: Readonly<Record<string, ((body: unknown) => Compute) | undefined>> = {
  Value: (body) => {
    const value = literal(body);
    return () => value;
  },
  Var: (body) => {
    if (body === 'principal') return ({ principal }) => principal;
    if (body === 'action') return ({ action }) => action;
    if (body === 'resource') return ({ resource }) => resource;
    if (body === 'context') return ({ context }) => context;
    throw new Beyond('an unknown variable');
  },
  '.': (body) => {
    const [left, attr] = [at(body, 'left'), text(body, 'attr')];
    return (scope) => {
      const value = fields(left(scope))?.[attr];
      if (value === undefined) throw new Erring(`\`${attr}\` is absent`);
      return value;
    };
  },
  has: (body) => {
    const [left, attr] = [at(body, 'left'), text(body, 'attr')];
    return (scope) => Object.hasOwn(fields(left(scope)) ?? {}, attr);
  },
  '&&': (body) => {
    const [left, right] = [at(body, 'left'), at(body, 'right')];
    return (scope) => flag(left(scope)) && flag(right(scope));
  },
  '||': (body) => {
    const [left, right] = [at(body, 'left'), at(body, 'right')];
    return (scope) => flag(left(scope)) || flag(right(scope));
  },
  'if-then-else': (body) => {
    const [when, then, otherwise] = [at(body, 'if'), at(body, 'then'), at(body, 'else')];
    return (scope) => (flag(when(scope)) ? then(scope) : otherwise(scope));
  },
  '!': unary((value) => !flag(value)),
  neg: unary((value) => counted(0 - whole(value))),
  '==': binary((left, right) => plain(left) === plain(right)),
  '!=': binary((left, right) => plain(left) !== plain(right)),
  '<': binary((left, right) => whole(left) < whole(right)),
  '<=': binary((left, right) => whole(left) <= whole(right)),
  '>': binary((left, right) => whole(left) > whole(right)),
  '>=': binary((left, right) => whole(left) >= whole(right)),
  '+': binary((left, right) => counted(whole(left) + whole(right))),
  '-': binary((left, right) => counted(whole(left) - whole(right))),
  '*': binary((left, right) => counted(whole(left) * whole(right))),
  contains: binary(holds),
  containsAll: binary((set, members) => holdsOf(set, members, false)),
  containsAny: binary((set, members) => holdsOf(set, members, true)),
  isEmpty: unary((set) => list(set).length === 0),
  in: (body) => {
    const [left, right] = [at(body, 'left'), at(body, 'right')];
    return (scope) => {
      const [below, above] = [left(scope), right(scope)];
      const within = (one: Value) => below === one || (below === scope.action && typeof one === 'string' && scope.above.has(one));
      return Array.isArray(above) ? above.some(within) : within(above); // no entity but the action has ancestors
    };
  },
  is: (body) => {
    const [left, type] = [at(body, 'left'), text(body, 'entity_type')];
    if (part(body, 'in') !== undefined) throw new Beyond('`is … in`');
    return (scope) => String(plain(left(scope))).startsWith(`${type}\u0000`);
  },
  like: (body) => {
    const [left, pattern] = [at(body, 'left'), likeness(part(body, 'pattern'))];
    return (scope) => pattern.test(String(plain(left(scope))));
  },
  Set: (body) => {
    if (!Array.isArray(body)) throw new Beyond('a set that is no list');
    const items = body.map(expression);
    return (scope) => items.map((item) => item(scope));
  },
};

/** The fields of a record. No entity that the gate hands over has any. */
function fields(value: Value): Fields | undefined {
  if (typeof value === 'string') return undefined;
  if (!isNode(value)) throw new Erring('a record is needed');
  return value;
}

function literal(body: unknown): Value {
  if (typeof body === 'boolean' || typeof body === 'string') return body;
  if (typeof body === 'number') return counted(body);
  if (Array.isArray(body)) return body.map(literal);
  const entity = part(body, '__entity');
  if (entity === undefined) throw new Beyond('a literal of another type');
  return entityText(text(entity, 'type'), text(entity, 'id'));
}

function likeness(pattern: unknown): RegExp {
  if (!Array.isArray(pattern)) throw new Beyond('a pattern that is no list');
  const parts = pattern.map((one) => (one === 'Wildcard' ? '.*' : text(one, 'Literal').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 'su');
}
