/** Counts of stock, as they are taken. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { StockCount } from '../records.ts';

const Whole = z.string().regex(/^\d+$/, 'is no whole number').transform(Number);

export const stock = defineRegister<StockCount>({
  name: 'stock',
  domain: 'operations',
  title: 'the stock count',
  columns: {
    item: { about: 'the code of the item', also: ['article', 'artikel', 'artikelnummer', 'sku'] },
    site: { about: 'where it lies', also: ['location', 'lager', 'standort', 'warehouse'] },
    counted: { about: 'how many there are', also: ['count', 'quantity', 'bestand', 'menge', 'anzahl'] },
    counted_on: { about: 'when it was counted, YYYY-MM-DD', also: ['counted on', 'date', 'datum', 'gezählt am'] },
  },
  row: z
    .strictObject({ item: z.string(), site: z.string(), counted: Whole, counted_on: z.string() })
    .transform(({ counted_on, ...row }) => ({ ...row, on: counted_on }))
    .pipe(StockCount),
});
