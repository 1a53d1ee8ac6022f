/** A record file into rows, in one transaction: the file, what is in it, and the events of both. */
import pg from 'pg';
import { SupplierId } from '../../domains/finance/records.ts';
import { vatKey } from '../../domains/finance/spelling.ts';
import { FinanceSettings } from '../../domains/finance/settings.ts';
import type { Described, DescribedFile } from '../../activities/housekeeping.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { Register } from '../../kernel/register.ts';
import type { Domain, OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { NUL, parseRecord, whyOf, type Known, type Parsed, type RecordFile } from '../files/ingest.ts';
import { textOf } from '../files/recognise.ts';
import { candidates, readTable, textsOf } from '../files/table.ts';
import type { Sql } from './client.ts';
import { assess, lockInvoices } from './assess.ts';
import { filingOf } from './base.ts';
import type { BoundRegister, Filing } from './domain.ts';
import { awaitsFiling, fileEvent, lookAgain, noteFile } from './files.ts';
import { fileInvoice, fileOrder, fileReceipt } from './filing.ts';
import { fileStatement, type Settled } from './statements.ts';

export interface Filed {
  readonly state: 'filed' | 'set_aside' | 'asks' | 'known';
  readonly reason: string;
  readonly domains: readonly Domain[]; // whose records changed
  readonly settled: readonly Settled[];
}

/**
 * Files one file, once; one that was set aside and is handed in again, again. Of a file that cannot be filed nothing is kept but
 * the reason; of one that nobody recognises, its bytes.
 */
export async function fileRecord(sql: Sql, org: OrgId, file: RecordFile, at: Instant, registers: readonly BoundRegister[]): Promise<Filed> {
  if (!(await awaitsFiling(sql, org, file.digest))) return { state: 'known', reason: '', domains: [], settled: [] };
  const parsed = parseRecord(file, await known(sql, org, registers));
  const filing = await filingOf(sql, org, file.digest, at);
  const result = await orNothing(sql, file.name, async () => {
    const kept = await keep(sql, org, parsed, file, at, registers, filing);
    if (typeof kept !== 'string' && FINANCE.has(parsed.kind)) await reassess(sql, org, await touched(sql, org, parsed));
    return kept;
  });
  const reason = typeof result === 'string' ? keepable(result) : '';
  const state = reason === '' ? 'filed' : parsed.kind === 'asks' ? 'asks' : 'set_aside';
  await noteFile(sql, org, { ...file, at, state, reason, mapping: parsed.kind === 'rows' ? parsed.mapping : null });
  if (state === 'filed' && (parsed.kind === 'order' || (parsed.kind === 'rows' && parsed.mapping.register === SUPPLIERS))) await lookAgain(sql, org, at);
  return { state, reason, domains: state === 'filed' ? domainsOf(parsed, registers) : [], settled: typeof result === 'string' ? [] : result };
}

/** Files what a person described, once. @returns the file, or why nothing was filed; and the rows that were read */
export async function describeRecord(
  sql: Sql,
  org: OrgId,
  digest: Digest,
  said: Described,
  by: string,
  at: Instant,
  registers: readonly BoundRegister[],
): Promise<Filed & Pick<DescribedFile, 'rows'>> {
  const refused = (reason: string, rows: DescribedFile['rows'] = []) => ({ state: 'set_aside' as const, reason, domains: [], settled: [], rows });
  const [waiting] = await sql<{ content: Buffer | null }>(`select content from record_file where org = $1 and digest = $2 and state = 'asks' for update`, [
    org,
    digest,
  ]);
  if (!waiting) return { state: 'known', reason: 'it waits for nothing', domains: [], settled: [], rows: [] };
  const bound = registers.find(({ register }) => register.name === said.register);
  if (!bound) return refused(`there is no register \`${said.register}\`; there are ${registers.map(({ register }) => register.name).join(', ')}`);
  const taken = takeDescribed(textOf(waiting.content ?? Buffer.of()) ?? '', said, bound.register);
  if (typeof taken === 'string') return refused(taken);
  const rows = taken.rows.map(({ texts }) => texts);
  const filing = { ...(await filingOf(sql, org, digest, at)), by, base: false };
  const why = await orNothing(sql, bound.register.title, async () => (await bound.keep(sql, org, taken.rows, at, filing)) ?? []);
  if (typeof why === 'string') return refused(why, rows);
  if (bound.register.domain === 'finance') await reassess(sql, org, null);
  if (bound.register.name === SUPPLIERS) await lookAgain(sql, org, at);
  await sql(`update record_file set state = 'filed', reason = '', content = null, mapping = $3, filed_at = $4 where org = $1 and digest = $2`, [
    org,
    digest,
    JSON.stringify(taken.mapping),
    at,
  ]);
  return { state: 'filed', reason: '', domains: [bound.register.domain], settled: [], rows };
}

/** The rows of the file as its columns were named, or the one row that was written out; or what is missing. */
function takeDescribed(text: string, { columns, fields }: Described, register: Register) {
  const unknown = [...Object.keys(columns), ...Object.keys(fields)].filter((column) => !(column in register.columns));
  if (unknown.length > 0) return `\`${unknown.join('`, `')}\` is no column of \`${register.name}\`; it has ${Object.keys(register.columns).join(', ')}`;
  if (Object.keys(fields).length > 0) return { rows: [{ line: 1, texts: fields }], mapping: { register: register.name, columns: {}, ignored: [] } };
  const table = readTable(text);
  const [candidate] = candidates(table.headings, [register], columns);
  if (!candidate || candidate.missing.length > 0)
    return `still missing: ${candidate?.missing.map((column) => `\`${column}\` (${register.columns[column]?.about ?? ''})`).join(', ') ?? ''}; the file has ${table.headings.join(', ')}`;
  return { rows: textsOf(table, candidate.mapping, register), mapping: candidate.mapping };
}

const SUPPLIERS = 'suppliers'; // the register that bills and orders speak of

// Faults of the server or of the moment (SQLSTATE classes): the connection, a deadlock, a full disk, a lock, a timeout, a fault within.
const NOT_THE_FILES = /^(08|40|53|55|57|58|XX)/;

/**
 * Work that is kept whole, or not at all. Whatever a file's contents make it throw is its reason, in words; what the server
 * throws of itself goes on, for the file may be as good as any and is tried again.
 */
async function orNothing<T>(sql: Sql, name: string, work: () => Promise<string | readonly T[]>): Promise<string | readonly T[]> {
  await sql('savepoint record');
  let result: string | readonly T[];
  try {
    result = await work();
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
    if (NOT_THE_FILES.test(code)) throw error;
    result = `\`${name}\`: ${code === '22021' || code === '22P05' ? NUL : whyOf(error)}`;
  }
  if (typeof result === 'string') await sql('rollback to savepoint record'); // fails where the connection is lost
  return result;
}

