/**
 * Three-way match: what was ordered, what was received and what was billed agree, line by line, within tolerance.
 * Quantities are exact decimals: they are compared as integers of the finest place that occurs.
 */
import { decimal, show, type Money } from '../../kernel/money.ts';
import type { GoodsReceipt, Invoice, Line, Order } from './records.ts';

export interface Tolerance {
  readonly price_percent: string; // of the ordered price
  readonly amount: string; // of the whole invoice, in its currency
}

export interface Match {
  readonly matched: boolean;
  readonly reasons: readonly string[]; // what disagrees, in words; empty where all agrees
}

/** A decimal of at most nine places as an integer of billionths. */
export function exact(decimalText: string): bigint {
  const found = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(decimalText.trim());
  if (!found) throw new RangeError(`\`${decimalText}\` is not a decimal with at most nine places.`);
  return BigInt(`${found[1]}${found[2]}${(found[3] ?? '').padEnd(9, '0')}`);
}

export function threeWayMatch(invoice: Invoice, order: Order | undefined, receipts: readonly GoodsReceipt[], tolerance: Tolerance): Match {
  if (!order) return { matched: false, reasons: [invoice.order ? `there is no order \`${invoice.order}\` of ours` : 'the invoice names no order of ours'] };
  const reasons: string[] = [];
  if (order.supplier !== invoice.supplier) reasons.push(`order \`${order.number}\` is with \`${order.supplier}\`, not with \`${invoice.supplier}\``);
  for (const line of invoice.lines) reasons.push(...lineReasons(line, order, receipts, tolerance));
  const over = invoice.net.minor - order.net.minor;
  if (over > 0 && exact(decimal({ minor: over, currency: invoice.net.currency })) > exact(tolerance.amount)) {
    reasons.push(`billed ${show(invoice.net)} net, ordered ${show(order.net)}`);
  }
  return { matched: reasons.length === 0, reasons };
}

function lineReasons(line: Line, order: Order, receipts: readonly GoodsReceipt[], tolerance: Tolerance): string[] {
  const ordered = order.lines.find(({ item }) => item === line.item);
  if (!ordered) return [`\`${line.item}\` was not ordered`];
  const reasons: string[] = [];
  const received = receipts
    .flatMap((receipt) => receipt.lines.filter(({ item }) => item === line.item))
    .reduce((sum, { quantity }) => sum + exact(quantity), 0n);
  if (exact(line.quantity) > exact(ordered.quantity)) reasons.push(`\`${line.item}\`: billed ${line.quantity}, ordered ${ordered.quantity}`);
  if (exact(line.quantity) > received) reasons.push(`\`${line.item}\`: billed ${line.quantity}, received ${inDecimal(received)}`);
  if (dearer(line.price, ordered.price, tolerance.price_percent))
    reasons.push(`\`${line.item}\`: billed at ${show(line.price)}, ordered at ${show(ordered.price)}`);
  return reasons;
}

/** billed > ordered * (1 + percent / 100), in integers. */
const dearer = (billed: Money, ordered: Money, percent: string): boolean =>
  billed.currency !== ordered.currency || BigInt(billed.minor) * 100n * 1_000_000_000n > BigInt(ordered.minor) * (100n * 1_000_000_000n + exact(percent));

const inDecimal = (billionths: bigint): string => (Number(billionths) / 1e9).toString();
