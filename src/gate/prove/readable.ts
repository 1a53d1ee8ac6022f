/** A model of Z3 as a call, and a call as a sentence. */
import type { Model } from 'z3-solver';
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { FieldKind, FactValues } from '../../kernel/facts.ts';
import { AgentName, PersonId } from '../../kernel/ids.ts';
import { show } from '../../kernel/money.ts';
import { Role } from '../../kernel/nouns.ts';
import type { Request } from '../authorize.ts';
import { routineBase } from '../case-runs.ts';
import type { Slice } from '../constitution.ts';
import { BaseFacts } from '../facts.ts';
import type { Logic } from './logic.ts';

const SOMEBODY = PersonId.parse('somebody');
export const AGENT = AgentName.parse('agent');
const EMPTY = { bool: false, long: 0, text: '', texts: [] } as const satisfies Readonly<Record<FieldKind, FactValues[string]>>;

export const emptyValues = ({ tool }: Slice): FactValues =>
  Object.fromEntries(Object.entries(tool.facts?.fields ?? {}).map(([field, kind]) => [field, EMPTY[kind]]));

/** The facts that the model gives; the rest is as in a routine call. Undefined where they are none that the gate would take. */
export function requestOf(slice: Slice, logic: Logic, model: Model<'main'>): Request | undefined {
  const base: Record<string, unknown> = { ...routineBase };
  const approvals: Partial<Record<Role, number>> = {};
  const values: Record<string, FactValues[string]> = { ...emptyValues(slice) };
  const texts = new Map([...logic.codes].map(([text, code]) => [code, text]));
  for (const [path, { type, term }] of logic.facts) {
    const given = model.eval(term, true).toString();
    const value = type === 'bool' ? given === 'true' : type === 'long' ? Number(given.replace(/[()\s]/g, '')) : (texts.get(Number(given)) ?? 'another');
    const [, part = '', field = ''] = /^(?:has )?context\.(\w+)\.([\w.]+)/.exec(path) ?? [];
    const member = / holds "(.*)"$/s.exec(path)?.[1];
    const role = Role.safeParse(/^approvals\.(\w+)$/.exec(field)?.[1]);
    if (role.success && typeof value === 'number') approvals[role.data] = value;
    else if (path.startsWith('has ')) base[field] = value === true ? SOMEBODY : null;
    else if (member !== undefined) put(part === 'base' ? base : values, field, value === true, member);
    else if (part === 'base') base[field] = value;
    else if (part !== '') values[field] = value;
  }
  const parsed = BaseFacts.safeParse({ ...base, approvals });
  return parsed.success ? { agent: AGENT, resource: 'x', facts: { base: parsed.data, sheet: slice.tool.facts, values } } : undefined;
}

function put(into: Record<string, unknown>, field: string, holds: boolean, member: string): void {
  const before = into[field];
  if (holds) into[field] = [...(Array.isArray(before) ? before : []), member];
}

/** `finance.pay_invoice is permitted with payment.amount_minor 10,000.01 EUR, base.approvals.owner 0`: what the invariant speaks of. */
export function inWords({ tool }: Slice, invariant: PolicyJson, { facts }: Request, currency: string): string {
  const spoken = pathsIn(invariant.conditions).map((path) => {
    const [part = '', ...fields] = path.split('.');
    const from: unknown = part === 'base' ? facts.base : facts.values;
    const value = fields.reduce<unknown>((at, field) => (typeof at === 'object' && at !== null ? Reflect.get(at, field) : undefined), from);
    return `${path} ${shown(path, value, currency)}`;
  });
  return `\`${tool.name}\` is permitted${spoken.length > 0 ? ` with ${spoken.join(', ')}` : ''}`;
}

function shown(path: string, value: unknown, currency: string): string {
  if (typeof value === 'number') return path.endsWith('_minor') ? show({ minor: value, currency }) : String(value);
  if (value === undefined) return path.includes('approvals') ? '0' : 'absent';
  return Array.isArray(value) ? (value.length === 0 ? 'empty' : value.join(' and ')) : value === null ? 'nobody' : String(value);
}

/** The facts that conditions read, each once: `payment.amount_minor`. */
export function pathsIn(node: unknown): readonly string[] {
  const found = new Set<string>();
  const walk = (at: unknown): string | undefined => {
    if (Array.isArray(at)) at.forEach(walk);
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    if (Reflect.get(at, 'Var') === 'context') return '';
    const access: unknown = Reflect.get(at, '.') ?? Reflect.get(at, 'has');
    if (typeof access !== 'object' || access === null) {
      Object.values(at).forEach((one) => keep(walk(one)));
      return undefined;
    }
    const before = walk(Reflect.get(access, 'left'));
    return before === undefined ? undefined : `${before}${before === '' ? '' : '.'}${String(Reflect.get(access, 'attr'))}`;
  };
  const keep = (path: string | undefined): void => void (path && found.add(path));
  keep(walk(node));
  return [...found].sort();
}
