/** What is due to leave: a day's payments of one account and currency in one file, its exact bytes kept before they are written anywhere. */
import { writePain001, type Transfer } from '../../domains/finance/formats/pain001.ts';
import { Address, Iban, Payment } from '../../domains/finance/records.ts';
import type { ProposalId, OrgId } from '../../kernel/ids.ts';
import { LocalDate, type Instant } from '../../kernel/time.ts';
import { troubleOf, type Trouble } from '../../kernel/trouble.ts';
import { whyOf } from '../files/ingest.ts';
import type { Sql } from './client.ts';

const FILE_LIMIT = 500; // payments in one file; more go into a second one
const MOST_LOOKED_AT = 2_000; // of an account and day in one round, those that stay behind among them

export interface SentFile {
  readonly name: string;
  readonly payments: readonly ProposalId[];
}

export interface Taken {
  readonly file: SentFile | undefined;
  readonly behind: readonly Trouble[];
}

interface Due {
  readonly account: string;
  readonly currency: string; // a file has one control sum
  readonly day: string;
  readonly executeOn: LocalDate; // a day on which banks work, and not in the past: they refuse both
}

/** Accounts, currencies and days whose cut-off has passed. @param next the day for which a file that leaves now asks, where its own is over */
export async function dueForCutoff(sql: Sql, org: OrgId, today: LocalDate, passed: boolean, next: LocalDate): Promise<readonly Due[]> {
  const rows = await sql<{ account: string; currency: string; day: string }>(
    `select distinct account, currency, execute_on::text "day" from payment where org = $1 and state = 'instructed' and (execute_on < $2 or (execute_on = $2 and $3)) order by 1, 3, 2 limit 100`,
    [org, today, passed],
  );
  return rows.map(({ account, currency, day }) => ({ account, currency, day, executeOn: day < today ? next : LocalDate.parse(day) }));
}

/** The files of all that is due; an account of ours that cannot be written is told, and the others leave. */
export async function takeEach(
  sql: Sql,
  org: OrgId,
  due: readonly Due[],
  at: Instant,
): Promise<{ readonly files: readonly SentFile[]; readonly behind: readonly Trouble[] }> {
  const files: SentFile[] = [];
  const behind: Trouble[] = [];
  for (const one of due) {
    await sql('savepoint departure');
    try {
      const taken = await takeForFile(sql, org, one, at);
      if (taken.file) files.push(taken.file);
      behind.push(...taken.behind);
    } catch (error) {
      await sql('rollback to savepoint departure'); // fails where the connection is lost
      behind.push(troubleOf(`…${one.account.slice(-4)} ${one.day}`, error));
    }
  }
  return { files, behind };
}

/**
 * Moves the instructed payments of an account, currency and day to `sent`, and keeps the bytes of their file: one transaction. A payment
 * that cannot be written stays behind, and is told with the reason; the others leave.
 */
export async function takeForFile(sql: Sql, org: OrgId, { account, currency, day, executeOn }: Due, at: Instant): Promise<Taken> {
  const { transfers, behind } = await writable(sql, org, { account, currency, day, executeOn });
  if (transfers.length === 0) return { file: undefined, behind };
  const [{ n = 0 } = {}] = await sql<{ n: number }>('select count(*)::int n from outbox_file where org = $1 and right(account, 4) = $2 and day = $3', [
    org,
    account.slice(-4),
    executeOn,
  ]);
  const name = `${account.slice(-4)}-${executeOn}-${n + 1}.xml`;
  const keys = transfers.map(({ payment }) => payment.key);
  await sql(`update payment set state = 'sent', file = $3, execute_on = $4 where org = $1 and key = any($2)`, [org, keys, name, executeOn]);
  const [payer] = await sql<{ name: string; address: unknown }>(`select name, document -> 'address' address from organization where org = $1`, [org]);
  const content = writePain001({
    messageId: messageId(org, account, executeOn, n + 1),
    createdAt: at,
    payer: { name: payer?.name ?? org, address: Address.parse(payer?.address) },
    account: Iban.parse(account),
    executeOn,
    transfers,
  });
  await sql('insert into outbox_file (org, name, account, day, content) values ($1, $2, $3, $4, $5)', [org, name, account, executeOn, content]);
  return { file: { name, payments: keys }, behind };
}

/** The payments of an account, currency and day that can be written, locked, as many as one file takes; and those that cannot. */
async function writable(
  sql: Sql,
  org: OrgId,
  { account, currency, day, executeOn }: Due,
): Promise<{ readonly transfers: readonly Transfer[]; readonly behind: readonly Trouble[] }> {
  const rows = await sql<{ payment: unknown; address: unknown; number: string; invoice: string; supplier: string; until: string | null }>(
    `select json_build_object('key', t.key, 'invoice', t.invoice, 'supplier', t.supplier, 'payee', t.payee, 'payeeName', t.payee_name,
         'amount', json_build_object('minor', t.minor, 'currency', t.currency), 'account', t.account, 'executeOn', t.execute_on::text, 'state', t.state, 'reason', t.reason) payment,
       (select s.document -> 'address' from supplier s where s.org = $1 and s.id = t.supplier) address,
       (select i.document ->> 'number' from invoice i where i.org = $1 and i.id = t.invoice) "number", t.invoice, t.supplier,
       (select i.discount_until::text from invoice i where i.org = $1 and i.id = t.invoice and i.discount_minor = t.minor and i.discount_until < $5) until
     from payment t where t.org = $1 and t.account = $2 and t.execute_on = $3 and t.currency = $4 and t.state = 'instructed' order by t.key limit ${MOST_LOOKED_AT} for update of t`,
    [org, account, day, currency, executeOn],
  );
  const transfers: Transfer[] = [];
  const behind: Trouble[] = [];
  for (const { payment, address, number, invoice, supplier, until } of rows) {
    const [order, to] = [Payment.safeParse(payment), Address.safeParse(address)];
    if (until !== null)
      behind.push({
        subject: invoice,
        reason: `its payment stays behind: it takes a discount that ended on ${until}, and would execute on ${executeOn}. Withdraw it and release the bill; the whole amount is asked for then.`,
      });
    else if (order.success && to.success) transfers.push({ payment: order.data, address: to.data, invoiceNumber: number });
    else
      behind.push({
        subject: invoice,
        reason: to.success
          ? `its payment cannot be written: ${whyOf(order.error)}. Withdraw it, and propose it anew.`
          : `its payment stays behind: the supplier register has no whole address of \`${supplier}\`, which banks ask for. Add it; the payment leaves at the next cut-off.`,
      });
  }
  return { transfers: transfers.slice(0, FILE_LIMIT), behind };
}

/** Max35Text of ISO 20022, and unique: the organization, the account, the day and the file's number of that day. */
export const messageId = (org: OrgId, account: string, day: string, n: number): string =>
  `${org.slice(0, 14)}-${account.slice(-4)}-${day.replaceAll('-', '')}-${n}`;

/** Files whose bytes are kept and not yet known to be in the folder. */
export const unwritten = (sql: Sql, org: OrgId): Promise<{ name: string; content: string }[]> =>
  sql('select name, content from outbox_file where org = $1 and not written order by name limit 100', [org]);

export async function markWritten(sql: Sql, org: OrgId, name: string): Promise<void> {
  await sql('update outbox_file set written = true where org = $1 and name = $2', [org, name]);
}
