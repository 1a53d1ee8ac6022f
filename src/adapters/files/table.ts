/** CSV -> which register it is, by its headings, and the texts of its rows. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Register } from '../../kernel/register.ts';

/** Which heading fills which column. It is shown to whoever adds the file, and kept with it. */
export const Mapping = z.strictObject({
  register: z.string(),
  columns: z.record(z.string(), z.string()), // column -> heading in the file
  ignored: z.array(z.string()), // headings that fill no column
});
export type Mapping = z.infer<typeof Mapping>;

export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: Readonly<Record<string, string>> }[]; // by heading
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const MOST_ROWS = 50_000;
const Rows = z.array(z.strictObject({ record: z.array(z.string()), info: z.looseObject({ lines: z.int() }) }));

/** @throws CsvError, RangeError where rows have other lengths than the headings, or there are too many */
export function readTable(text: string): Table {
  const first = text.slice(0, 4_000).split(/\r?\n/)[0] ?? '';
  const delimiter = [...DELIMITERS].sort((a, b) => first.split(b).length - first.split(a).length)[0] ?? ',';
  const [head, ...rows] = Rows.parse(parse(text, { bom: true, delimiter, trim: true, skip_empty_lines: true, info: true }));
  const headings = head?.record ?? [];
  if (rows.length > MOST_ROWS) throw new RangeError(`it has ${rows.length} rows; a register takes ${MOST_ROWS} at most`);
  const twice = headings.find((heading, n) => headings.indexOf(heading) !== n);
  if (twice !== undefined) throw new RangeError(`the heading \`${twice}\` is there twice`);
  return {
    headings,
    rows: rows.map(({ record, info }) => ({ line: info.lines, cells: Object.fromEntries(headings.map((heading, n) => [heading, record[n] ?? ''])) })),
  };
}

const plain = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim();

export interface Candidate {
  readonly mapping: Mapping;
  readonly missing: readonly string[]; // columns that must be there and are not
}

/** What each register would take from these headings, the best first. @param given columns named by a person: they go before what headings say */
export function candidates(headings: readonly string[], registers: readonly Register[], given: Readonly<Record<string, string>> = {}): readonly Candidate[] {
  const all = registers.map(({ name, columns }): Candidate => {
    const mapped = Object.entries(columns).flatMap(([column, { also }]) => {
      const named = given[column];
      const heading =
        named === undefined ? headings.find((one) => plain(one) === plain(column) || also.includes(plain(one))) : headings.find((one) => one === named);
      return heading === undefined ? [] : [[column, heading] as const];
    });
    const used = new Set(mapped.map(([, heading]) => heading));
    const missing = Object.entries(columns).flatMap(([column, { optional }]) => (optional || mapped.some(([one]) => one === column) ? [] : [column]));
    return { mapping: { register: name, columns: Object.fromEntries(mapped), ignored: headings.filter((heading) => !used.has(heading)) }, missing };
  });
  const share = ({ mapping, missing }: Candidate) => Object.keys(mapping.columns).length / (Object.keys(mapping.columns).length + missing.length || 1);
  return all.sort((a, b) => share(b) - share(a) || Object.keys(b.mapping.columns).length - Object.keys(a.mapping.columns).length);
}

/** The register that the headings fill wholly, where there is just one; the more columns, the better. */
export function recognised(headings: readonly string[], registers: readonly Register[]): Mapping | undefined {
  const [first, second] = candidates(headings, registers).filter(({ missing }) => missing.length === 0);
  const size = (one: Candidate | undefined) => Object.keys(one?.mapping.columns ?? {}).length;
  return first && size(first) > size(second) ? first.mapping : undefined;
}

/** The rows as a register takes them. An empty cell of an optional column is absent. */
export const textsOf = ({ rows }: Table, { columns }: Mapping, register: Register) =>
  rows.map(({ line, cells }) => ({
    line,
    texts: Object.fromEntries(
      Object.entries(columns).flatMap(([column, heading]) => {
        const text = cells[heading] ?? '';
        return text === '' && register.columns[column]?.optional ? [] : [[column, text]];
      }),
    ),
  }));
