/** The text of a result -> its fields, where its shape can be told, and the prose in it. In doubt all of it is prose. */
import { parseDocument } from 'yaml';
import { isProseField, kindOf } from '../../kernel/lexicon.ts';
import { pythonLiteral } from './literal.ts';

export interface Field {
  readonly key: string; // empty where nothing names it
  readonly value: string;
  readonly group: number; // fields of one record have one
}

const LONGEST = 400_000; // characters; what is longer is not taken apart
const MOST_FIELDS = 20_000;

/** Fields of a result; undefined where it has no shape. */
export function fieldsOf(text: string): readonly Field[] | undefined {
  if (text.length > LONGEST) return undefined;
  const value = shaped(text);
  if (value === undefined) return lines(text);
  const fields: Field[] = [];
  walk(value.value, '', 0, { fields, next: 1 });
  return fields.length > MOST_FIELDS ? undefined : fields;
}

function shaped(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null };
  if (/^[[{"]/.test(trimmed)) {
    try {
      return { value: JSON.parse(trimmed) };
    } catch {
      return pythonLiteral(trimmed);
    }
  }
  if (/^[\d'(-]/.test(trimmed) && !trimmed.startsWith('- ')) return pythonLiteral(trimmed);
  if (!trimmed.split('\n').every((line) => /^(\s|- |-$|[\w .-]+:(\s|$)|$)/.test(line)) || !/^(- |[\w .-]+:(\s|$))/.test(trimmed)) return undefined;
  const document = parseDocument(trimmed, { uniqueKeys: true, schema: 'failsafe' });
  return document.errors.length > 0 ? undefined : { value: document.toJS({ maxAliasCount: 0 }) };
}

interface Walk {
  readonly fields: Field[];
  next: number;
}

function walk(value: unknown, key: string, group: number, into: Walk): void {
  if (into.fields.length > MOST_FIELDS) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, key, group === 0 ? into.next++ : group, into); // a list of names is of several, a list in a record is its own
  } else if (typeof value === 'object' && value !== null) {
    const own = into.next++;
    for (const [name, inner] of Object.entries(value)) {
      if (kindOf(name) === undefined && /[A-Z ]/.test(name)) {
        const of = into.next++; // a record by its name: `{'Blue Door': 'open'}`
        into.fields.push({ key: 'name', value: name, group: of });
        if (isScalar(inner)) scalar(inner, '', of, into);
        else walk(inner, '', of, into);
      } else if (isScalar(inner)) scalar(inner, name, own, into);
      else walk(inner, name, own, into);
    }
  } else scalar(value, key, group, into);
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

function scalar(value: unknown, key: string, group: number, { fields }: Walk): void {
  if (value === null || value === undefined || value === '') return;
  const text = String(value);
  fields.push({ key, value: text, group });
  const labelled = /^([A-Z][\w ]{1,30}): (\S[^\n]*)$/.exec(text); // `Price range: 120.0 - 180.0`
  if (labelled) fields.push({ key: labelled[1] ?? '', value: labelled[2] ?? '', group });
}

/** `Label: one`, then a line for each other one; or `Name: a, Day: b` in each line. Prose anywhere makes all of it prose. */
function lines(text: string): readonly Field[] | undefined {
  const rows = text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  let label = '';
  const fields = rows.flatMap((row, group): readonly Field[] => {
    const pairs = pairsOf(row);
    if (pairs.length > 1) return pairs.map(([key, value]) => ({ key, value, group }));
    const [, name, value] = /^([\p{L}][\p{L}\p{N} ]{0,40}): (.+)$/u.exec(row) ?? [];
    if (name !== undefined && group === 0) label = name;
    return [{ key: name ?? label, value: value ?? row, group }];
  });
  return fields.some(({ value }) => isProse(value)) ? undefined : fields;
}

/** `Airline: A, Number: 12`; commas within a value keep it together. */
function pairsOf(row: string): readonly (readonly [string, string])[] {
  const parts = row.split(/, (?=[A-Z][\w ]{1,30}: )/);
  const pairs = parts.map((part) => /^([A-Z][\w ]{1,30}): (.*)$/.exec(part));
  return pairs.every((pair) => pair !== null) ? pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']) : [];
}

const MOST_WORDS = 12; // of a name or an address; what is longer tells something

/** Whether a value reads like something told, or like an order, rather than like a name, a figure or an address. */
export function isProse(value: string): boolean {
  const words = value.trim().split(/\s+/);
  return (
    words.length > MOST_WORDS ||
    /[\n<>{}]|```/.test(value) ||
    (words.length > 1 && /https?:|www\.|@\S+\.\S/.test(value)) ||
    /[.!?]\s+\p{Lu}/u.test(value) ||
    /\b(please|ignore|instructions?|important|instead|must|should|user|assistant|system prompt|urgent|click|todo)\b/i.test(value)
  );
}

/** Whether a field is text of anybody, whatever the rest of its record is. A short title names a thing. */
export const isToldField = ({ key, value }: Pick<Field, 'key' | 'value'>): boolean => isProse(value) || isProseField(key);
