/**
 * The example's bank. Overnight it answers our payment files with the statement of the day that is over: each payment booked once,
 * and payments to accounts that `bank.yaml` says it does not know booked and sent back with a reason. Without that file it knows all.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { writeCamt053 } from '../../domains/finance/formats/camt053.ts';
import { Iban, type StatementLine } from '../../domains/finance/records.ts';
import type { ExampleBank } from '../../activities/ports.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { add, money } from '../../kernel/money.ts';
import { addDays, LocalDate, localTime, type Instant } from '../../kernel/time.ts';
import type { Database, Sql } from '../postgres/client.ts';
import { writeOnce } from './outbox.ts';

const BankFile = z.strictObject({ returns: z.array(z.strictObject({ iban: Iban, code: z.string(), reason: z.string() })) });
type Returns = z.infer<typeof BankFile>['returns'];

export interface BankPlace {
  readonly zone: string;
  readonly folder: string; // the organization's, with bank.yaml where there are returns
  readonly inbox: string;
}

/** What the example bank should send back cannot be read; nothing was moved. */
export class BankError extends Error {
  override readonly name = 'BankError';
  constructor(
    readonly code: 'bank_invalid',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One statement a night for each account of ours that had payments executed since the last one. */
export const exampleBank = (db: Database, { zone, folder, inbox }: BankPlace): ExampleBank => ({
  async ready() {
    await returnsOf(folder);
  },
  async answer(org, from, to) {
    const [first, last] = [localTime(from, zone).date, localTime(to, zone).date];
    if (first === last) return []; // the statement comes overnight
    const returns = await returnsOf(folder);
    const statements = await db.tx(org, (sql) => statementsFor(sql, org, { over: addDays(last, -1), at: to }, returns));
    for (const { name, content } of statements) await writeOnce(inbox, name, content);
    return statements.map(({ name }) => name);
  },
});

/** @throws BankError */
async function returnsOf(folder: string): Promise<Returns> {
  const file = join(folder, 'bank.yaml');
  try {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? [] : BankFile.parse(parse(text)).returns;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : 'unreadable';
    throw new BankError('bank_invalid', `\`bank.yaml\` cannot be read: ${why}. Mend it, or take it away: then the example's bank sends nothing back.`, {
      cause,
    });
  }
}

/** A night of the business clock: the day that is over, and when the statements of it are written. */
interface Night {
  readonly over: LocalDate;
  readonly at: Instant;
}

interface SentRow {
  key: string;
  account: string;
  payee: string;
  name: string;
  minor: string;
  currency: string;
  day: string;
  number: string;
}

async function statementsFor(sql: Sql, org: OrgId, night: Night, returns: Returns): Promise<readonly { name: string; content: string }[]> {
  const sent = await sql<SentRow>(
    `select p.key, p.account, p.payee, p.payee_name "name", p.minor::text, p.currency, p.execute_on::text "day", i.document ->> 'number' "number"
     from payment p join invoice i on i.org = p.org and i.id = p.invoice where p.org = $1 and p.state = 'sent' and p.execute_on <= $2 order by p.account, p.key`,
    [org, night.over],
  );
  const statements: { name: string; content: string }[] = [];
  for (const account of new Set(sent.map((row) => row.account))) {
    const own = sent.filter((row) => row.account === account);
    statements.push(await statement(sql, org, Iban.parse(account), night, own, returns));
  }
  return statements;
}

async function statement(sql: Sql, org: OrgId, account: Iban, { over: day, at }: Night, sent: readonly SentRow[], returns: Returns) {
  const [last] = await sql<{ minor: string; currency: string; to: string }>(
    'select closing_minor::text minor, currency, to_date::text "to" from statement where org = $1 and account = $2 order by to_date desc, id desc limit 1',
    [org, account],
  );
  const opening = money(Number(last?.minor ?? 0), last?.currency ?? 'EUR');
  const from = last ? addDays(LocalDate.parse(last.to), 1) : day;
  const lines = sent.filter(({ currency }) => currency === opening.currency).flatMap((row) => book(row, account, returns)); // it pays out of an account in its currency alone
  const closing = lines.map(({ amount }) => amount).reduce(add, opening);
  const name = `bank-${account.slice(-4)}-${day}.xml`;
  const id = `${account.slice(-4)}-${day}`;
  return { name, content: writeCamt053({ id, account, from: from > day ? day : from, to: day, opening, closing, lines }, at) };
}

function book(row: SentRow, account: Iban, returns: Returns): StatementLine[] {
  const amount = money(-Number(row.minor), row.currency);
  const common = { account, booked: LocalDate.parse(row.day), counterparty: row.name, counterpartyIban: row.payee, endToEndId: row.key };
  const line: StatementLine = { ...common, reference: `B${row.key.slice(4, 20)}`, amount, remittance: `Invoice ${row.number}`, returned: null };
  const refused = returns.find(({ iban }) => iban === row.payee);
  if (!refused) return [line];
  return [
    line,
    {
      ...common,
      reference: `R${row.key.slice(4, 20)}`,
      amount: money(-amount.minor, row.currency),
      remittance: `Return of invoice ${row.number}`,
      returned: `${refused.code} ${refused.reason}`,
    },
  ];
}
