/** What a schema refuses, in words: the field, the value as it was written, and the nearest that would do. */
import { z } from 'zod';
import { nearest } from './nearest.ts';

type Path = readonly PropertyKey[];

/** `name one of …`: the nearest where any is near, else all of them. */
export function orNear(word: string, among: readonly string[]): string {
  const near = nearest(word, among);
  const named = near.length > 0 ? near : among;
  return named.length === 0 ? 'take it out' : `name one of ${named.map((name) => `\`${name}\``).join(', ')}`;
}

/** One sentence for each mistake. @param value what was parsed */
export const mistakes = (schema: z.ZodType, value: unknown, error: z.ZodError): readonly string[] => error.issues.map((issue) => mistake(schema, value, issue));

export function mistake(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  const given = valueAt(value, issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, path, fieldsAt(schema, issue.path))).join(' ');
  if (issue.code === 'invalid_key')
    return `\`${String(issue.path.at(-1))}\` cannot stand under \`${issue.path.slice(0, -1).map(String).join('.')}\`: ${keyMistake(issue)}.`;
  if (given === undefined) return path === '' ? 'Nothing was given; a JSON object is wanted.' : `\`${path}\` is missing; add it.`;
  const shown = typeof given === 'object' ? '…' : String(given);
  const [field, wrong] = [path === '' ? 'it' : `\`${path}\``, given === '' ? 'empty' : `\`${shown}\``];
  if (issue.code === 'invalid_value') return `${field} is ${wrong}: ${orNear(shown, issue.values.map(String))}.`;
  if (issue.code === 'invalid_type')
    return `${field} is ${wrong}: it takes ${issue.expected === 'object' || issue.expected === 'array' || issue.expected === 'int' ? 'an' : 'a'} ${issue.expected}.`;
  if (issue.code === 'too_small' && issue.origin === 'string')
    return `${field} is ${wrong}: write at least ${issue.minimum} ${issue.minimum === 1 ? 'character' : 'characters'}.`;
  if (issue.code === 'too_big' && issue.origin === 'string') return `${field} is too long: write at most ${issue.maximum} characters.`;
  return `${field} is ${wrong}: ${issue.message}.`;
}

const unknownField = (key: string, path: string, fields: readonly string[]): string =>
  `\`${key}\` is no field ${path === '' ? 'here' : `of \`${path}\``}; take it out, or mend its spelling${fields.length === 0 ? '' : `: ${orNear(key, fields)}`}.`;

/** Of a form, or one of a few. */
function keyMistake({ path, issues }: z.core.$ZodIssueInvalidKey): string {
  const [first] = issues;
  return first?.code === 'invalid_value' ? orNear(String(path.at(-1)), first.values.map(String)) : (first?.message ?? 'mend its spelling');
}

function valueAt(value: unknown, path: Path): unknown {
  let now = value;
  for (const key of path) {
    if (typeof now !== 'object' || now === null) return undefined;
    now = Object.getOwnPropertyDescriptor(now, key)?.value;
  }
  return now;
}

/** The names of the fields that a schema has at a path; none where it takes any. */
function fieldsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const here = bare(schema);
  const [key, ...rest] = path;
  if (here instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(here.shape);
    const next: unknown = here.shape[String(key)];
    return next instanceof z.ZodType ? fieldsAt(next, rest) : [];
  }
  if (here instanceof z.ZodArray) return key === undefined ? [] : fieldsAt(here.element, rest);
  if (!(here instanceof z.ZodRecord)) return [];
  if (key !== undefined) return fieldsAt(here.valueType, rest);
  return here.keyType instanceof z.ZodEnum ? here.keyType.options.map(String) : [];
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return bare(schema.in);
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? bare(schema.unwrap()) : schema;
}
