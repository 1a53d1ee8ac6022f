/** Files statements of our accounts, one after the other, and settles invoices and payments by what they show. */
import type { Statement, StatementLine } from '../../domains/finance/records.ts';
import { namesNumber } from '../../domains/finance/spelling.ts';
import { digest } from '../../kernel/digest.ts';
import { ProposalId, type OrgId } from '../../kernel/ids.ts';
import { money, moneyOf, show } from '../../kernel/money.ts';
import { lockInvoices } from './assess.ts';
import type { Sql } from './client.ts';

/** What became of payments that a statement shows. */
export interface Settled {
  readonly payment: ProposalId;
  readonly line: StatementLine;
  readonly file: string | null; // the one in which it left
}

/** Why a statement cannot be filed; or the payments of ours that it shows as paid. */
export async function fileStatement(sql: Sql, org: OrgId, statement: Statement): Promise<string | readonly Settled[]> {
  if (statement.problems.length > 0) return statement.problems.join('; ');
  await sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${org}/statements`]);
  await lockInvoices(sql, org, null);
  const before = await filedBefore(sql, org, statement);
  if (before === 'the same') return [];
  const why = before ?? (await notDeclared(sql, org, statement)) ?? (await outOfPlace(sql, org, statement));
  if (why !== undefined) return why;
  await sql(
    `insert into statement (org, account, id, from_date, to_date, opening_minor, closing_minor, currency, source, lines) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[org, statement.account, statement.id, statement.from, statement.to],
      ...[statement.opening.minor, statement.closing.minor, statement.closing.currency, statement.source, digest(statement.lines)],
    ],
  );
  const lines: StatementLine[] = [];
  for (const line of statement.lines) lines.push(await fileLine(sql, org, statement.id, line));
  const settled: Settled[] = [];
  for (const line of lines.sort(debitsFirst)) settled.push(...(line.amount.minor < 0 ? await explain(sql, org, line) : await sentBack(sql, org, line)));
  return settled;
}

/** A payment comes back after it went out, in whatever order the bank wrote the two of one day. */
const debitsFirst = (a: StatementLine, b: StatementLine): number =>
  a.booked === b.booked ? Number(a.amount.minor > 0) - Number(b.amount.minor > 0) : a.booked < b.booked ? -1 : 1;

/** The same statement again changes nothing; another one under its name is for people. */
async function filedBefore(sql: Sql, org: OrgId, { account, id, from, to, opening, closing, lines }: Statement): Promise<string | undefined> {
  const [known] = await sql<{ same: boolean }>(
    `select (from_date, to_date, opening_minor, closing_minor, currency) = ($4::date, $5::date, $6::bigint, $7::bigint, $8::text) and lines in ('', $9) same
     from statement where org = $1 and account = $2 and id = $3`,
    [org, account, id, from, to, opening.minor, closing.minor, closing.currency, digest(lines)],
  );
  if (!known) return undefined;
  return known.same ? 'the same' : `statement \`${id}\` of \`${account}\` is on file with other balances or lines; ask the bank which one holds`;
}

async function notDeclared(sql: Sql, org: OrgId, { account }: Statement): Promise<string | undefined> {
  const rows = await sql(`select 1 from organization o, jsonb_array_elements(o.document -> 'finance' -> 'accounts') a where o.org = $1 and a ->> 'iban' = $2`, [
    org,
    account,
  ]);
  return rows.length > 0 ? undefined : `\`${account}\` is no account of ours; declare it under \`accounts\` in desired/finance.yaml if it is`;
}

interface Neighbour {
  readonly id: string;
  readonly minor: string;
  readonly currency: string;
}

