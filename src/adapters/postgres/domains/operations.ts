/** Operations on PostgreSQL. */
import { maintenance, reorder } from '../../../domains/operations/facts.ts';
import type { OperationsReads, OperationsWrites } from '../../../domains/operations/ports.ts';
import { machines } from '../../../domains/operations/registers/machines.ts';
import { movements } from '../../../domains/operations/registers/movements.ts';
import { openOrders } from '../../../domains/operations/registers/open-orders.ts';
import { stock } from '../../../domains/operations/registers/stock.ts';
import { bookMaintenance } from '../../../domains/operations/tools/book-maintenance.ts';
import { reorderStock } from '../../../domains/operations/tools/reorder-stock.ts';
import { bindRegister, type DomainAdapter } from '../domain.ts';
import { maintenanceFactsSql, reorderBudgetsSql, reorderFactsSql } from '../facts/operations.ts';
import { fileCounts, fileMachines, fileMovements, fileStockOrders, operationsContext, operationsReads, operationsWrites } from '../operations.ts';

export const adapter: DomainAdapter<OperationsReads, OperationsWrites> = {
  reads: operationsReads,
  writes: operationsWrites,
  facts: { [reorder.name]: reorderFactsSql, [maintenance.name]: maintenanceFactsSql },
  budgets: { [reorder.name]: reorderBudgetsSql },
  registers: [
    bindRegister(stock, fileCounts),
    bindRegister(movements, fileMovements),
    bindRegister(machines, fileMachines),
    bindRegister(openOrders, fileStockOrders),
  ],
  really: {
    [reorderStock.name]: async (sql, org, { args, since }) => {
      const { item, site, quantity, supplier } = reorderStock.input.parse(args);
      const [order] = await sql<{ quantity: number; supplier: string; day: string }>(
        'select quantity, supplier, ordered_on::text as day from stock_order where org = $1 and item = $2 and site = $3 and ordered_on >= $4 order by ordered_on, number limit 1',
        [org, item, site, since],
      );
      if (!order) return undefined;
      const same = order.quantity === quantity && order.supplier === supplier;
      return { same, says: `${order.quantity} ordered from ${order.supplier} on ${order.day}` };
    },
    [bookMaintenance.name]: async (sql, org, { args, since }) => {
      const { machine, day } = bookMaintenance.input.parse(args);
      const [booked] = await sql<{ day: string; by: string }>(
        'select day::text as day, by_whom as by from maintenance where org = $1 and machine = $2 and day >= $3 order by day limit 1',
        [org, machine, since],
      );
      return booked && { same: booked.day === day, says: `booked for ${booked.day}, by ${booked.by}` };
    },
  },
  context: operationsContext,
};
