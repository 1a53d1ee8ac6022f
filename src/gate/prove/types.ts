/** What kind of value stands at a path such as `context.payment.amount_minor`, from the schema of the tool's slice. */
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import type { Slice } from '../constitution.ts';

export type FieldType = 'bool' | 'long' | 'text' | 'entity' | 'set' | 'record';
type Expr = PolicyJson['conditions'][number]['body'];

interface Typed {
  readonly type: string;
  readonly name?: string | undefined;
  readonly required?: boolean | undefined;
  readonly attributes?: Readonly<Record<string, Typed>> | undefined;
}
const Typed: z.ZodType<Typed> = z.lazy(() =>
  z.looseObject({ type: z.string(), name: z.string().optional(), required: z.boolean().optional(), attributes: z.record(z.string(), Typed).optional() }),
);
const Schema = z.looseObject({
  '': z.looseObject({
    commonTypes: z.record(z.string(), Typed).default({}),
    actions: z.record(z.string(), z.looseObject({ appliesTo: z.looseObject({ context: Typed.optional() }).optional() })),
  }),
});

const Access = z.object({ left: z.custom<Expr>((left) => typeof left === 'object' && left !== null), attr: z.string() });

export interface Types {
  /** The kind of value of an expression; undefined where it is not told. */
  of(given: Expr): FieldType | undefined;
  /** Of an attribute of the context, or a variable: how it is called. */
  path(given: Expr): string | undefined;
  optional(path: string): boolean;
  entityOf(variable: 'principal' | 'resource'): string;
  /** Every field of the context that is a number. */
  readonly longs: readonly string[];
}

const NAMED: Readonly<Record<string, FieldType>> = { Bool: 'bool', Boolean: 'bool', Long: 'long', String: 'text' };
const GIVES: Readonly<Record<string, FieldType>> = { '+': 'long', '-': 'long', '*': 'long', neg: 'long', has: 'bool', '!': 'bool', '&&': 'bool', '||': 'bool' };

export function typesOf({ tool, schema }: Slice): Types {
  const { commonTypes, actions } = Schema.parse(schema)[''];
  const context = actions[tool.name]?.appliesTo?.context;
  const fields = new Map<string, { readonly type: FieldType; readonly optional: boolean }>();
  const walk = (path: string, given: Typed, depth: number): void => {
    const shape = given.name !== undefined ? commonTypes[given.name] : undefined;
    const { attributes } = shape ?? given;
    if (!attributes || depth > 6) return;
    for (const [name, field] of Object.entries(attributes)) {
      const at = `${path}.${name}`;
      const inner = field.name !== undefined ? commonTypes[field.name] : undefined;
      const type = NAMED[field.name ?? field.type] ?? (field.type === 'Set' ? 'set' : (inner ?? field).attributes ? 'record' : 'entity');
      fields.set(at, { type, optional: field.required === false });
      walk(at, field, depth + 1);
    }
  };
  if (context) walk('context', context, 0);

  const path = (given: Expr): string | undefined => {
    if ('Var' in given) return String(given.Var);
    const access: unknown = Object.entries(given).find(([kind]) => kind === '.')?.[1];
    const parsed = Access.safeParse(access);
    const before = parsed.success ? path(parsed.data.left) : undefined;
    return parsed.success && before !== undefined ? `${before}.${parsed.data.attr}` : undefined;
  };
  return {
    path,
    of(given) {
      if ('Value' in given) {
        const value: unknown = given.Value;
        return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'long' : typeof value === 'string' ? 'text' : 'entity';
      }
      const at = path(given);
      if (at === 'principal' || at === 'action' || at === 'resource') return 'entity';
      if (at !== undefined) return fields.get(at)?.type;
      return GIVES[Object.keys(given)[0] ?? ''];
    },
    optional: (at) => fields.get(at)?.optional ?? true,
    entityOf: (variable) => (variable === 'principal' ? 'Agent' : tool.resourceType),
    longs: [...fields].flatMap(([at, { type }]) => (type === 'long' ? [at] : [])),
  };
}
