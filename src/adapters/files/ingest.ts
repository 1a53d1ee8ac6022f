/** Record files -> rows: recognised, parsed, filed once; what cannot be is set aside with the reason, and the rest goes on. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseCamt053 } from '../../domains/finance/formats/camt053.ts';
import { parseUblInvoice, parseUblOrder, parseUblReceipt, type KnownParty } from '../../domains/finance/formats/ubl.ts';
import { FormatError } from '../../domains/finance/formats/xml.ts';
import type { GoodsReceipt, Invoice, Order, Statement } from '../../domains/finance/records.ts';
import { CsvError } from 'csv-parse/sync';
import { MoneyError } from '../../kernel/money.ts';
import type { Domain } from '../../kernel/ids.ts';
import type { Register } from '../../kernel/register.ts';
import { digestBytes, type Digest } from '../../kernel/digest.ts';
import { parseCalendar, type CalendarEvent } from './calendar.ts';
import { recognise, type Recognised } from './recognise.ts';
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

const ORDER: readonly Recognised[] = ['csv', 'ubl_order', 'ubl_receipt_advice', 'ubl_invoice', 'camt053', 'icalendar', 'unknown']; // each may speak of those before it
const DEEPEST = 4; // folders below the records folder
const MOST = 50_000; // files

/** The files of a folder, those first that others speak of. */
export async function recordFiles(folder: string): Promise<readonly RecordFile[]> {
  const paths = (await walk(folder, 0)).slice(0, MOST);
  const files = await Promise.all(paths.map(recordFile));
  return files.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1));
}

export const recordFile = async (path: string): Promise<RecordFile> => recordOf(basename(path), await readFile(path));

export function recordOf(name: string, bytes: Buffer): RecordFile {
  const text = bytes.toString('utf8');
  return {
    name,
    digest: digestBytes(bytes),
    kind: text.includes('\ufffd') && !bytes.includes('\ufffd') ? 'unknown' : recognise(text),
    text,
    bytes,
  };
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

export function parseRecord(file: RecordFile, { party: known, registers, zone }: Known): Parsed {
  if (file.kind !== 'unknown' && file.text.includes('\0'))
    return { kind: 'set_aside', reason: `\`${file.name}\` holds a NUL character, which cannot be kept; take it out` };
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
    }
  } catch (error) {
    if (error instanceof FormatError || error instanceof MoneyError || error instanceof CsvError || error instanceof RangeError || isIcalError(error))
      return { kind: 'set_aside', reason: `\`${file.name}\`: ${error.message}` };
    throw error;
  }
}

/**
 * Who must hand a file in for it to count as the organization's own record: orders, receipts, statements and registers are believed.
 * Null: anybody may, for it is judged by others (invoices, calendars) or asks a person first.
 */
export function keptBy(file: RecordFile, registers: readonly Register[]): Domain | null {
  switch (file.kind) {
    case 'camt053':
    case 'ubl_order':
    case 'ubl_receipt_advice':
      return 'finance';
    case 'csv': {
      const parsed = parseRecord(file, { party: () => undefined, registers, zone: 'UTC' });
      return parsed.kind === 'rows' ? (registers.find(({ name }) => name === parsed.mapping.register)?.domain ?? null) : null;
    }
    case 'ubl_invoice':
    case 'icalendar':
    case 'unknown':
      return null;
  }
}

const isIcalError = (error: unknown): error is Error => error instanceof Error && (error.name === 'CalendarError' || error.name === 'ParserError');

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
