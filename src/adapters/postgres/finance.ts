/** Finance's ports on PostgreSQL. */
import { z } from 'zod';
import { FinanceError, type Dossier, type FinanceReads, type FinanceWrites, type InvoiceState } from '../../domains/finance/ports.ts';
import { GoodsReceipt, Invoice, InvoiceId, Order, Payment, StatementLine, Supplier, SupplierId } from '../../domains/finance/records.ts';
import { FinanceSettings } from '../../domains/finance/settings.ts';
import { leavesOn } from '../../domains/finance/due.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import { LocalDate, type LocalTime } from '../../kernel/time.ts';
import { digest } from '../../kernel/digest.ts';
import { assess, lockInvoices } from './assess.ts';
import type { Sql } from './client.ts';

const PAYMENT = `select json_build_object('key', key, 'invoice', invoice, 'supplier', supplier, 'payee', payee, 'payeeName', payee_name,
  'amount', json_build_object('minor', minor, 'currency', currency), 'account', account, 'executeOn', execute_on::text, 'state', state, 'reason', reason) payment from payment`;

const payments = async (sql: Sql, where: string, values: readonly unknown[]): Promise<Payment[]> =>
  (await sql<{ payment: unknown }>(`${PAYMENT} where org = $1 and ${where}`, values)).map((row) => Payment.parse(row.payment));

const DOSSIER = `
select i.document invoice, i.state, i.held_because, i.matched, i.match_reasons, i.duplicate_of,
  case when i.released then json_build_object('duplicateOf', i.released_duplicate, 'reasons', coalesce(i.released_reasons, '{}')) end released,
  (select s.document from supplier s where s.org = $1 and s.id = i.supplier) supplier,
  (select o.document from purchase_order o where o.org = $1 and o.number = i.order_number) purchase_order,
  coalesce((select json_agg(r.document order by r.number) from goods_receipt r where r.org = $1 and r.order_number = i.order_number), '[]') receipts,
  (select count(*)::int from payment p where p.org = $1 and p.invoice = i.id and p.state in ('withdrawn', 'rejected')) attempts
from invoice i where i.org = $1 and i.id = $2`;

const DossierRow = z.object({
  invoice: Invoice,
  state: z.enum(['open', 'held', 'instructed', 'paid']),
  held_because: z.string(),
  matched: z.boolean(),
  match_reasons: z.array(z.string()),
  duplicate_of: z.string().nullable(),
  supplier: Supplier.nullable(),
  purchase_order: Order.nullable(),
  receipts: z.array(GoodsReceipt),
  attempts: z.int(),
  released: z.strictObject({ duplicateOf: z.string().nullable(), reasons: z.array(z.string()) }).nullable(),
});

