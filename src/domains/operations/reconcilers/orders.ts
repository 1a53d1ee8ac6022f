/** Orders against the day on which they should have arrived. */
import { defineReconciler } from '../../../kernel/define.ts';
import type { OperationsReads } from '../ports.ts';

export const overdueOrder = defineReconciler<OperationsReads>()({
  name: 'operations.overdue_order',
  domain: 'operations',
  keys: async (operations) => (await operations.openOrders()).map(({ order }) => order),
  desired: async () => 'arrived' as const,
  observed: async (order, operations) => (await operations.openOrders()).find((one) => one.order === order),
  drift(order, _arrived, found, now) {
    if (!found || found.expected >= now.date) return [];
    const why = `order \`${order}\` of ${found.quantity} \`${found.item}\` from \`${found.supplier}\` should have arrived on ${found.expected}`;
    return [{ subject: order, why, arose: found.expected, facts: { expected: found.expected, quantity: found.quantity } }];
  },
});