/** A reason quotes what it complains of; what cannot be kept as text is shown as missing. */
const keepable = (reason: string): string => reason.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');

const FINANCE: ReadonlySet<Parsed['kind']> = new Set(['order', 'receipt', 'invoice', 'statements', 'rows']);

function domainsOf(parsed: Parsed, registers: readonly BoundRegister[]): readonly Domain[] {
  if (parsed.kind === 'events') return ['staffing'];
  if (parsed.kind === 'rows') return registers.filter(({ register }) => register.name === parsed.mapping.register).map(({ register }) => register.domain);
  return ['finance'];
}

/** Says anew of open invoices whether they match, in the transaction that filed what they are matched with. @param supplier null: of all */
export async function reassess(sql: Sql, org: OrgId, supplier: SupplierId | null): Promise<void> {
  const [row] = await sql<{ finance: unknown }>(`select document -> 'finance' finance from organization where org = $1`, [org]);
  await lockInvoices(sql, org, supplier);
  await assess(sql, org, FinanceSettings.parse(row?.finance), supplier);
}

/** The supplier whose invoices a record speaks of; null: of several. */
async function touched(sql: Sql, org: OrgId, parsed: Parsed): Promise<SupplierId | null> {
  if (parsed.kind === 'order') return parsed.order.supplier;
  if (parsed.kind === 'invoice') return parsed.invoice.supplier;
  if (parsed.kind !== 'receipt') return null;
  const [row] = await sql<{ supplier: string }>('select supplier from purchase_order where org = $1 and number = $2', [org, parsed.receipt.order]);
  return row ? SupplierId.parse(row.supplier) : null;
}

async function known(sql: Sql, org: OrgId, registers: readonly BoundRegister[]): Promise<Known> {
  const rows = await sql<{ id: string; vat: string }>(`select id, vat_key vat from supplier where org = $1 and vat_key <> '' and vat_twin_of is null`, [org]);
  const byVat = new Map(rows.map(({ id, vat }) => [vat, SupplierId.parse(id)]));
  const [organization] = await sql<{ zone: string }>('select zone from organization where org = $1', [org]);
  return { party: ({ vat }) => byVat.get(vatKey(vat)), registers: registers.map(({ register }) => register), zone: organization?.zone ?? 'UTC' };
}

/** The reason why it cannot be kept, or the payments that it settles. */
async function keep(
  sql: Sql,
  org: OrgId,
  parsed: Parsed,
  file: RecordFile,
  at: Instant,
  registers: readonly BoundRegister[],
  filing: Filing,
): Promise<string | readonly Settled[]> {
  switch (parsed.kind) {
    case 'rows': {
      const bound = registers.find(({ register }) => register.name === parsed.mapping.register);
      return bound ? ((await bound.keep(sql, org, parsed.rows, at, filing)) ?? []) : `no register \`${parsed.mapping.register}\` is known`;
    }
    case 'events':
      for (const event of parsed.events) await fileEvent(sql, org, event, file.digest);
      return [];
    case 'order':
      return (await fileOrder(sql, org, parsed.order)) ?? [];
    case 'receipt':
      return (await fileReceipt(sql, org, parsed.receipt)) ?? [];
    case 'invoice':
      return (await fileInvoice(sql, org, parsed.invoice)) ?? [];
    case 'statements': {
      const settled: Settled[] = [];
      for (const statement of parsed.statements) {
        const result = await fileStatement(sql, org, statement);
        if (typeof result === 'string') return result;
        settled.push(...result);
      }
      return settled;
    }
    case 'asks':
    case 'set_aside':
      return parsed.reason;
  }
}
