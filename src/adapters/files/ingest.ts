/** Record files -> rows: recognised, parsed, filed once; what cannot be is set aside with the reason, and the rest goes on. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseCamt053 } from '../../domains/finance/formats/camt053.ts';
import { parseUblInvoice, parseUblOrder, parseUblReceipt, type KnownParty } from '../../domains/finance/formats/ubl.ts';
import type { GoodsReceipt, Invoice, Order, Statement } from '../../domains/finance/records.ts';
import type { Domain } from '../../kernel/ids.ts';
import type { Register } from '../../kernel/register.ts';
import { Digest, digestBytes } from '../../kernel/digest.ts';
import { z } from 'zod';
import { parseCalendar, type CalendarEvent } from './calendar.ts';
import { recognise, textOf, type Recognised } from './recognise.ts';
import { candidates, readTable, recognised, textsOf, type Mapping } from './table.ts';

export interface RecordFile {
  readonly name: string;
  readonly digest: Digest;
  readonly kind: Recognised;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** What is in a file, once parsed. */
export type Parsed =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'receipt'; readonly receipt: GoodsReceipt }
  | { readonly kind: 'invoice'; readonly invoice: Invoice }
  | { readonly kind: 'statements'; readonly statements: readonly Statement[] }
  | { readonly kind: 'rows'; readonly mapping: Mapping; readonly rows: ReturnType<typeof textsOf> }
  | { readonly kind: 'events'; readonly events: readonly CalendarEvent[] }
  | { readonly kind: 'asks'; readonly reason: string } // kept until a person says what it holds
  | { readonly kind: 'set_aside'; readonly reason: string };

const ORDER: readonly Recognised[] = ['csv', 'ubl_order', 'ubl_receipt_advice', 'ubl_invoice', 'camt053', 'icalendar', 'unknown', 'too_large']; // each may speak of those before it
const DEEPEST = 4; // folders below the records folder
export const LARGEST_FILE = 8_000_000; // bytes; a year of statements of a small firm has well under one million

/** What is told of a file without its contents. */
export type Sighted = Pick<RecordFile, 'name' | 'digest' | 'kind'>;

/** The order in which files are filed: those first that others speak of. */
export const inOrder = (a: Sighted, b: Sighted): number => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1);

/** The paths of the files in a folder and below it. */
export const recordPaths = (folder: string): Promise<readonly string[]> => walk(folder, 0);

/** What a file's contents depend on, without reading it: anything that writes to a file moves its change time. */
export async function stampOf(path: string): Promise<{ readonly stamp: string; readonly size: number }> {
  const { size, mtimeMs, ctimeMs, ino } = await stat(path);
  return { stamp: [ino, size, mtimeMs, ctimeMs].join('/'), size };
}

/** A file, read; of one that is too large its digest alone. */
export async function recordFile(path: string): Promise<RecordFile> {
  const { size } = await stat(path);
  if (size <= LARGEST_FILE) {
    const file = recordOf(basename(path), await readFile(path));
    return { ...file, name: givenName(file.name, file.digest) };
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const digest = Digest.parse(hash.digest('hex'));
  return { name: givenName(basename(path), digest), digest, kind: 'too_large', text: '', bytes: new Uint8Array() };
}

const PREFIX = 12; // characters of a digest: enough to tell files of one name apart

/** Under what a file that was handed in lies: two of one name and other contents lie side by side. */
export const keptName = (name: string, digest: Digest): string => `${digest.slice(0, PREFIX)}-${name}`;

/** As whoever handed it in called it. */
const givenName = (kept: string, digest: Digest): string => (kept.startsWith(keptName('', digest)) ? kept.slice(PREFIX + 1) : kept);

export function recordOf(name: string, bytes: Buffer): RecordFile {
  if (bytes.length > LARGEST_FILE) return { name, digest: digestBytes(bytes), kind: 'too_large', text: '', bytes: new Uint8Array() };
  const text = textOf(bytes);
  return { name, digest: digestBytes(bytes), kind: text === undefined ? 'unknown' : recognise(text), text: text ?? '', bytes };
}

async function walk(folder: string, depth: number): Promise<string[]> {
  if (depth > DEEPEST) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => noFolder(error));
  const below = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => (entry.isDirectory() ? walk(join(folder, entry.name), depth + 1) : entry.isFile() ? [join(folder, entry.name)] : [])),
  );
  return below.flat().sort();
}

