/** A register that staff keep as a table: what its columns are called, and what a row must be. */
import { z } from 'zod';
import type { Domain } from './ids.ts';
import { LocalDate } from './time.ts';

export interface Column {
  readonly about: string; // for people who fill it in by hand
  readonly also: readonly string[]; // other headings it goes by, in lower case
  readonly optional?: boolean;
}

export interface Register<Row = unknown> {
  readonly name: string; // `suppliers`
  readonly domain: Domain;
  readonly title: string; // `the supplier register`
  readonly columns: Readonly<Record<string, Column>>;
  readonly row: z.ZodType<Row>; // from the texts of a row, by column; a column that is left out is absent
}

export const defineRegister = <Row>(register: Register<Row>): Register<Row> => register;

/** A day as lists have it: `2026-03-09`, or `9.3.2026`, in the first form. With slashes nobody knows which part is the month: left, to be refused. */
export const DayText = z.string().transform((text) => {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
});

export const DayCell = DayText.pipe(LocalDate);

/** An amount as lists have it: `1250.00`, `1.250,00` or `1,250.00`, in decimals. What may be thousands or a part of one (`1.250`) is refused. */
export const AmountCell = z
  .string()
  .transform((text) => {
    if (/^\d{1,3}(\.\d{3})*,\d{1,2}$|^\d+,\d{1,2}$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
    return /^\d{1,3}(,\d{3})+\.\d{1,2}$/.test(text) ? text.replaceAll(',', '') : text;
  })
  .pipe(z.string().regex(/^\d+(\.\d{1,2})?$/, 'is no amount; write 1250.00'));

const SPELT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', ł: 'l', ı: 'i' };

/** `Jürgen Weiß` -> `juergen-weiss`, `Bäckerei` -> `baeckerei`: what people write in lists, as a code. A code is itself. */
export const codeOf = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüßæøłı]/g, (letter) => SPELT[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '') // other accents
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

export const CodeCell = z.string().transform(codeOf);

/** A person by their id or name: `anna-schmidt`, `Anna Schmidt`, `Schmidt, Anna`. */
export const PersonCell = z.string().transform((text) => {
  const [last = '', first] = text.split(',');
  return codeOf(first === undefined ? text : `${first} ${last}`);
});

/** Several codes in one field, parted by semicolons, commas or bars. */
export const CodesCell = z.string().transform((text) =>
  text
    .split(/[;,|\n]/)
    .map(codeOf)
    .filter((code) => code !== ''),
);

const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su', 'mo', 'di', 'mi', 'do', 'fr', 'sa', 'so'] as const;
const weekday = (text: string): number => {
  if (/^[1-7]$/.test(text)) return Number(text);
  const at = WEEKDAYS.findIndex((name) => /^\p{L}{2,}$/u.test(text) && text.toLowerCase().startsWith(name));
  return at < 0 ? 0 : (at % 7) + 1;
};

/** Days of the week, Monday is 1: `1;2;3;4;5`, `Mon-Fri`, `Mo, Mi, Fr`. */
export const WeekdaysCell = z.string().transform((text, context): number[] => {
  const parts = text
    .replace(/\s*[-–]\s*/g, '-')
    .split(/[;,|\s]+/)
    .filter((part) => part !== '');
  const days = parts.flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(weekday);
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, n) => (from === 0 || to === 0 ? 0 : ((from + n - 1) % 7) + 1));
  });
  if (days.includes(0)) context.addIssue({ code: 'custom', message: 'is no days of the week; write Mon-Fri, or 1;2;3;4;5' });
  return [...new Set(days)].sort();
});
