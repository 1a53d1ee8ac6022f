/**
 * Whether an invoice bills what another one billed. The other one comes first when it is paid or on its way, whatever dates
 * the two bear, and otherwise when it was issued earlier: a date is only what the supplier wrote.
 */
import { quantityOf } from './match.ts';
import { spelledPrice } from './price.ts';
import type { InvoiceState } from './ports.ts';
import type { GoodsReceipt, Invoice, InvoiceId } from './records.ts';
import { spelled } from './spelling.ts';

/** Another invoice of the same supplier, and what became of it. */
export interface Billed {
  readonly invoice: Invoice;
  readonly state: InvoiceState;
}

/** The invoice that was there first, or null. @param receipts of the invoice's order */
export function duplicateOf(invoice: Invoice, others: readonly Billed[], receipts: readonly GoodsReceipt[]): InvoiceId | null {
  const first = others
    .filter((other) => comesFirst(other, invoice) && !neverPaid(other))
    .find(({ invoice: other }) => sameNumber(invoice, other) || sameGoods(invoice, other, receipts));
  return first?.invoice.id ?? null;
}

/** Invoices of the same order that count as billed before this one. Duplicates are left out: the gate never pays one. */
export function billedBefore(invoice: Invoice, others: readonly Billed[], receipts: readonly GoodsReceipt[]): readonly Invoice[] {
  const sameOrder = others.filter((other) => invoice.order !== null && other.invoice.order === invoice.order);
  const counts = (other: Billed) => settled(other) || duplicateOf(other.invoice, sameOrder, receipts) === null;
  return sameOrder.filter((other) => comesFirst(other, invoice) && !neverPaid(other) && counts(other)).map((other) => other.invoice);
}

const settled = ({ state }: Billed): boolean => state === 'instructed' || state === 'paid';

const comesFirst = (other: Billed, invoice: Invoice): boolean =>
  other.invoice.id !== invoice.id &&
  (settled(other) || other.invoice.issued < invoice.issued || (other.invoice.issued === invoice.issued && other.invoice.id < invoice.id));

/** One that does not add up is never paid, so the corrected one that follows it is no duplicate. */
const neverPaid = (other: Billed): boolean => !settled(other) && other.invoice.problems.length > 0;

/** `R-4471`, `r4471` and `R 04471` over the same amount are one number in three spellings. */
const sameNumber = (a: Invoice, b: Invoice): boolean => spelled(a.number) === spelled(b.number) && sameTotal(a, b);

/** The order, the lines and the amount are the same, and what came does not cover both: two equal deliveries are no duplicate. */
function sameGoods(a: Invoice, b: Invoice, receipts: readonly GoodsReceipt[]): boolean {
  if (a.order === null || a.order !== b.order || !sameTotal(a, b) || linesOf(a) !== linesOf(b)) return false;
  return !cover(receipts, a, b);
}

/** A quantity that nobody can compare covers nothing. */
function cover(receipts: readonly GoodsReceipt[], a: Invoice, b: Invoice): boolean {
  try {
    return a.lines.every(({ item }) => quantityOf(item, [a, b]) <= quantityOf(item, receipts));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const sameTotal = (a: Invoice, b: Invoice): boolean => a.total.minor === b.total.minor && a.total.currency === b.total.currency;

const linesOf = ({ lines }: Invoice): string =>
  JSON.stringify(lines.map(({ item, quantity, price }) => [item, quantity, spelledPrice(price)].join('\u0000')).sort());
