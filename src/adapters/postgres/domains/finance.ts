/** Finance on PostgreSQL. */
import { invoice, payment, release, withdrawal } from '../../../domains/finance/facts.ts';
import type { FinanceReads, FinanceWrites } from '../../../domains/finance/ports.ts';
import { invoices } from '../../../domains/finance/registers/invoices.ts';
import { suppliers } from '../../../domains/finance/registers/suppliers.ts';
import { bindRegister, type DomainAdapter } from '../domain.ts';
import { budgetKeysSql, invoiceFactsSql, paymentFactsSql, releaseFactsSql, withdrawalFactsSql } from '../facts/finance.ts';
import { financeReads, financeWrites } from '../finance.ts';
import { fileInvoice, fileSupplier } from '../filing.ts';
import { cardContext } from '../organizations.ts';

export const adapter: DomainAdapter<FinanceReads, FinanceWrites> = {
  reads: financeReads,
  writes: financeWrites,
  facts: { [payment.name]: paymentFactsSql, [withdrawal.name]: withdrawalFactsSql, [invoice.name]: invoiceFactsSql, [release.name]: releaseFactsSql },
  budgets: { [payment.name]: budgetKeysSql },
  registers: [
    bindRegister(suppliers, async (sql, org, rows, _at, filing) => {
      for (const row of rows) await fileSupplier(sql, org, row, filing);
      return undefined;
    }),
    bindRegister(invoices, async (sql, org, rows) => {
      for (const row of rows) {
        const why = await fileInvoice(sql, org, row);
        if (why !== undefined) return why;
      }
      return undefined;
    }),
  ],
  context: (sql, org, args) => (typeof args['invoice'] === 'string' ? cardContext(sql, org, args['invoice']) : Promise.resolve({})),
};
