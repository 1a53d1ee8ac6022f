/** `desired/operations.yaml`: how much of what there should be, and how often machines are serviced. */
import { z } from 'zod';
import { ItemCode, MachineCode, Pieces } from './records.ts';

const Price = z.string().regex(/^\d+(\.\d{1,2})?$/, 'a price is written like "48.50", in quotes');

export const OperationsSettings = z.strictObject({
  items: z
    .array(
      z
        .strictObject({
          item: ItemCode,
          name: z.string().min(1),
          site: z.string(),
          unit: z.string().min(1), // UN/ECE Recommendation 20, such as H87 (piece) or MTK (square metre)
          minimum: Pieces,
          target: Pieces,
          pack: Pieces.min(1), // ordered in multiples of so many
          supplier: z.string(), // of the supplier register
          price: Price, // of one
          lead_days: z.int().min(0).max(365),
        })
        .refine(({ minimum, target }) => minimum <= target, { message: 'the minimum is above the target', path: ['minimum'] }),
    )
    .default([]),
  machines: z
    .array(
      z.strictObject({
        machine: MachineCode,
        name: z.string().min(1),
        every_days: z.int().min(1),
        every_hours: z.int().min(1),
        serviced_by: z.string().min(1),
      }),
    )
    .default([]),
  service_days_ahead: z.int().min(0).max(60).default(7), // a service is booked so long before it falls due
});
export type OperationsSettings = z.infer<typeof OperationsSettings>;
export type Item = OperationsSettings['items'][number];
export type MachineRule = OperationsSettings['machines'][number];