function noFolder(error: unknown): [] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

export interface Known {
  readonly party: KnownParty; // the supplier register as it stands
  readonly registers: readonly Register[];
  readonly zone: string; // the organization's
}

/** Whatever a parser throws is said of the file: no contents may stop the files beside it. */
export function parseRecord(file: RecordFile, { party: known, registers, zone }: Known): Parsed {
  const aside = (reason: string): Parsed => ({ kind: 'set_aside', reason: `\`${file.name}\`: ${reason}` });
  if (file.kind !== 'unknown' && file.text.includes('\0')) return aside(NUL);
  try {
    switch (file.kind) {
      case 'ubl_order':
        return { kind: 'order', order: parseUblOrder(file.text, known) };
      case 'ubl_receipt_advice':
        return { kind: 'receipt', receipt: parseUblReceipt(file.text) };
      case 'ubl_invoice':
        return { kind: 'invoice', invoice: parseUblInvoice(file.text, known) };
      case 'camt053':
        return { kind: 'statements', statements: parseCamt053(file.text) };
      case 'icalendar':
        return { kind: 'events', events: parseCalendar(file.text, file.name, zone) };
      case 'csv':
        return parseTable(file, registers);
      case 'unknown':
        return { kind: 'asks', reason: `\`${file.name}\` is none of CAMT.053, UBL invoice, order or receipt advice, iCalendar or CSV; say what it holds` };
      case 'too_large':
        return aside(`it is larger than ${LARGEST_FILE / 1_000_000} MB, the most that is read; split it, or ask for it in parts`);
    }
  } catch (error) {
    return aside(whyOf(error));
  }
}

export const NUL = 'it holds a NUL character, which cannot be kept; take it out';

/** What was wrong, in words. Of a schema's complaints the first. */
export function whyOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `\`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'not valid'}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/**
 * Who must hand a file in for it to count as the organization's own record: orders, receipts, statements and registers are believed.
 * A calendar closes sites and says when people are busy; one's own is one's own to hand in. Null: anybody may, for it is judged by others
 * (invoices) or asks a person first.
 */
export function keptBy(file: RecordFile, registers: readonly Register[], by: string): Domain | null {
  switch (file.kind) {
    case 'camt053':
    case 'ubl_order':
    case 'ubl_receipt_advice':
      return 'finance';
    case 'csv': {
      const parsed = parseRecord(file, { party: () => undefined, registers, zone: 'UTC' });
      return parsed.kind === 'rows' ? (registers.find(({ name }) => name === parsed.mapping.register)?.domain ?? null) : null;
    }
    case 'icalendar': {
      const parsed = parseRecord(file, { party: () => undefined, registers, zone: 'UTC' });
      return parsed.kind === 'events' && parsed.events.every(({ calendar }) => calendar === by) ? null : 'staffing';
    }
    case 'ubl_invoice':
    case 'unknown':
    case 'too_large':
      return null;
  }
}

/** A table whose headings fill one register; else a question that names the nearest register and what it lacks. */
function parseTable(file: RecordFile, registers: readonly Register[]): Parsed {
  const table = readTable(file.text);
  const mapping = recognised(table.headings, registers);
  const register = registers.find(({ name }) => name === mapping?.register);
  if (mapping && register) return { kind: 'rows', mapping, rows: textsOf(table, mapping, register) };
  const [nearest] = candidates(table.headings, registers);
  const near =
    nearest && Object.keys(nearest.mapping.columns).length > 0
      ? `; nearest is \`${nearest.mapping.register}\`, which also needs ${nearest.missing.map((one) => `\`${one}\``).join(', ') || 'to be told from others'}`
      : '';
  return { kind: 'asks', reason: `the headings of \`${file.name}\` (${table.headings.slice(0, 12).join(', ')}) fill no register${near}` };
}