/** Statements of an account follow one another: no two speak of the same days, and each opens with what the last one closed with. */
async function outOfPlace(sql: Sql, org: OrgId, { id, account, from, to, opening, closing }: Statement): Promise<string | undefined> {
  const where = `from statement s where s.org = $1 and s.account = $2 and`;
  const days = [org, account, from, to];
  const [over] = await sql<{ id: string }>(`select s.id ${where} s.from_date < $4 and s.to_date > $3 limit 1`, days);
  if (over) return `statement \`${id}\` of \`${account}\` speaks of days that \`${over.id}\` covers; ask the bank which one holds`;
  const earlier = await sql<Neighbour>(
    `select s.id, s.closing_minor::text minor, s.currency ${where} s.to_date <= $3 and s.from_date <= $4
       and s.to_date = (select max(e.to_date) from statement e where e.org = $1 and e.account = $2 and e.to_date <= $3)`,
    days,
  );
  const later = await sql<Neighbour>(
    `select s.id, s.opening_minor::text minor, s.currency ${where} s.from_date >= $4 and s.to_date > $3
       and s.from_date = (select min(e.from_date) from statement e where e.org = $1 and e.account = $2 and e.from_date >= $4 and e.to_date > $3)`,
    days,
  );
  const joins = (neighbours: readonly Neighbour[], { minor, currency }: Statement['opening']) =>
    neighbours.length === 0 || neighbours.some((one) => Number(one.minor) === minor && one.currency === currency);
  const shown = ({ minor, currency }: Neighbour) => show(money(Number(minor), currency));
  const [last, next] = [earlier[0], later[0]];
  const ask = 'ask the bank for what lies between, add that first, and then this file again';
  if (last && !joins(earlier, opening))
    return `statement \`${id}\` of \`${account}\` opens with ${show(opening)}, but \`${last.id}\` before it closed with ${shown(last)}; ${ask}`;
  if (next && !joins(later, closing))
    return `statement \`${id}\` of \`${account}\` closes with ${show(closing)}, but \`${next.id}\` after it opens with ${shown(next)}; ${ask}`;
  return undefined;
}

