/** Files parsed suppliers, orders, receipts and invoices, each once. */
import { FilableInvoice, type GoodsReceipt, type Invoice, type Order, type SupplierEntry } from '../../domains/finance/records.ts';
import { namesNumber, vatKey } from '../../domains/finance/spelling.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Sql } from './client.ts';
import type { Filing } from './domain.ts';

/**
 * A row of the register. Since when a supplier, or its account, is known is the day on which it was filed, and by whom is
 * whoever handed it in, whatever the row says: a new account must not look old because somebody gave it an early day. Only an
 * organization's base is believed. An update moves neither; an account, or a budget line, that differs from the one on file is new
 * that day, and whoever's filed it.
 */
export async function fileSupplier(sql: Sql, org: OrgId, entry: SupplierEntry, { by, base, day }: Filing): Promise<void> {
  await sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${org}/suppliers`]); // what is on file must not change between reading and writing
  const [known] = await sql<SupplierRow>(
    `select iban, vat_key, vat_twin_of, since::text, account_since::text, registered_by, filed_by, account_by, budget_line, line_since::text, line_by from supplier where org = $1 and id = $2`,
    [org, entry.id],
  );
  const filer = base ? null : by;
  const since = known?.since ?? (base ? entry.since : undefined) ?? day;
  const first = base ? (entry.accountSince ?? since) : day;
  const moved = known !== undefined && known.iban !== entry.iban;
  const rebooked = known !== undefined && known.budget_line !== entry.budgetLine;
  const registeredBy = known?.registered_by ?? (base ? entry.registeredBy : undefined) ?? by;
  const row: SupplierRow = {
    iban: entry.iban,
    vat_key: vatKey(entry.vat),
    vat_twin_of: known?.vat_key === vatKey(entry.vat) ? known.vat_twin_of : await vatHolder(sql, org, entry),
    since,
    account_since: moved ? day : (known?.account_since ?? first),
    registered_by: registeredBy,
    filed_by: known ? known.filed_by : filer,
    account_by: known && !moved ? known.account_by : filer,
    budget_line: entry.budgetLine,
    line_since: rebooked ? day : (known?.line_since ?? null),
    line_by: rebooked ? by : (known?.line_by ?? null),
  };
  const document = { ...entry, since, accountSince: row.account_since, registeredBy };
  await sql(
    `insert into supplier (org, id, iban, vat_key, vat_twin_of, since, account_since, registered_by, filed_by, account_by, budget_line, line_since, line_by, status, document)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (org, id) do update set iban = excluded.iban, vat_key = excluded.vat_key, vat_twin_of = excluded.vat_twin_of, account_since = excluded.account_since,
       account_by = excluded.account_by, budget_line = excluded.budget_line, line_since = excluded.line_since, line_by = excluded.line_by, status = excluded.status, document = excluded.document`,
    [
      ...[org, entry.id, row.iban, row.vat_key, row.vat_twin_of, row.since, row.account_since, row.registered_by, row.filed_by, row.account_by],
      ...[row.budget_line, row.line_since, row.line_by, entry.status, JSON.stringify(document)],
    ],
  );
}

interface SupplierRow {
  readonly iban: string;
  readonly vat_key: string;
  readonly vat_twin_of: string | null;
  readonly since: string;
  readonly account_since: string;
  readonly registered_by: string;
  readonly filed_by: string | null;
  readonly account_by: string | null;
  readonly budget_line: string;
  readonly line_since: string | null;
  readonly line_by: string | null;
}

/** Another supplier that has this VAT id already: one id names one supplier, so the later one waits for a person. */
async function vatHolder(sql: Sql, org: OrgId, { id, vat }: SupplierEntry): Promise<string | null> {
  const [holder] = await sql<{ id: string }>(
    `select id from supplier where org = $1 and id <> $2 and vat_key = $3 and $3 <> '' order by vat_twin_of is not null, since, id limit 1`,
    [org, id, vatKey(vat)],
  );
  return holder?.id ?? null;
}

/** Why an order cannot be filed, or undefined when it was, or is on file as it stands. */
export async function fileOrder(sql: Sql, org: OrgId, order: Order): Promise<string | undefined> {
  const rows = await sql(
    `insert into purchase_order (org, number, supplier, document) values ($1, $2, $3, $4)
     on conflict (org, number) do update set supplier = purchase_order.supplier where purchase_order.document = excluded.document returning number`,
    [org, order.number, order.supplier, JSON.stringify(order)],
  );
  return rows.length === 1 ? undefined : `order \`${order.number}\` is on file with other contents; give a changed order a number of its own`;
}

/** Why a receipt cannot be filed, or undefined when it was, or is on file as it stands. */
export async function fileReceipt(sql: Sql, org: OrgId, receipt: GoodsReceipt): Promise<string | undefined> {
  const rows = await sql(
    `insert into goods_receipt (org, number, order_number, document) values ($1, $2, $3, $4)
     on conflict (org, number) do update set order_number = goods_receipt.order_number where goods_receipt.document = excluded.document returning number`,
    [org, receipt.number, receipt.order, JSON.stringify(receipt)],
  );
  return rows.length === 1 ? undefined : `goods receipt \`${receipt.number}\` is on file with other contents; give a changed one a number of its own`;
}

/** Why an invoice cannot be filed, or undefined when it was. */
export async function fileInvoice(sql: Sql, org: OrgId, invoice: Invoice): Promise<string | undefined> {
  const [wrong] = FilableInvoice.safeParse(invoice).error?.issues ?? [];
  if (wrong) return `invoice \`${invoice.number.replaceAll('\0', '\ufffd')}\`: \`${wrong.path.join('.')}\` ${wrong.message}`;
  const rows = await sql(
    `insert into invoice (org, id, supplier, issued, due, order_number, iban, total_minor, currency, discount_until, discount_minor, document, sums_agree)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (org, id) do nothing returning id`,
    [
      org,
      invoice.id,
      invoice.supplier,
      invoice.issued,
      invoice.due,
      invoice.order,
      invoice.iban,
      invoice.total.minor,
      invoice.total.currency,
      invoice.discount?.until ?? null,
      invoice.discount?.total.minor ?? null,
      JSON.stringify(invoice),
      invoice.problems.length === 0,
    ],
  );
  if (rows.length === 1) return paidBefore(sql, org, invoice);
  return `\`${invoice.supplier}\` sent an invoice \`${invoice.number}\` before, with other contents; ask the supplier which one holds`;
}

/** A bill that comes in after the statement that shows it paid is not open: to the account on record, and by its number. */
async function paidBefore(sql: Sql, org: OrgId, invoice: Invoice): Promise<undefined> {
  const lines = await sql<{ account: string; reference: string; remittance: string }>(
    `select l.account, l.reference, l.document ->> 'remittance' remittance from statement_line l join supplier s on s.org = l.org and s.id = $2 and s.iban = l.counterparty_iban
     where l.org = $1 and l.explained_by = '' and l.currency = $3 and -l.minor = any($4::bigint[]) order by l.booked, l.reference limit 1000`,
    [org, invoice.supplier, invoice.total.currency, [invoice.total.minor, ...(invoice.discount ? [invoice.discount.total.minor] : [])]],
  );
  const line = lines.find(({ remittance }) => namesNumber(remittance, invoice.number));
  if (!line) return undefined;
  await sql('update statement_line set explained_by = $4 where org = $1 and account = $2 and reference = $3', [org, line.account, line.reference, invoice.id]);
  await sql(`update invoice set state = 'paid' where org = $1 and id = $2`, [org, invoice.id]);
  return undefined;
}
