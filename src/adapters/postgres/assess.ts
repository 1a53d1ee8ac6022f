/** What our checks find of open invoices, kept beside them: the match, and whether another one billed the same. */
import { z } from 'zod';
import { billedBefore, duplicateOf } from '../../domains/finance/duplicate.ts';
import { threeWayMatch } from '../../domains/finance/match.ts';
import { GoodsReceipt, Invoice, Order, type SupplierId } from '../../domains/finance/records.ts';
import type { FinanceSettings } from '../../domains/finance/settings.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Sql } from './client.ts';

const OPEN = `i.org = $1 and i.state in ('open', 'held') and ($2::text is null or i.supplier = $2)`;

/** Others of the supplier for the same order, or over the same amount. */
const ROWS = `
select i.document invoice, (select o.document from purchase_order o where o.org = $1 and o.number = i.order_number) purchase_order,
  coalesce((select json_agg(r.document order by r.number) from goods_receipt r where r.org = $1 and r.order_number = i.order_number), '[]') receipts,
  coalesce((select json_agg(json_build_object('invoice', e.document, 'state', e.state) order by e.issued, e.id) from invoice e
    where e.org = $1 and e.supplier = i.supplier and e.id <> i.id and (e.order_number = i.order_number or (e.total_minor, e.currency) = (i.total_minor, i.currency))), '[]') others
from invoice i where ${OPEN} order by i.issued, i.id`;

const Row = z.object({
  invoice: Invoice,
  purchase_order: Order.nullable(),
  receipts: z.array(GoodsReceipt),
  others: z.array(z.object({ invoice: Invoice, state: z.enum(['open', 'held', 'instructed', 'paid']) })),
});

/** Locks invoices in one order, before anything changes one: two that change several cannot wait for each other. @param supplier null: of all */
export async function lockInvoices(sql: Sql, org: OrgId, supplier: SupplierId | null): Promise<void> {
  await sql(`select 1 from invoice where org = $1 and state <> 'paid' and ($2::text is null or supplier = $2) order by id for update`, [org, supplier]);
}

/** Checks open invoices anew; call `lockInvoices` first. @param supplier null: of all */
export async function assess(sql: Sql, org: OrgId, settings: FinanceSettings, supplier: SupplierId | null): Promise<void> {
  for (const raw of await sql(ROWS, [org, supplier])) {
    const { invoice, purchase_order, receipts, others } = Row.parse(raw);
    const match = threeWayMatch(invoice, purchase_order ?? undefined, receipts, billedBefore(invoice, others, receipts), settings.tolerance);
    await sql(
      `update invoice set matched = $3, match_reasons = $4, duplicate_of = $5 where org = $1 and id = $2 and (matched, match_reasons, duplicate_of) is distinct from ($3::boolean, $4::text[], $5::text)`,
      [org, invoice.id, match.matched, match.reasons, duplicateOf(invoice, others, receipts)],
    );
  }
}
