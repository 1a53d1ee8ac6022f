/**
 * What people would rather look at than read. A domain says what is to be seen as data; a surface draws it, and says the same in a
 * table, so that colour and shape are never the only sign.
 */
import { z } from 'zod';
import type { Domain } from './ids.ts';
import { Money } from './money.ts';
import type { Classification } from './nouns.ts';
import { LocalDate, type LocalTime } from './time.ts';

/** How much there is over time, beside how much there should be at least. Minor units; null where nothing is known. */
const Level = z.strictObject({
  name: z.string(),
  currency: Money.shape.currency,
  floor: z.int().nullable(),
  points: z.array(z.strictObject({ on: LocalDate, minor: z.int(), expected: z.boolean() })), // expected: not booked yet
});

/** How much there is now, beside a minimum and a target. */
const Bar = z.strictObject({
  name: z.string(),
  where: z.string(),
  have: z.number().nullable(), // null: nobody knows
  coming: z.number(), // ordered, not there yet
  minimum: z.number(),
  target: z.number(),
  unit: z.string(),
});

/** Rows by days: who is where. `mark` says in a word what is wrong, for those who see no colour. */
const Cell = z.strictObject({ text: z.string(), tone: z.enum(['plain', 'off', 'short', 'clash']), mark: z.string() });

export const Picture = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('levels'), levels: z.array(Level) }),
  z.strictObject({ kind: z.literal('bars'), bars: z.array(Bar) }),
  z.strictObject({
    kind: z.literal('grid'),
    columns: z.array(z.strictObject({ title: z.string(), note: z.string() })),
    rows: z.array(z.strictObject({ name: z.string(), cells: z.array(z.array(Cell)) })), // a list of cells for each column
  }),
]);
export type Picture = z.infer<typeof Picture>;

/** A picture as a domain declares it: one file in its `pictures/`. It reads what is, and changes nothing. */
export interface PictureSource<P = never> {
  readonly name: string; // `finance.cash`
  readonly domain: Domain;
  readonly title: string;
  readonly says: string; // how to read it, in a sentence
  readonly classification: Classification; // of the most sensitive thing that it shows
  draw(ports: P, now: LocalTime): Promise<Picture>;
}

export const definePicture =
  <P>() =>
  (source: PictureSource<P>): PictureSource<P> =>
    source;
