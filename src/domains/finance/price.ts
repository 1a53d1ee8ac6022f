/** Unit prices: exact decimals for so many units, compared and multiplied in integers. */
import { decimal, money, type Money } from '../../kernel/money.ts';
import { BILLION, exact } from './exact.ts';
import type { UnitPrice } from './records.ts';

/** A price in whole minor units, of one. */
export const priceOf = (amount: Money): UnitPrice => ({ amount: decimal(amount), currency: amount.currency, per: '1' });

export const showPrice = ({ amount, currency, per }: UnitPrice): string => `${amount} ${currency}${exact(per) === BILLION ? '' : ` for ${per}`}`;

/** Price by base quantity, times quantity, rounded half away from zero to the minor unit. @throws RangeError, MoneyError */
export function times({ amount, currency, per }: UnitPrice, quantity: string, minorOfOne: number): Money {
  return money(rounded(exact(amount) * exact(quantity) * BigInt(minorOfOne), BILLION * exact(per)), currency);
}

/** Whether billed > ordered * (1 + percent / 100); two currencies cannot be compared, and count as dearer. @throws RangeError */
export const dearer = (billed: UnitPrice, ordered: UnitPrice, percent: string): boolean =>
  billed.currency !== ordered.currency ||
  exact(billed.amount) * exact(ordered.per) * 100n * BILLION > exact(ordered.amount) * exact(billed.per) * (100n * BILLION + exact(percent));

/** One spelling of a price: `64.50` and `64.5` are one. @throws RangeError */
export const spelledPrice = ({ amount, currency, per }: UnitPrice): string => [exact(amount), currency, exact(per)].join('/');

/** A fraction as a whole number, rounded half away from zero. @param below above nothing */
export function rounded(above: bigint, below: bigint): number {
  const half = (above < 0n ? -below : below) / 2n;
  return Number((above + half) / below);
}
