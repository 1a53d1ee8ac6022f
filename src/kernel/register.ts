/** A register that staff keep as a table: what its columns are called, and what a row must be. */
import type { z } from 'zod';
import type { Domain } from './ids.ts';

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
