/** Files parsed records, each once, and says anew what our checks find of the invoices they touch. */
import { z } from 'zod';
import { threeWayMatch } from '../../domains/finance/match.ts';
import { GoodsReceipt, Invoice, Order, type Statement, type StatementLine, type Supplier } from '../../domains/finance/records.ts';
import type { FinanceSettings } from '../../domains/finance/settings.ts';
import type { Digest } from '../../kernel/digest.ts';
import { ProposalId, type OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

export interface FiledAs {
  readonly digest: Digest;
  readonly name: string;
  readonly kind: string;
  readonly at: Instant;
}

/** False where these very bytes are on file. */
export async function noteFile(sql: Sql, org: OrgId, file: FiledAs, setAside: string): Promise<boolean> {
  const rows = await sql(
    `insert into record_file (org, digest, name, kind, state, reason, filed_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning digest`,
    [org, file.digest, file.name, file.kind, setAside === '' ? 'filed' : 'set_aside', setAside, file.at],
  );
  return rows.length === 1;
}

export async function isOnFile(sql: Sql, org: OrgId, digest: Digest): Promise<boolean> {
  return (await sql('select 1 from record_file where org = $1 and digest = $2', [org, digest])).length === 1;
}

export async function fileSupplier(sql: Sql, org: OrgId, supplier: Supplier): Promise<void> {
  await sql(
    `insert into supplier (org, id, iban, account_since, since, registered_by, budget_line, status, document) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (org, id) do update set iban = excluded.iban, account_since = excluded.account_since, since = excluded.since, registered_by = excluded.registered_by,
       budget_line = excluded.budget_line, status = excluded.status, document = excluded.document`,
    [
      org,
      supplier.id,
      supplier.iban,
      supplier.accountSince,
      supplier.since,
      supplier.registeredBy,
      supplier.budgetLine,
      supplier.status,
      JSON.stringify(supplier),
    ],
  );
}

export async function fileOrder(sql: Sql, org: OrgId, order: Order): Promise<void> {
  await sql('insert into purchase_order (org, number, supplier, document) values ($1, $2, $3, $4) on conflict (org, number) do nothing', [
    org,
    order.number,
    order.supplier,
    JSON.stringify(order),
  ]);
}

export async function fileReceipt(sql: Sql, org: OrgId, receipt: GoodsReceipt): Promise<void> {
  await sql('insert into goods_receipt (org, number, order_number, document) values ($1, $2, $3, $4) on conflict (org, number) do nothing', [
    org,
    receipt.number,
    receipt.order,
    JSON.stringify(receipt),
  ]);
}

/** Why an invoice cannot be filed, or undefined when it was. */
export async function fileInvoice(sql: Sql, org: OrgId, invoice: Invoice): Promise<string | undefined> {
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
  return rows.length === 1
    ? undefined
    : `\`${invoice.supplier}\` sent an invoice \`${invoice.number}\` before, with other contents; ask the supplier which one holds`;
}

/** What became of payments that a statement shows. */
export interface Settled {
  readonly payment: ProposalId;
  readonly line: StatementLine;
  readonly file: string | null; // the one in which it left
}

/** Why a statement cannot be filed; or the payments of ours that it shows as paid. */
export async function fileStatement(sql: Sql, org: OrgId, statement: Statement): Promise<string | readonly Settled[]> {
  if (statement.problems.length > 0) return statement.problems.join('; ');
  await sql(
    `insert into statement (org, account, id, from_date, to_date, opening_minor, closing_minor, currency, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      org,
      statement.account,
      statement.id,
      statement.from,
      statement.to,
      statement.opening.minor,
      statement.closing.minor,
      statement.closing.currency,
      statement.source,
    ],
  );
  const settled: Settled[] = [];
  for (const line of statement.lines) {
    const fresh = await sql(
      `insert into statement_line (org, account, reference, booked, minor, currency, end_to_end_id, counterparty_iban, document)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning reference`,
      [org, line.account, line.reference, line.booked, line.amount.minor, line.amount.currency, line.endToEndId, line.counterpartyIban, JSON.stringify(line)],
    );
    if (fresh.length === 1) settled.push(...(line.amount.minor < 0 ? await explain(sql, org, line) : await sentBack(sql, org, line)));
  }
  return settled;
}

/** A credit by which the bank returns a payment of ours: the bill is open again. */
async function sentBack(sql: Sql, org: OrgId, line: StatementLine): Promise<Settled[]> {
  if (line.returned === null) return [];
  const [payment] = await sql<{ key: string; invoice: string; file: string | null }>(
    `update payment set state = 'rejected', reason = $4 where org = $1 and key = $2 and minor = $3 and state in ('sent', 'paid') returning key, invoice, file`,
    [org, line.endToEndId, line.amount.minor, line.returned],
  );
  if (!payment) return [];
  await sql(`update invoice set state = 'open' where org = $1 and id = $2`, [org, payment.invoice]);
  return [{ payment: ProposalId.parse(payment.key), line, file: payment.file }];
}

/** A debit is a payment of ours, or a bill whose number its text names and whose amount it has. */
async function explain(sql: Sql, org: OrgId, line: StatementLine): Promise<Settled[]> {
  const [paid] = await sql<{ key: string; invoice: string; file: string | null }>(
    `update payment set state = 'paid' where org = $1 and key = $2 and minor = $3 and currency = $4 and state in ('instructed', 'sent') returning key, invoice, file`,
    [org, line.endToEndId, -line.amount.minor, line.amount.currency],
  );
  const [billed] = paid
    ? [{ id: paid.invoice }]
    : await sql<{ id: string }>(
        `select id from invoice where org = $1 and state <> 'paid' and $2 like '%' || (document ->> 'number') || '%' and $3 in (total_minor, discount_minor) and iban = $4 limit 1`,
        [org, line.remittance, -line.amount.minor, line.counterpartyIban],
      );
  const declared = (paid ?? billed) ? undefined : await expected(sql, org, line);
  const by = paid?.key ?? billed?.id ?? declared;
  if (billed) await sql(`update invoice set state = 'paid' where org = $1 and id = $2`, [org, billed.id]);
  if (by) await sql('update statement_line set explained_by = $4 where org = $1 and account = $2 and reference = $3', [org, line.account, line.reference, by]);
  return paid ? [{ payment: ProposalId.parse(paid.key), line, file: paid.file }] : [];
}

/** Regular debits that `desired/finance.yaml` declares: rent, wages, transfers between our own accounts. */
async function expected(sql: Sql, org: OrgId, line: StatementLine): Promise<string | undefined> {
  const [row] = await sql<{ name: string }>(
    `select r ->> 'name' as name from organization o, jsonb_array_elements(coalesce(o.document -> 'finance' -> 'regular_debits', '[]')) r
     where o.org = $1 and r ->> 'iban' = $2 limit 1`,
    [org, line.counterpartyIban],
  );
  return row && `declared: ${row.name}`;
}

const OPEN = `
select i.document invoice, (select o.document from purchase_order o where o.org = $1 and o.number = i.order_number) purchase_order,
  coalesce((select json_agg(r.document order by r.number) from goods_receipt r where r.org = $1 and r.order_number = i.order_number), '[]') receipts
from invoice i where i.org = $1 and i.state in ('open', 'held') order by i.issued, i.id`;

/** Matches every open invoice anew. A later bill for the same order and amount as an earlier one is its duplicate. */
export async function assess(sql: Sql, org: OrgId, settings: FinanceSettings): Promise<void> {
  const Row = z.object({ invoice: Invoice, purchase_order: Order.nullable(), receipts: z.array(GoodsReceipt) });
  for (const raw of await sql(OPEN, [org])) {
    const { invoice, purchase_order, receipts } = Row.parse(raw);
    const match = threeWayMatch(invoice, purchase_order ?? undefined, receipts, settings.tolerance);
    await sql(
      `update invoice i set matched = $3, match_reasons = $4, duplicate_of = (
         select e.id from invoice e where e.org = i.org and e.supplier = i.supplier and e.id <> i.id and e.order_number = i.order_number
           and e.total_minor = i.total_minor and (e.issued, e.id) < (i.issued, i.id) order by e.issued, e.id limit 1)
       where i.org = $1 and i.id = $2`,
      [org, invoice.id, match.matched, match.reasons],
    );
  }
}
