/** Days as people and programs write them, in one form. What is open stays open: `May 1st` names no year. */

export interface Day {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/** 1 to 12 by name, long and short, English and German. */
const MONTHS = new Map<string, number>(
  Array.from({ length: 12 }, (_all, n) => n).flatMap((n) =>
    ['en', 'de'].flatMap((language) =>
      (['long', 'short'] as const).map(
        (month) =>
          [
            new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' })
              .format(Date.UTC(2001, n, 15))
              .toLowerCase()
              .replace('.', ''),
            n + 1,
          ] as const,
      ),
    ),
  ),
);
MONTHS.set('sept', 9);
const MONTH = `(?:${[...MONTHS.keys()].sort((a, b) => b.length - a.length).join('|')})\\b\\.?`;
const NTH = '(?:the )?(\\d{1,2})(?:st|nd|rd|th|\\.)?';
const YEAR = '(?:,? ?(?:of |in )?(\\d{4})\\b)?';
const TO = '(?: ?(?:-|–|to|until|till|through|and|bis) ?)';

const FORMS: readonly (readonly [RegExp, (found: readonly (string | undefined)[]) => readonly (Day | undefined)[]])[] = [
  [/(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/g, ([, y, m, d]) => [day(y, m, d)]],
  [/(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/g, ([, d, m, y]) => [day(y, m, d)]],
  [/(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/g, ([, a, b, y]) => [day(y, a, b), day(y, b, a)]],
  [new RegExp(`\\b${NTH}${TO}${NTH} (?:of )?(${MONTH})${YEAR}`, 'g'), ([, a, b, m, y]) => [day(y, m, a), day(y, m, b)]],
  [new RegExp(`\\b(${MONTH}) ${NTH}${TO}${NTH}(?! ?(?:${MONTH}))${YEAR}`, 'g'), ([, m, a, b, y]) => [day(y, m, a), day(y, m, b)]],
  [new RegExp(`\\b${NTH} (?:of )?(${MONTH})${YEAR}`, 'g'), ([, d, m, y]) => [day(y, m, d)]],
  [new RegExp(`\\b(${MONTH}) ${NTH}(?!\\d|:\\d)${YEAR}`, 'g'), ([, m, d, y]) => [day(y, m, d)]],
];

function day(year: string | undefined, month: string | undefined, nth: string | undefined): Day | undefined {
  const named = MONTHS.get((month ?? '').replace('.', '')) ?? Number(month);
  const [m, d] = [named, Number(nth)];
  return m >= 1 && m <= 12 && d >= 1 && d <= 31 ? { year: year === undefined ? null : Number(year), month: m, day: d } : undefined;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** @param today `2026-03-02`, where it is known: `tomorrow` is a day then */
export function daysIn(plainText: string, today: string | null): readonly Day[] {
  const text = plainText.toLowerCase();
  const named = FORMS.flatMap(([form, read]) => [...text.matchAll(form)].flatMap((found) => read(found).filter((one) => one !== undefined)));
  return [...named, ...(today === null ? [] : relative(text, today))];
}

function relative(text: string, today: string): readonly Day[] {
  const now = Date.parse(`${today}T12:00:00Z`);
  if (Number.isNaN(now)) return [];
  const weekday = new Date(now).getUTCDay();
  const offsets: number[] = [];
  if (/\b(today|tonight|now|this (morning|afternoon|evening))\b/.test(text)) offsets.push(0);
  if (/\btomorrow\b/.test(text)) offsets.push(1);
  if (/\bday after tomorrow\b/.test(text)) offsets.push(2);
  if (/\byesterday\b/.test(text)) offsets.push(-1);
  for (const [, n, unit] of text.matchAll(/\bin (\d{1,3}|a) (day|week)s?\b/g)) offsets.push((n === 'a' ? 1 : Number(n)) * (unit === 'week' ? 7 : 1));
  for (const [n, name] of WEEKDAYS.entries()) if (new RegExp(`\\b${name}\\b`).test(text)) offsets.push((n - weekday + 7) % 7, ((n - weekday + 7) % 7) + 7);
  return offsets.map((offset) => dayOf(new Date(now + offset * DAY_MS)));
}

const dayOf = (at: Date): Day => ({ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() });

export const sameDay = (a: Day, b: Day): boolean => a.month === b.month && a.day === b.day && (a.year === null || b.year === null || a.year === b.year);

/** The same day of another year: somebody named the year, and it is not this one. */
export const otherYear = (a: Day, b: Day): boolean => a.month === b.month && a.day === b.day && !sameDay(a, b);

/** Whole days from one to the other; null where a year is open and the other does not say it. */
export function daysBetween(from: Day, to: Day): number | null {
  const year = from.year ?? to.year;
  if (year === null) return null;
  return Math.round((Date.UTC(to.year ?? year, to.month - 1, to.day) - Date.UTC(year, from.month - 1, from.day)) / DAY_MS);
}

/** The text without its days and hours, so that their figures are not taken for amounts. */
export const withoutDays = (plainText: string): string =>
  FORMS.reduce((text, [form]) => text.replace(form, ' '), plainText.toLowerCase())
    .replace(/\b\d{1,2}(:\d{2}){1,2}( ?[ap]\.?m\b)?|\b\d{1,2} ?[ap]\.?m\b/g, ' ')
    .replace(/\b\d+(st|nd|rd|th)\b/g, ' ');
