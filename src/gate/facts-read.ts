/** Which facts an article looks at, read off its own text. */
import type { JsonObject } from '../kernel/nouns.ts';
import { policyJson, type Article, type Constitution, type Slice } from './constitution.ts';

const MOST_DEEP = 200; // a constitution's articles nest at most 40

/** `context.payment.amount_minor` -> `payment.amount_minor`, for each that the article reads. */
export function pathsRead({ text }: Pick<Article, 'text'>): readonly string[] {
  const parsed = policyJson(text);
  const found = new Set<string>();
  if (parsed.type === 'success') walk(parsed.json.conditions, found, 0);
  return [...found].sort();
}

const read = new WeakMap<Slice, ReadonlySet<string>>(); // found once for each slice: the gate asks at each call

/** Whether any article that can apply to a tool looks at a fact. */
export function looksAt(slice: Slice, path: string): boolean {
  const paths = read.get(slice) ?? new Set(Object.values(slice.policies).flatMap((text) => pathsRead({ text })));
  read.set(slice, paths);
  return paths.has(path);
}

/** The facts that these articles looked at, by path; what a fact sheet does not have is left out. */
export function factsRead(constitution: Constitution, ids: readonly string[], facts: JsonObject): JsonObject {
  const paths = new Set(ids.flatMap((id) => [constitution.articles.get(id)].flatMap((article) => (article ? pathsRead(article) : []))));
  return Object.fromEntries(
    [...paths].sort().flatMap((path) => {
      const value = at(facts, path.split('.'));
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

function at(facts: JsonObject, [field = '', ...rest]: readonly string[]): JsonObject[string] | undefined {
  const value = Object.hasOwn(facts, field) ? facts[field] : undefined;
  if (rest.length === 0) return value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? at(value, rest) : undefined;
}

function walk(node: unknown, found: Set<string>, depth: number): void {
  if (typeof node !== 'object' || node === null || depth > MOST_DEEP) return;
  const path = pathOf(node, 0);
  if (path?.[0] === 'context' && path.length > 2) found.add(path.slice(1).join('.'));
  else for (const inner of Object.values(node)) walk(inner, found, depth + 1);
}

/** `{".":{"left":{".":{"left":{"Var":"context"},"attr":"base"}},"attr":"hour"}}` -> context, base, hour */
function pathOf(node: object, depth: number): readonly string[] | undefined {
  if ('Var' in node && typeof node.Var === 'string') return [node.Var];
  const access: unknown = '.' in node ? node['.'] : undefined;
  if (depth > MOST_DEEP || typeof access !== 'object' || access === null || !('left' in access) || !('attr' in access)) return undefined;
  const { left, attr } = access;
  const before = typeof left === 'object' && left !== null ? pathOf(left, depth + 1) : undefined;
  return before && typeof attr === 'string' ? [...before, attr] : undefined;
}
