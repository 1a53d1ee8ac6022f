/** What came in and what was taken, as it is recorded. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { Movement } from '../records.ts';

const Whole = z.string().regex(/^\d+$/, 'is no whole number').transform(Number);
const KINDS: Readonly<Record<string, string>> = { lieferung: 'delivery', zugang: 'delivery', entnahme: 'withdrawal', abgang: 'withdrawal' };

export const movements = defineRegister<Movement>({
  name: 'movements',
  domain: 'operations',
  title: 'the list of stock movements',
  columns: {
    id: { about: 'the number of the movement, each once', also: ['movement', 'beleg', 'belegnummer', 'buchung'] },
    item: { about: 'the code of the item', also: ['article', 'artikel', 'artikelnummer', 'sku'] },
    site: { about: 'where', also: ['location', 'lager', 'standort', 'warehouse'] },
    kind: { about: 'delivery or withdrawal', also: ['type', 'art', 'bewegung', 'bewegungsart'] },
    quantity: { about: 'how many', also: ['menge', 'anzahl', 'stück'] },
    moved_on: { about: 'when, YYYY-MM-DD', also: ['on', 'date', 'datum', 'am'] },
    order: { about: 'the order that a delivery answers', also: ['order number', 'bestellung', 'bestellnummer', 'reference'], optional: true },
  },
  row: z
    .strictObject({ id: z.string(), item: z.string(), site: z.string(), kind: z.string(), quantity: Whole, moved_on: z.string(), order: z.string().optional() })
    .transform(({ moved_on, order, kind, ...row }) => ({ ...row, kind: KINDS[kind.toLowerCase()] ?? kind, on: moved_on, order: order ?? null }))
    .pipe(Movement),
});
