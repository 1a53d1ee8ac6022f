/** Whether paying early for a discount is worth it. Percentages are exact decimals, compared in integers. */
import { daysBetween } from '../../kernel/time.ts';
import { exact } from './exact.ts';
import type { Invoice } from './records.ts';

export type Discount = NonNullable<Invoice['discount']>;

const DAYS_A_YEAR = 365n;
const HUNDRED = 100_000_000_000n; // percent, in billionths

/**
 * True where the yearly yield of paying early reaches the threshold. Yield = d / (1 - d) * 365 / days gained: the cost of
 * trade credit as simple interest (Brealey, Myers and Allen, Principles of Corporate Finance, on working capital). 2% for
 * 20 days is 37.2% a year. Without division: d * 365 * 100 >= threshold * (100 - d) * days, d and threshold in percent.
 * @param thresholdPercent a year, as a decimal
 * @throws RangeError where a percentage is no decimal
 */
export function worthTaking({ due }: Pick<Invoice, 'due'>, { percent, until }: Discount, thresholdPercent: string): boolean {
  const [d, threshold, days] = [exact(percent), exact(thresholdPercent), BigInt(daysBetween(until, due))];
  if (d <= 0n) return false;
  if (days <= 0n || d >= HUNDRED) return true; // nothing is gained by waiting
  return d * DAYS_A_YEAR * HUNDRED >= threshold * (HUNDRED - d) * days;
}
