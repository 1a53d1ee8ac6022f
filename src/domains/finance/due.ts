/** When an invoice is paid, and how much: on its last comfortable day, or earlier where the discount is worth it. */
import type { Money } from '../../kernel/money.ts';
import { daysBetween, type LocalDate, type LocalTime } from '../../kernel/time.ts';
import { isBankDay, nextBankDay } from './bank-days.ts';
import { worthTaking } from './discount.ts';
import type { Invoice } from './records.ts';
import type { FinanceSettings } from './settings.ts';

export type PayWhen = Pick<FinanceSettings, 'cutoff' | 'pay_days_ahead' | 'discount_worth_percent_a_year'>;

export type Payable = { readonly now: false } | { readonly now: true; readonly amount: Money; readonly why: string };

/**
 * What to pay now. A discount is taken on the last day on which a payment still leaves in time for it; an invoice is paid
 * when it leaves within the declared days before it falls due, or when the next day to pay would be too late.
 */
export function payable(invoice: Invoice, now: LocalTime, when: PayWhen): Payable {
  const leaves = leavesOn(now, when.cutoff);
  const { discount, due, total } = invoice;
  if (total.minor === 0) return { now: false }; // prepaid whole
  if (discount && leaves <= discount.until && worthTaking(invoice, discount, when.discount_worth_percent_a_year)) {
    if (nextBankDay(leaves) <= discount.until) return { now: false };
    return { now: true, amount: discount.total, why: `${discount.percent}% discount until ${discount.until} is worth taking` };
  }
  if (daysBetween(leaves, due) > when.pay_days_ahead && nextBankDay(leaves) <= due) return { now: false };
  return { now: true, amount: total, why: due < now.date ? `it was due on ${due}` : `it is due on ${due}` };
}

/** The day on which a payment instructed now leaves: today before the cut-off of a bank day, else the next one. */
export function leavesOn(now: LocalTime, cutoff: string): LocalDate {
  const time = `${String(now.hour).padStart(2, '0')}:${String(now.minute).padStart(2, '0')}`;
  return isBankDay(now.date) && time < cutoff ? now.date : nextBankDay(now.date);
}

/** Whether the payments of a day leave now: after its cut-off, and on no day that has none. */
export const cutoffPassed = (now: LocalTime, cutoff: string): boolean => isBankDay(now.date) && leavesOn(now, cutoff) !== now.date;