export function financeReads(sql: Sql, org: OrgId): FinanceReads {
  return {
    async settings() {
      const [row] = await sql<{ finance: unknown }>(`select document -> 'finance' finance from organization where org = $1`, [org]);
      return FinanceSettings.parse(row?.finance);
    },
    async invoices(state: InvoiceState) {
      const rows = await sql<{ id: string }>('select id from invoice where org = $1 and state = $2 order by due, id limit 10000', [org, state]);
      return rows.map((row) => InvoiceId.parse(row.id));
    },
    async dossier(invoice): Promise<Dossier | undefined> {
      const [raw] = await sql(DOSSIER, [org, invoice]);
      if (!raw) return undefined;
      const row = DossierRow.parse(raw);
      return {
        invoice: row.invoice,
        state: row.state,
        heldBecause: row.held_because,
        supplier: row.supplier ?? undefined,
        order: row.purchase_order ?? undefined,
        receipts: row.receipts,
        match: { matched: row.matched, reasons: row.match_reasons },
        duplicateOf: row.duplicate_of,
        released: row.released,
        attempts: row.attempts,
      };
    },
    async balance(account) {
      const [row] = await sql<{ minor: string; currency: string; on: string }>(
        'select closing_minor::text minor, currency, to_date::text "on" from statement where org = $1 and account = $2 order by to_date desc, id desc limit 1',
        [org, account],
      );
      return row && { amount: money(Number(row.minor), row.currency), on: LocalDate.parse(row.on) };
    },
    async balances(account, from) {
      const rows = await sql<{ on: string; minor: string; currency: string }>(
        `with last as (select closing_minor, currency, to_date from statement where org = $1 and account = $2 order by to_date desc, id desc limit 1),
           first as (select min(from_date) as day from statement where org = $1 and account = $2)
         select d::date::text "on", last.currency, (last.closing_minor - coalesce((select sum(l.minor) from statement_line l
             where l.org = $1 and l.account = $2 and l.booked > d::date and l.booked <= last.to_date), 0))::text minor
           from last, first, generate_series(greatest(first.day, $3::date), last.to_date, interval '1 day') d order by d`,
        [org, account, from],
      );
      return rows.map(({ on, minor, currency }) => ({ on: LocalDate.parse(on), amount: money(Number(minor), currency) }));
    },
    pendingPayments: () => payments(sql, `state in ('instructed', 'sent') order by execute_on, key`, [org]),
    payment: async (key) => (await payments(sql, 'key = $2', [org, key]))[0],
    payments: (which) =>
      'state' in which
        ? payments(sql, 'state = $2 order by execute_on desc, key limit 200', [org, which.state])
        : payments(sql, 'invoice = $2 order by execute_on desc, key limit 200', [org, which.invoice]),
    async vatTwins() {
      const rows = await sql<{ id: string; name: string; of: string; since: string }>(
        `select id, document ->> 'name' "name", vat_twin_of "of", since::text from supplier where org = $1 and vat_twin_of is not null order by id limit 1000`,
        [org],
      );
      return rows.map(({ id, name, of, since }) => ({ supplier: SupplierId.parse(id), name, of: SupplierId.parse(of), since: LocalDate.parse(since) }));
    },
    async unexplainedDebits() {
      const rows = await sql<{ document: unknown }>(
        `select document from statement_line where org = $1 and minor < 0 and explained_by = '' order by booked, reference limit 1000`,
        [org],
      );
      return rows.map((row) => StatementLine.parse(row.document));
    },
    async unmatchedReturns() {
      const rows = await sql<{ document: unknown }>(
        `select document from statement_line where org = $1 and minor > 0 and explained_by = '' and document ->> 'returned' is not null order by booked, reference limit 1000`,
        [org],
      );
      return rows.map((row) => StatementLine.parse(row.document));
    },
    async unexplainedDebit(account, reference) {
      const [row] = await sql<{ document: unknown }>(
        `select document from statement_line where org = $1 and account = $2 and reference = $3 and minor < 0 and explained_by = ''`,
        [org, account, reference],
      );
      return row && StatementLine.parse(row.document);
    },
  };
}

