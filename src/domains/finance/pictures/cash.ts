/** Cash against its floor: what the statements show, day by day, and what is instructed to leave. */
import { definePicture } from '../../../kernel/picture.ts';
import { moneyOf } from '../../../kernel/money.ts';
import { addDays, type LocalDate } from '../../../kernel/time.ts';
import type { FinanceReads } from '../ports.ts';
import type { Payment } from '../records.ts';

const DAYS_BACK = 35; // a month of statements and a little more
const DAYS_AHEAD = 7; // payments leave within days of being instructed

export const cash = definePicture<FinanceReads>()({
  name: 'finance.cash',
  domain: 'finance',
  title: 'Cash against its floor',
  says: 'The balance of each account by its statements, and from the last one on what instructed payments leave of it.',
  classification: 'confidential',
  async draw(finance, now) {
    const [{ accounts }, pending] = [await finance.settings(), await finance.pendingPayments()];
    const levels = [];
    for (const { iban, name, floor } of accounts) {
      const booked = await finance.balances(iban, addDays(now.date, -DAYS_BACK));
      const last = booked.at(-1);
      if (!last) continue; // no statement yet
      const leaving = pending.filter(({ account, amount }) => account === iban && amount.currency === last.amount.currency);
      levels.push({
        name,
        currency: last.amount.currency,
        floor: moneyOf(floor, last.amount.currency).minor,
        points: [
          ...booked.map(({ on, amount }) => ({ on, minor: amount.minor, expected: false })),
          ...expected(last.on, last.amount.minor, leaving, addDays(now.date, DAYS_AHEAD)),
        ],
      });
    }
    return { kind: 'levels', levels };
  },
});

/** One point for each day on which something leaves; what should have left already leaves first. */
function expected(from: LocalDate, minor: number, leaving: readonly Payment[], until: LocalDate) {
  const days = Array.from({ length: DAYS_BACK + DAYS_AHEAD }, (_, n) => addDays(from, n + 1)).filter((day) => day <= until);
  return days.map((on) => ({
    on,
    minor: minor - leaving.filter(({ executeOn }) => executeOn <= on).reduce((total, { amount }) => total + amount.minor, 0),
    expected: true,
  }));
}