/** One row for each line. A reference that the bank gave before, as \`NtryRef\` allows, is told apart by the statement. */
async function fileLine(sql: Sql, org: OrgId, statement: string, line: StatementLine): Promise<StatementLine> {
  const alike = await sql<{ reference: string }>(
    `select reference from statement_line where org = $1 and account = $2 and (reference = $3 or starts_with(reference, $3 || '@'))`,
    [org, line.account, line.reference],
  );
  const reference = alike.length === 0 ? line.reference : `${line.reference}@${statement}#${alike.length}`;
  const kept = { ...line, reference };
  await sql(
    `insert into statement_line (org, account, reference, booked, minor, currency, end_to_end_id, counterparty_iban, document) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [org, line.account, reference, line.booked, line.amount.minor, line.amount.currency, line.endToEndId, line.counterpartyIban, JSON.stringify(kept)],
  );
  return kept;
}

/** A credit by which the bank returns a payment of ours, out of the account and after the debit by which it left: the bill is open again. */
async function sentBack(sql: Sql, org: OrgId, line: StatementLine): Promise<Settled[]> {
  if (line.returned === null) return [];
  const [payment] = await sql<{ key: string; invoice: string; file: string | null }>(
    `update payment p set state = 'rejected', reason = $6 where p.org = $1 and p.key = $2 and p.minor = $3 and p.currency = $4 and p.account = $5 and p.state = 'paid'
       and exists (select 1 from statement_line d where d.org = $1 and d.account = p.account and d.explained_by = p.key and d.minor = -$3::bigint and d.booked <= $7::date)
     returning key, invoice, file`,
    [org, line.endToEndId, line.amount.minor, line.amount.currency, line.account, line.returned, line.booked],
  );
  if (!payment) return [];
  await sql(`update invoice set state = 'open' where org = $1 and id = $2`, [org, payment.invoice]);
  await explained(sql, org, line, payment.key);
  return [{ payment: ProposalId.parse(payment.key), line, file: payment.file }];
}

/**
 * A debit is a payment of ours by its end-to-end id; or, where the bank dropped that, by account, amount and number; or a bill
 * that somebody paid otherwise. A bill whose payment of ours has still to leave stays as it is: people see the debit unexplained
 * while they can take the payment back.
 */
async function explain(sql: Sql, org: OrgId, line: StatementLine): Promise<Settled[]> {
  const paid = await paidByUs(sql, org, line);
  const billed = paid?.invoice ?? (await billedBy(sql, org, line));
  const by = paid?.key ?? billed ?? (await expected(sql, org, line));
  if (billed) await sql(`update invoice set state = 'paid' where org = $1 and id = $2`, [org, billed]);
  if (by) await explained(sql, org, line, by);
  return paid ? [{ payment: ProposalId.parse(paid.key), line, file: paid.file }] : [];
}

async function explained(sql: Sql, org: OrgId, { account, reference }: StatementLine, by: string): Promise<void> {
  await sql('update statement_line set explained_by = $4 where org = $1 and account = $2 and reference = $3', [org, account, reference, by]);
}

/** Our payment out of this account, over this amount and in this currency; settled. */
async function paidByUs(
  sql: Sql,
  org: OrgId,
  line: StatementLine,
): Promise<{ readonly key: string; readonly invoice: string; readonly file: string | null } | undefined> {
  const candidates = await sql<{ key: string; number: string; named: boolean }>(
    `select p.key, i.document ->> 'number' number, p.key = $5 named from payment p join invoice i on i.org = p.org and i.id = p.invoice
     where p.org = $1 and p.account = $2 and p.minor = $3 and p.currency = $4 and ((p.key = $5 and p.state in ('instructed', 'sent'))
       or (p.state = 'sent' and p.payee = $6 and coalesce($5, 'NOTPROVIDED') = 'NOTPROVIDED')) order by p.execute_on, p.key limit 1000`,
    [org, line.account, -line.amount.minor, line.amount.currency, line.endToEndId, line.counterpartyIban],
  );
  const ours = candidates.find(({ named, number }) => named || namesNumber(line.remittance, number));
  if (!ours) return undefined;
  const [paid] = await sql<{ key: string; invoice: string; file: string | null }>(
    `update payment set state = 'paid' where org = $1 and key = $2 returning key, invoice, file`,
    [org, ours.key],
  );
  return paid;
}

/** A bill that was paid otherwise: to the account on record, whatever account the bill asks for, and by its number. */
async function billedBy(sql: Sql, org: OrgId, line: StatementLine): Promise<string | undefined> {
  const bills = await sql<{ id: string; number: string }>(
    `select i.id, i.document ->> 'number' number from invoice i join supplier s on s.org = i.org and s.id = i.supplier
     where i.org = $1 and i.state in ('open', 'held') and $2 in (i.total_minor, i.discount_minor) and i.currency = $3 and s.iban = $4 order by i.due, i.id limit 1000`,
    [org, -line.amount.minor, line.amount.currency, line.counterpartyIban],
  );
  return bills.find(({ number }) => namesNumber(line.remittance, number))?.id;
}

/** Regular debits that `desired/finance.yaml` declares: rent, wages, transfers between our own accounts; above what one is declared for, people look. */
async function expected(sql: Sql, org: OrgId, { counterpartyIban, amount }: StatementLine): Promise<string | undefined> {
  const rows = await sql<{ name: string; at_most: string | null; currency: string }>(
    `select r ->> 'name' "name", r ->> 'at_most' at_most, o.currency from organization o, jsonb_array_elements(coalesce(o.document -> 'finance' -> 'regular_debits', '[]')) r
     where o.org = $1 and r ->> 'iban' = $2`,
    [org, counterpartyIban],
  );
  const found = rows.find(({ at_most, currency }) => at_most === null || (currency === amount.currency && -amount.minor <= moneyOf(at_most, currency).minor));
  return found && `declared: ${found.name}`;
}
