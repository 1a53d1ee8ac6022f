/** What is kept of stock, machines and what was ordered. Quantities are whole pieces of the item's unit. */
import { z } from 'zod';
import { Money } from '../../kernel/money.ts';
import { LocalDate } from '../../kernel/time.ts';

const Code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is no code; write letters, digits, `.`, `_`, `-`, 40 at most');
export const ItemCode = Code.brand('ItemCode');
export type ItemCode = z.infer<typeof ItemCode>;
export const MachineCode = Code.brand('MachineCode');
export type MachineCode = z.infer<typeof MachineCode>;
export const Pieces = z.int().min(0).max(1_000_000);

/** A count of an item at a site: the level from which movements after that day go on. */
export const StockCount = z.strictObject({ item: ItemCode, site: z.string().min(1), counted: Pieces, on: LocalDate });
export type StockCount = z.infer<typeof StockCount>;

export const Movement = z.strictObject({
  id: z.string().min(1).max(60),
  item: ItemCode,
  site: z.string().min(1),
  kind: z.enum(['delivery', 'withdrawal']),
  quantity: Pieces.min(1),
  on: LocalDate,
  order: z.string().nullable(), // the order that a delivery answers
});
export type Movement = z.infer<typeof Movement>;

export const Machine = z.strictObject({
  machine: MachineCode,
  site: z.string().min(1),
  lastService: LocalDate,
  hours: z.int().min(0), // run since then
  state: z.enum(['running', 'blocked']),
});
export type Machine = z.infer<typeof Machine>;

/** What was ordered of an item and has not all arrived, or has. */
export const StockOrder = z.strictObject({
  order: z.string().min(1).max(60),
  item: ItemCode,
  site: z.string().min(1),
  quantity: Pieces.min(1),
  supplier: z.string().min(1),
  amount: Money,
  orderedOn: LocalDate,
  expected: LocalDate,
  receivedOn: LocalDate.nullable(),
});
export type StockOrder = z.infer<typeof StockOrder>;
