import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { Money, show } from '../../../kernel/money.ts';
import { reorder } from '../facts.ts';
import type { OperationsWrites } from '../ports.ts';
import { ItemCode, Pieces } from '../records.ts';

/** Orders stock from its supplier: a UBL order leaves, and what is ordered counts from then on. */
export const reorderStock = defineWriteTool<OperationsWrites>()({
  name: 'operations.reorder_stock',
  summary: 'Order stock of one item from its declared supplier at the declared price',
  classification: 'internal',
  effect: 'outbound',
  input: z.strictObject({ item: ItemCode, site: z.string().min(1).max(60), quantity: Pieces.min(1), supplier: z.string().min(1).max(40), amount: Money }),
  output: z.strictObject({ order: z.string(), expected: z.string() }),
  governs: { item: 'identifier', site: 'identifier', quantity: 'amount', supplier: 'recipient', amount: 'amount' },
  facts: reorder,
  resource: { type: 'Item', argument: 'item' },
  amount: 'amount',
  compensation: { tool: null, why: 'The order has left for the supplier. Call them, and cancel it there; what comes all the same is sent back.' },
  answers: ['edit', 'respond'],
  card: ({ item, site, quantity, supplier, amount }, onRecord) => [
    { label: 'Order', value: `${quantity} × ${onRecord['item'] ?? item}` },
    { label: 'For', value: site },
    ...(onRecord['level'] === undefined
      ? []
      : [{ label: 'Stock', value: `${Number(onRecord['level']) + quantity} with it`, before: `${onRecord['level']} left` }]),
    { label: 'From', value: onRecord['seller'] ?? supplier },
    { label: 'Cost', value: show(amount) },
  ],
  run: async (order, operations, { proposal }) => {
    const made = await operations.order({ ...order, key: proposal });
    return { order: made.order, expected: made.expected };
  },
});
