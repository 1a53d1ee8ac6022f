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

/** A day as lists have it: `2026-03-09`, or `9.3.2026`. With slashes nobody knows which part is the month: refused. */
export const DayCell = z
  .string()
  .transform((text) => {
    const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
    return year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  })
  .pipe(LocalDate);

/** An amount as lists have it: `1250.00`, `1.250,00` or `1,250.00`, in decimals. What may be thousands or a part of one (`1.250`) is refused. */
export const AmountCell = z
  .string()
  .transform((text) => {
    if (/^\d{1,3}(\.\d{3})*,\d{1,2}$|^\d+,\d{1,2}$/.test(text)) return text.replaceAll('.', '').replace(',', '.');
    return /^\d{1,3}(,\d{3})+\.\d{1,2}$/.test(text) ? text.replaceAll(',', '') : text;
  })
  .pipe(z.string().regex(/^\d+(\.\d{1,2})?$/, 'is no amount; write 1250.00'));
