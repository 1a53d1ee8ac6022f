/** A record file into rows, in one transaction: the file, what is in it, and the events of both. */
import { SupplierId } from '../../domains/finance/records.ts';
import { FinanceSettings } from '../../domains/finance/settings.ts';
import type { KnownParty } from '../../domains/finance/formats/ubl.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { parseRecord, type Parsed, type RecordFile } from '../files/ingest.ts';
import type { Sql } from './client.ts';
import { assess, lockInvoices } from './assess.ts';
import { fileInvoice, fileOrder, fileReceipt, fileStatement, fileSupplier, isOnFile, noteFile, type Settled } from './filing.ts';

export interface Filed {
  readonly state: 'filed' | 'set_aside' | 'known';
  readonly reason: string;
  readonly settled: readonly Settled[];
}

/** Files one file, once. A file that cannot be filed is noted with the reason, and nothing of it is kept. */
export async function fileRecord(sql: Sql, org: OrgId, file: RecordFile, at: Instant): Promise<Filed> {
  if (await isOnFile(sql, org, file.digest)) return { state: 'known', reason: '', settled: [] };
  const parsed = parseRecord(file, await register(sql, org));
  await sql('savepoint record');
  const result = await keep(sql, org, parsed, at);
  if (typeof result === 'string') await sql('rollback to savepoint record');
  else await reassess(sql, org, await touched(sql, org, parsed));
  const reason = typeof result === 'string' ? result : '';
  await noteFile(sql, org, { digest: file.digest, name: file.name, kind: file.kind, at }, reason);
  return { state: reason === '' ? 'filed' : 'set_aside', reason, settled: typeof result === 'string' ? [] : result };
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

async function register(sql: Sql, org: OrgId): Promise<KnownParty> {
  const rows = await sql<{ id: string; vat: string }>(`select id, document ->> 'vat' vat from supplier where org = $1`, [org]);
  const byVat = new Map(rows.map(({ id, vat }) => [vat, SupplierId.parse(id)]));
  return ({ vat }) => byVat.get(vat);
}

/** The reason why it cannot be kept, or the payments that it settles. */
async function keep(sql: Sql, org: OrgId, parsed: Parsed, at: Instant): Promise<string | readonly Settled[]> {
  switch (parsed.kind) {
    case 'suppliers':
      for (const supplier of parsed.suppliers) await fileSupplier(sql, org, supplier, at);
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
    case 'set_aside':
      return parsed.reason;
  }
}
