/** Operations on PostgreSQL. */
import { maintenance, reorder } from '../../../domains/operations/facts.ts';
import type { OperationsReads, OperationsWrites } from '../../../domains/operations/ports.ts';
import { machines } from '../../../domains/operations/registers/machines.ts';
import { movements } from '../../../domains/operations/registers/movements.ts';
import { openOrders } from '../../../domains/operations/registers/open-orders.ts';
import { stock } from '../../../domains/operations/registers/stock.ts';
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
  context: operationsContext,
};