/** @param now business clock in the organization's zone, for the day on which a payment leaves */
export function financeWrites(sql: Sql, org: OrgId, now: LocalTime): FinanceWrites {
  const reads = financeReads(sql, org);
  return {
    async instruct(order) {
      const known = await reads.payment(order.key);
      if (known) return sameOrder(known, order);
      await lockInvoices(sql, org, order.supplier);
      const [moved] = await sql<{ until: string | null }>(
        `update invoice set state = 'instructed' where org = $1 and id = $2 and state = 'open'
         returning case when $3::bigint = discount_minor and discount_until < $4::date then discount_until::text end until`,
        [org, order.invoice, order.amount.minor, order.executeOn],
      );
      if (!moved) throw new FinanceError('invoice_not_open', `Invoice \`${order.invoice}\` is not open; nothing was instructed.`);
      if (moved.until !== null)
        throw new FinanceError(
          'discount_over',
          `The payment would execute on ${order.executeOn}, and the discount of \`${order.invoice}\` ended on ${moved.until}; nothing was instructed. The next review asks for the whole amount.`,
        );
      await sql(
        `insert into payment (org, key, invoice, supplier, payee, payee_name, minor, currency, account, execute_on, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'instructed')`,
        [
          org,
          order.key,
          order.invoice,
          order.supplier,
          order.payee,
          order.payeeName,
          order.amount.minor,
          order.amount.currency,
          order.account,
          order.executeOn,
        ],
      );
      await sql(
        `update reservation r set state = 'released' from stock_order x, invoice i where r.org = $1 and r.kind = 'budget_month' and x.org = r.org and x.key = r.proposal
           and i.org = r.org and i.id = $2 and x.number = i.order_number`,
        [org, order.invoice],
      ); // the bill takes the place of the order in its budget line
      await assess(sql, org, await reads.settings(), order.supplier); // what it bills counts for the supplier's other invoices from here on
      return { ...order, state: 'instructed', reason: '' };
    },
    async withdraw(key, reason) {
      const payment = await reads.payment(key);
      if (!payment) throw new FinanceError('payment_unknown', `There is no payment \`${key}\`.`);
      await lockInvoices(sql, org, payment.supplier);
      const rows = await sql(`update payment set state = 'withdrawn', reason = $3 where org = $1 and key = $2 and state = 'instructed' returning key`, [
        org,
        key,
        reason,
      ]);
      if (rows.length === 0) throw new FinanceError('already_sent', `Payment \`${key}\` is ${payment.state}; it cannot be taken back.`);
      await sql(`update invoice set state = 'held', held_because = $3, released = false where org = $1 and id = $2 and state = 'instructed'`, [
        org,
        payment.invoice,
        `its payment was taken back: ${reason}`,
      ]); // open, the next review would pay it again by itself
      await sql(`update reservation set state = 'released' where org = $1 and proposal = $2`, [org, key]);
      await assess(sql, org, await reads.settings(), payment.supplier);
      return { ...payment, state: 'withdrawn', reason };
    },
    async hold(invoice, reason) {
      const rows = await sql(
        `update invoice set state = 'held', held_because = $3, released = false where org = $1 and id = $2 and state in ('open', 'held') returning id`,
        [org, invoice, reason],
      );
      if (rows.length === 1) return;
      const dossier = await reads.dossier(invoice);
      if (dossier)
        throw new FinanceError(
          'invoice_not_open',
          `Invoice \`${invoice}\` is ${dossier.state}; only an open one can be held. Take its payment back first, where that is still possible.`,
        );
      throw new FinanceError('invoice_unknown', `There is no invoice \`${invoice}\`.`);
    },
    async release(invoice) {
      const dossier = await reads.dossier(invoice);
      if (!dossier) throw new FinanceError('invoice_unknown', `There is no invoice \`${invoice}\`.`);
      await lockInvoices(sql, org, dossier.invoice.supplier);
      const rows = await sql(
        `update invoice set state = 'open', released = true, released_duplicate = duplicate_of, released_reasons = match_reasons, held_because = '' where org = $1 and id = $2 and state = 'held' returning id`,
        [org, invoice],
      );
      if (rows.length === 0) throw new FinanceError('invoice_not_held', `Invoice \`${invoice}\` is ${dossier.state}; only a held one can be released.`);
      await assess(sql, org, await reads.settings(), dossier.invoice.supplier);
    },
    async payer(invoice) {
      const [dossier, settings] = [await reads.dossier(invoice), await reads.settings()];
      if (!dossier) throw new FinanceError('invoice_unknown', `There is no invoice \`${invoice}\`.`);
      if (!dossier.supplier) throw new FinanceError('supplier_unknown', `\`${dossier.invoice.supplier}\` is not in the supplier register.`);
      const account = settings.accounts.find((candidate) => candidate.pays_suppliers);
      if (!account)
        throw new FinanceError(
          'no_paying_account',
          'No account that the owners ratified has `pays_suppliers: true`. Set it in `desired/finance.yaml` on the one that suppliers are paid from, and put it to the vote: `charter constitution amend`.',
        );
      return { account: account.iban, supplier: dossier.supplier, executeOn: leavesOn(now, settings.cutoff) };
    },
  };
}

/** The day may differ: a retry after midnight is the same order. */
function sameOrder(known: Payment, order: Omit<Payment, 'state' | 'reason'>): Payment {
  const particulars = ({ key, invoice, supplier, payee, payeeName, amount, account }: Omit<Payment, 'state' | 'reason'>) =>
    digest({ key, invoice, supplier, payee, payeeName, amount, account });
  if (particulars(known) === particulars(order)) return known;
  throw new FinanceError('key_reused', `Payment \`${order.key}\` was instructed with other particulars; nothing was changed.`);
}
