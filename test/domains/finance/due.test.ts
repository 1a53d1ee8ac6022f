import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worthTaking } from '../../../src/domains/finance/discount.ts';
import { easter, isBankDay, nextBankDay } from '../../../src/domains/finance/bank-days.ts';
import { cutoffPassed, leavesOn, payable } from '../../../src/domains/finance/due.ts';
import { addDays, daysBetween, LocalDate, weekdayOf } from '../../../src/kernel/time.ts';
import { at, bill, day, eur, line, when } from './samples.ts';

const discounted = (until: string, percent = '3') => bill('1', [line('10')], { discount: { percent, until: day(until), total: eur(115_430) } });
const plain = bill('1'); // due on Tuesday 2026-03-10

test.each([
  { now: at('2026-03-06'), law: 'four days ahead on a Friday it waits: Monday is early enough', pays: false },
  { now: at('2026-03-06', '15:00'), law: 'after the cut-off a payment leaves on Monday, a day ahead', pays: true },
  { now: at('2026-03-09'), law: 'a day ahead it is paid', pays: true },
  { now: at('2026-03-12'), law: 'late, it is paid', pays: true },
])('$law', ({ now, pays }) => expect(payable(plain, now, when).now).toBe(pays));

test('due on a Sunday with no day ahead, it is paid on Friday', () => {
  const sunday = { ...plain, due: day('2026-03-08') };
  const none = { ...when, pay_days_ahead: 0 };
  expect(payable(sunday, at('2026-03-05'), none).now).toBe(false);
  expect(payable(sunday, at('2026-03-06'), none).now).toBe(true);
});

test.each([
  { now: at('2026-02-17'), law: 'a discount waits while a later day is in time', pays: undefined },
  { now: at('2026-02-20'), law: 'it is taken on the last business day before it ends', pays: 115_430 },
  { now: at('2026-02-20', '15:01'), law: 'after that cut-off it is lost, and the bill waits for its day', pays: undefined },
  { now: at('2026-02-21'), law: 'on a Saturday nothing leaves any more before a Sunday', pays: undefined },
  { now: at('2026-03-09'), law: 'what is lost is not deducted when the bill is due', pays: 119_000 },
])('$law', ({ now, pays }) => {
  const found = payable(discounted('2026-02-22'), now, when); // a Sunday
  expect(found.now ? found.amount.minor : undefined).toBe(pays);
});

test('a discount that yields less than declared is left', () => {
  expect(payable(discounted('2026-02-20', '0.5'), at('2026-02-20'), when).now).toBe(false);
});

test('2% for 20 days is worth 37.2% a year, and not 37.3%', () => {
  const terms = { percent: '2', until: day('2026-02-18'), total: eur(1) };
  expect(daysBetween(terms.until, plain.due)).toBe(20);
  expect(worthTaking(plain, terms, '37.2')).toBe(true);
  expect(worthTaking(plain, terms, '37.3')).toBe(false);
});

test('the yield reaches a threshold where the formula in fractions does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 20_000 }), (hundredths, gained, threshold) => {
      const terms = { percent: (hundredths / 100).toFixed(2), until: addDays(plain.due, -gained), total: eur(1) };
      const yields = (hundredths * 365 * 10_000) / ((10_000 - hundredths) * gained); // in hundredths of a percent
      fc.pre(Math.abs(yields - threshold) > 1e-6);
      expect(worthTaking(plain, terms, (threshold / 100).toFixed(2))).toBe(yields >= threshold);
    }),
  );
});

test('nothing gained by waiting is always worth taking, no discount never', () => {
  expect(worthTaking(plain, { percent: '0.01', until: plain.due, total: eur(1) }, '1000')).toBe(true);
  expect(worthTaking(plain, { percent: '0', until: day('2026-02-20'), total: eur(1) }, '0')).toBe(false);
});

test('a discount is never deducted from a payment that leaves after its last day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 40 }), (offset, minute, until) => {
      const invoice = discounted(addDays(day('2026-02-12'), until));
      const now = { ...at(addDays(day('2026-02-12'), offset)), hour: Math.floor(minute / 60), minute: minute % 60 };
      const found = payable(invoice, now, when);
      if (found.now && found.amount.minor < invoice.total.minor) expect(leavesOn(now, when.cutoff) <= (invoice.discount?.until ?? '')).toBe(true);
    }),
  );
});

test('every bill is paid in time when it is looked at each morning', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 10 }), (dueIn, ahead) => {
      const invoice = { ...plain, due: addDays(day('2026-02-16'), dueIn) };
      const settings = { ...when, pay_days_ahead: ahead };
      let now = at('2026-02-16'); // a Monday
      while (!payable(invoice, now, settings).now) now = at(addDays(now.date, 1));
      expect(leavesOn(now, when.cutoff) <= invoice.due).toBe(true);
    }),
  );
});

test('the next business day is a weekday, and no weekday is skipped', () => {
  for (let n = 0; n < 14; n++) {
    const date = addDays(day('2026-03-02'), n);
    const next = nextBankDay(date);
    expect(weekdayOf(next)).toBeLessThanOrEqual(5);
    for (let between = addDays(date, 1); between < next; between = addDays(between, 1)) expect(weekdayOf(between)).toBeGreaterThan(5);
  }
});

describe('bank days', () => {
  // Easter Sundays as published by the U.S. Census Bureau for 2024 to 2030, and the earliest and latest there can be.
  test.each(['2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2028-04-16', '2029-04-01', '2030-04-21', '2285-03-22', '2038-04-25'])(
    'Easter is on %s',
    (date) => expect(easter(Number(date.slice(0, 4)))).toBe(date),
  );
  test.each(['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-01', '2026-12-25', '2026-12-26', '2026-03-07', '2026-03-08'])(
    'banks do not settle on %s',
    (date) => expect(isBankDay(LocalDate.parse(date))).toBe(false),
  );
  test.each(['2026-04-02', '2026-04-07', '2025-10-03', '2026-05-14', '2026-12-24'])('they do on %s, whatever a region keeps', (date) =>
    expect(isBankDay(LocalDate.parse(date))).toBe(true),
  );
  test('before Easter a payment after the cut-off leaves on the Tuesday after', () => {
    const thursday = { date: LocalDate.parse('2026-04-02'), hour: 16, minute: 0, weekday: 4 };
    expect(leavesOn(thursday, '15:00')).toBe('2026-04-07');
  });
});

test.each([
  { now: at('2026-03-06', '14:59'), law: 'before the cut-off nothing leaves', leaves: false },
  { now: at('2026-03-06', '15:00'), law: 'at the cut-off it leaves', leaves: true },
  { now: at('2026-03-07', '16:00'), law: 'on a Saturday nothing leaves, however late it is', leaves: false },
  { now: at('2026-04-03', '16:00'), law: 'on Good Friday nothing leaves', leaves: false },
])('$law', ({ now, leaves }) => expect(cutoffPassed(now, when.cutoff)).toBe(leaves));
