/**
 * Three-way match: what was ordered, what was received and what was billed agree, item by item, within tolerance. What
 * other invoices of the same order billed before counts as billed, so that many small bills do not pass where one would not.
 * Quantities are exact decimals: they are compared as integers of billionths.
 */
import { decimal, money, MoneyError, show } from '../../kernel/money.ts';
import { exact } from './exact.ts';
import { dearer, showPrice } from './price.ts';
import type { GoodsReceipt, Invoice, Line, Order } from './records.ts';

export interface Tolerance {
  readonly price_percent: string; // of the ordered price
  readonly amount: string; // of the whole order, in its currency
}

export interface Match {
  readonly matched: boolean;
  readonly reasons: readonly string[]; // what disagrees, in words; empty where all agrees
}

const HIGHEST_VAT_PERCENT = 27; // Hungary's standard rate; no member of the EU has a higher one (Directive 2006/112/EC sets 15 as the least)

/**
 * Never throws: an invoice that nobody can compare is for people, and must not keep other invoices waiting.
 * @param before invoices of the same order that are paid, on their way or earlier, and may yet be paid
 */
export function threeWayMatch(
  invoice: Invoice,
  order: Order | undefined,
  receipts: readonly GoodsReceipt[],
  before: readonly Invoice[],
  tolerance: Tolerance,
): Match {
  if (!order) return { matched: false, reasons: [invoice.order ? `there is no order \`${invoice.order}\` of ours` : 'the invoice names no order of ours'] };
  const reasons: string[] = [];
  if (order.supplier !== invoice.supplier) reasons.push(`order \`${order.number}\` is with \`${order.supplier}\`, not with \`${invoice.supplier}\``);
  if (lessThanNothing(invoice)) reasons.push('it bills less than nothing');
  try {
    for (const item of new Set(invoice.lines.map((line) => line.item))) reasons.push(...itemReasons(item, invoice, order, receipts, before, tolerance));
    reasons.push(...sumReasons(invoice, order, before, tolerance));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof MoneyError)) throw error;
    reasons.push(error.message);
  }
  return { matched: reasons.length === 0, reasons };
}

const lessThanNothing = ({ lines, net, tax }: Invoice): boolean =>
  [net, tax, ...lines.map((line) => line.net)].some(({ minor }) => minor < 0) ||
  lines.some(({ quantity, price }) => [quantity, price.amount].some((decimalText) => decimalText.trim().startsWith('-')));

function itemReasons(
  item: string,
  invoice: Invoice,
  order: Order,
  receipts: readonly GoodsReceipt[],
  before: readonly Invoice[],
  tolerance: Tolerance,
): string[] {
  const orderedLines = order.lines.filter((line) => line.item === item);
  if (orderedLines.length === 0) return [`\`${item}\` was not ordered`];
  const ordered = quantityOf(item, [order]);
  const received = quantityOf(item, receipts);
  const now = quantityOf(item, [invoice]);
  const earlier = before.map((one) => quantityOf(item, [one])).reduce((sum, one) => (one > 0n ? sum + one : sum), 0n); // a credit makes no room for more
  const billed = `\`${item}\`: billed ${inDecimal(now)}${earlier === 0n ? '' : ` on top of ${inDecimal(earlier)} before`}`;
  const reasons: string[] = [];
  if (now + earlier > ordered) reasons.push(`${billed}, ordered ${inDecimal(ordered)}`);
  if (now + earlier > received) reasons.push(`${billed}, received ${inDecimal(received)}`);
  const dear = invoice.lines.find((line) => line.item === item && orderedLines.every(({ price }) => dearer(line.price, price, tolerance.price_percent)));
  if (dear) reasons.push(`\`${item}\`: billed at ${showPrice(dear.price)}, ordered at ${pricesOf(orderedLines)}`);
  return reasons;
}

function sumReasons(invoice: Invoice, order: Order, before: readonly Invoice[], tolerance: Tolerance): string[] {
  const { currency } = order.net;
  if ([invoice, ...before].some(({ net }) => net.currency !== currency)) return [`not all that was billed is in ${currency}, as ordered`];
  const reasons: string[] = [];
  const earlier = before.reduce((sum, { net }) => sum + Math.max(0, net.minor), 0);
  const over = money(invoice.net.minor + earlier - order.net.minor, currency);
  if (over.minor > 0 && exact(decimal(over)) > exact(tolerance.amount)) {
    reasons.push(`billed ${show(invoice.net)} net${earlier === 0 ? '' : ` on top of ${show(money(earlier, currency))} before`}, ordered ${show(order.net)}`);
  }
  const charged = [invoice, ...before].reduce((sum, { charges }) => sum + (charges?.minor ?? 0), 0);
  if (charged > 0 && exact(decimal(money(charged, currency))) > exact(tolerance.amount))
    reasons.push(`charges of ${show(money(charged, currency))} beside what was ordered`); // on a part delivery they would pass for goods
  if (invoice.tax.minor * 100 > invoice.net.minor * HIGHEST_VAT_PERCENT)
    reasons.push(`a tax of ${show(invoice.tax)} on ${show(invoice.net)} is above any rate of VAT`);
  return reasons;
}

/** How much of an item some documents hold together, in billionths. @throws RangeError for a quantity that is no decimal */
export const quantityOf = (item: string, documents: readonly { readonly lines: readonly Pick<Line, 'item' | 'quantity'>[] }[]): bigint =>
  documents.flatMap(({ lines }) => lines.filter((line) => line.item === item)).reduce((sum, { quantity }) => sum + exact(quantity), 0n);

const pricesOf = (lines: readonly Line[]): string => [...new Set(lines.map(({ price }) => showPrice(price)))].join(' and ');

function inDecimal(billionths: bigint): string {
  const digits = String(billionths < 0n ? -billionths : billionths).padStart(10, '0');
  return `${billionths < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}
