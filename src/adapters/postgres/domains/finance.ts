/** Finance on PostgreSQL. */
import { invoice, payment, release, withdrawal } from '../../../domains/finance/facts.ts';
import type { FinanceReads, FinanceWrites } from '../../../domains/finance/ports.ts';
import { invoices } from '../../../domains/finance/registers/invoices.ts';
import { suppliers } from '../../../domains/finance/registers/suppliers.ts';
import { payInvoice } from '../../../domains/finance/tools/pay-invoice.ts';
import { Money, show } from '../../../kernel/money.ts';
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
  really: {
    [payInvoice.name]: async (sql, org, { args }) => {
      const { invoice, payee, amount } = payInvoice.input.parse(args);
      const [line] = await sql<{ iban: string | null; minor: number; currency: string; day: string }>(
        `select counterparty_iban iban, (-minor)::float8 minor, currency, booked::text as day from statement_line where org = $1 and explained_by = $2 and minor < 0 order by booked limit 1`,
        [org, invoice],
      );
      if (!line) return undefined;
      const paid = Money.parse({ minor: line.minor, currency: line.currency });
      const elsewhere = line.iban !== payee;
      return { same: !elsewhere && show(paid) === show(amount), says: `paid ${show(paid)} on ${line.day}${elsewhere ? ', to another account' : ''}` };
    },
  },
  context: (sql, org, args) => (typeof args['invoice'] === 'string' ? cardContext(sql, org, args['invoice']) : Promise.resolve({})),
};
