/** Changes to the tables of an organization's files, as a person would make them. Each says so where there is nothing to change. */
import type { Files } from '../kernel/evals.ts';

/** Takes out the rows whose first cell is one of these. @throws RangeError where the file or a row is missing */
export function withoutRows(files: Files, path: string, ids: readonly string[]): Files {
  const rows = linesOf(files, path);
  const absent = ids.filter((id) => !rows.some((row) => row.startsWith(`${id},`)));
  if (absent.length > 0) throw new RangeError(`\`${path}\` has no row \`${absent.join('`, `')}\`; the month is not what its evaluation takes it for.`);
  return new Map([...files, [path, rows.filter((row) => !ids.some((id) => row.startsWith(`${id},`))).join('\n')]]);
}

/** Adds rows at the end. @throws RangeError where the file is missing */
export const withRows = (files: Files, path: string, rows: readonly string[]): Files =>
  new Map([...files, [path, `${linesOf(files, path).join('\n').trimEnd()}\n${rows.join('\n')}\n`]]);

function linesOf(files: Files, path: string): readonly string[] {
  const text = files.get(path);
  if (text === undefined) throw new RangeError(`There is no \`${path}\` among the organization's files.`);
  return text.split('\n');
}

/** Puts lines in the place of others, each known whole; an empty one takes its line out. @throws RangeError where the file or a line is missing */
export function withLines(files: Files, path: string, changes: readonly (readonly [was: string, is: string])[]): Files {
  const rows = linesOf(files, path);
  const absent = changes.filter(([was]) => !rows.includes(was)).map(([was]) => was);
  if (absent.length > 0) throw new RangeError(`\`${path}\` has no line \`${absent.join('`, `')}\`; the month is not what its evaluation takes it for.`);
  const into = new Map(changes);
  return new Map([...files, [path, rows.flatMap((row) => (into.get(row) === '' ? [] : [into.get(row) ?? row])).join('\n')]]);
}
