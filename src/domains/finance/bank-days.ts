/** Days on which banks in the euro area settle: Monday to Friday, but not the closing days of T2 (ECB, calendar since 2002). */
import { addDays, LocalDate, weekdayOf } from '../../kernel/time.ts';

const FIXED: ReadonlySet<string> = new Set(['01-01', '05-01', '12-25', '12-26']);

/** Easter Sunday of the Gregorian calendar. Source: J. Meeus, Astronomical Algorithms, chapter 8 (the rule of Jones and Butcher). */
export function easter(year: number): LocalDate {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e] = [Math.floor(b / 4), b % 4];
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [Math.floor(c / 4), c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return LocalDate.parse(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}

export function isBankDay(date: LocalDate): boolean {
  if (weekdayOf(date) > 5 || FIXED.has(date.slice(5))) return false;
  const sunday = easter(Number(date.slice(0, 4)));
  return date !== addDays(sunday, -2) && date !== addDays(sunday, 1); // Good Friday, Easter Monday
}

/** How many days on which banks settle lie after a date, up to another, which counts; 0 where that is not later. */
export function bankDaysAfter(date: LocalDate, until: LocalDate): number {
  let days = 0;
  for (let next = nextBankDay(date); next <= until; next = nextBankDay(next)) days++;
  return days;
}

/** The next day on which banks settle, after a date. */
export function nextBankDay(date: LocalDate): LocalDate {
  const next = addDays(date, 1);
  return isBankDay(next) ? next : nextBankDay(next);
}
