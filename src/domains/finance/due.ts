/** When an invoice is paid, and how much: on its last comfortable day, or earlier where the discount is worth it. */
import type { Money } from '../../kernel/money.ts';
import { addDays, daysBetween, weekdayOf, type LocalDate } from '../../kernel/time.ts';
import type { Invoice } from './records.ts';

export interface PayWhen {
  readonly pay_days_ahead: number;
  readonly discount_worth_percent_a_year: string;
}

export type Payable = { readonly now: false } | { readonly now: true; readonly amount: Money; readonly why: string };

/**
 * What to pay today. A discount is taken on its last business day, an invoice within the declared days before it falls due.
 */
export function payable(invoice: Invoice, today: LocalDate, { pay_days_ahead, discount_worth_percent_a_year }: PayWhen): Payable {
  const { discount } = invoice;
  if (discount && worthTaking(invoice, discount, Number(discount_worth_percent_a_year)) && today <= discount.until) {
    return nextBusinessDay(today) > discount.until || today === discount.until
      ? { now: true, amount: discount.total, why: `${discount.percent}% discount until ${discount.until} is worth taking` }
      : { now: false };
  }
  if (daysBetween(today, invoice.due) > pay_days_ahead) return { now: false };
  return { now: true, amount: invoice.total, why: daysBetween(today, invoice.due) < 0 ? `it was due on ${invoice.due}` : `it is due on ${invoice.due}` };
}

/**
 * Annualised yield of paying early: d / (1 - d) * 365 / days gained, the simple-interest form of the cost of trade credit
 * (Brealey, Myers and Allen, Principles of Corporate Finance, chapter on working capital).
 */
export function yearlyYieldPercent(percent: number, daysGained: number): number {
  return ((percent / (100 - percent)) * 365 * 100) / daysGained;
}

function worthTaking(invoice: Invoice, discount: NonNullable<Invoice['discount']>, threshold: number): boolean {
  const gained = daysBetween(discount.until, invoice.due);
  return gained <= 0 || yearlyYieldPercent(Number(discount.percent), gained) >= threshold;
}

/** The next Monday to Friday after a date. */
export function nextBusinessDay(date: LocalDate): LocalDate {
  const next = addDays(date, 1);
  return weekdayOf(next) <= 5 ? next : nextBusinessDay(next);
}
