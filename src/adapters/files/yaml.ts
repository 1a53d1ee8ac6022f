/** One YAML file, checked against its schema; what is wrong is told with its place. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { mistake } from '../../kernel/mistakes.ts';
import type { Checked } from './cross-checks.ts';

export interface Read<T> extends Checked<T> {
  readonly text: string;
}

/** Reads a file, or says among the problems what is wrong with it: file, line, value. @returns undefined where anything is */
export async function readYaml<T>(dir: string, file: string, schema: z.ZodType<T>, problems: string[]): Promise<Read<T> | undefined> {
  let text: string;
  try {
    text = await readFile(join(dir, file), 'utf8');
  } catch {
    problems.push(`${file}: is missing in \`${dir}\`; \`charter init DIR\` writes one to start from.`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  problems.push(...document.errors.map((error) => `${file}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0] ?? ''}`));
  if (document.errors.length > 0) return undefined;
  const line = (path: readonly PropertyKey[]) => lineOf(document, lines, path);
  const given: unknown = document.toJS();
  const parsed = schema.safeParse(given);
  if (parsed.success) return { file, text, value: parsed.data, line };
  for (const issue of parsed.error.issues) problems.push(`${file}:${line(issue.path)}: ${mistake(schema, given, issue)}`);
  return undefined;
}

/** The line of a path, or of the nearest thing above it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
