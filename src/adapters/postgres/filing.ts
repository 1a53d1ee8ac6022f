/** Files parsed records, each once, and settles invoices and payments by what statements show. */
import type { GoodsReceipt, Invoice, Order, Statement, StatementLine, Supplier } from '../../domains/finance/records.ts';
import { ProposalId, type OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { lockInvoices } from './assess.ts';
import type { Sql } from './client.ts';

/**
 * A row of the register. Where its account differs from the one on file, the account counts as changed today at the earliest,
 * whatever day the register gives: a new account must not look old because nobody, or somebody, left its date alone.
 */
export async function fileSupplier(sql: Sql, org: OrgId, supplier: Supplier, at: Instant): Promise<void> {
  await sql(
    `insert into supplier (org, id, iban, account_since, since, registered_by, budget_line, status, document) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (org, id) do update set iban = excluded.iban, since = excluded.since, registered_by = excluded.registered_by,
       budget_line = excluded.budget_line, status = excluded.status, document = excluded.document, account_since = case
         when supplier.iban = excluded.iban then greatest(supplier.account_since, excluded.account_since)
         else greatest(excluded.account_since, (select (($10::timestamptz + o.clock_offset_ms * interval '1 millisecond') at time zone o.zone)::date from organization o where o.org = $1)) end`,
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
      at,
    ],
  );
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

/** A bill that comes in after the statement that shows it paid is not open. */
async function paidBefore(sql: Sql, org: OrgId, invoice: Invoice): Promise<undefined> {
  const [line] = await sql(
    `update statement_line set explained_by = $2 where org = $1 and (account, reference) = (
       select account, reference from statement_line where org = $1 and explained_by = '' and counterparty_iban = $3 and currency = $4 and -minor = any($5::bigint[])
         and strpos(document ->> 'remittance', $6) > 0 order by booked, reference limit 1)
     returning reference`,
    [org, invoice.id, invoice.iban, invoice.total.currency, [invoice.total.minor, ...(invoice.discount ? [invoice.discount.total.minor] : [])], invoice.number],
  );
  if (line) await sql(`update invoice set state = 'paid' where org = $1 and id = $2`, [org, invoice.id]);
  return undefined;
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
  await lockInvoices(sql, org, null);
  const kept = await sql(
    `insert into statement (org, account, id, from_date, to_date, opening_minor, closing_minor, currency, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (org, account, id) do update set source = statement.source
       where (statement.opening_minor, statement.closing_minor, statement.to_date, statement.currency) = (excluded.opening_minor, excluded.closing_minor, excluded.to_date, excluded.currency) returning id`,
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
  if (kept.length === 0) return `statement \`${statement.id}\` of \`${statement.account}\` is on file with other balances; ask the bank which one holds`;
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

/**
 * A debit is a payment of ours by its end-to-end id; or, where the bank dropped that, by account, amount and number; or a bill
 * that somebody paid otherwise. A bill whose payment of ours has still to leave stays as it is: people see the debit unexplained
 * while they can take the payment back.
 */
async function explain(sql: Sql, org: OrgId, line: StatementLine): Promise<Settled[]> {
  const ids = [org, -line.amount.minor, line.amount.currency, line.counterpartyIban];
  const [paid] = await sql<{ key: string; invoice: string; file: string | null }>(
    `update payment set state = 'paid' where org = $1 and key = coalesce(
       (select p.key from payment p where p.org = $1 and p.key = $5 and p.minor = $2 and p.currency = $3 and p.state in ('instructed', 'sent')),
       (select p.key from payment p join invoice i on i.org = p.org and i.id = p.invoice where p.org = $1 and p.minor = $2 and p.currency = $3 and p.payee = $4 and p.state = 'sent'
          and coalesce($5, 'NOTPROVIDED') = 'NOTPROVIDED' and strpos($6, i.document ->> 'number') > 0 order by p.execute_on, p.key limit 1))
     returning key, invoice, file`,
    [...ids, line.endToEndId, line.remittance],
  );
  const [billed] = paid
    ? [{ id: paid.invoice }]
    : await sql<{ id: string }>(
        `select id from invoice where org = $1 and state in ('open', 'held') and $2 in (total_minor, discount_minor) and currency = $3 and iban = $4 and strpos($5, document ->> 'number') > 0
         order by due, id limit 1`,
        [...ids, line.remittance],
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
