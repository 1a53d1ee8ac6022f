/** What is on order, where it was ordered elsewhere. */
import { z } from 'zod';
import { Currency, moneyOf } from '../../../kernel/money.ts';
import { defineRegister } from '../../../kernel/register.ts';
import { StockOrder } from '../records.ts';

const Whole = z.string().regex(/^\d+$/, 'is no whole number').transform(Number);
const Amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'is no amount; write 1250.00');

export const openOrders = defineRegister<StockOrder>({
  name: 'stock_orders',
  domain: 'operations',
  title: 'the list of stock on order',
  columns: {
    order: { about: 'the number of the order', also: ['order number', 'bestellung', 'bestellnummer'] },
    item: { about: 'the code of the item', also: ['article', 'artikel', 'artikelnummer', 'sku'] },
    site: { about: 'where it goes', also: ['location', 'lager', 'standort'] },
    quantity: { about: 'how many', also: ['menge', 'anzahl', 'stück'] },
    supplier: { about: 'our number for the supplier', also: ['lieferant', 'lieferantennummer', 'supplier number'] },
    amount: { about: 'net amount, such as 480.00', also: ['net', 'netto', 'betrag'] },
    currency: { about: 'currency, three letters', also: ['währung'] },
    ordered_on: { about: 'when it was ordered, YYYY-MM-DD', also: ['ordered on', 'ordered', 'bestellt am'] },
    expected: { about: 'when it should arrive, YYYY-MM-DD', also: ['expected on', 'liefertermin', 'erwartet am'] },
    received_on: { about: 'when it arrived, if it did', also: ['received', 'received on', 'geliefert am'], optional: true },
  },
  row: z
    .strictObject({
      order: z.string(),
      item: z.string(),
      site: z.string(),
      quantity: Whole,
      supplier: z.string(),
      amount: Amount,
      currency: Currency,
      ordered_on: z.string(),
      expected: z.string(),
      received_on: z.string().optional(),
    })
    .transform(({ amount, currency, ordered_on, received_on, ...row }) => ({
      ...row,
      amount: moneyOf(amount, currency),
      orderedOn: ordered_on,
      receivedOn: received_on ?? null,
    }))
    .pipe(StockOrder),
});
