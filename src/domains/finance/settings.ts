/** `desired/finance.yaml`: how the books should look. Amounts are decimals in the organization's currency. */
import { z } from 'zod';
import { Iban, SupplierId } from './records.ts';

const Amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'an amount is written like "2500.00", in quotes');

const Percent = z.string().regex(/^\d{1,3}(\.\d{1,9})?$/, 'a percentage is written like "2" or "2.5", in quotes');

export const FinanceSettings = z.strictObject({
  accounts: z.array(z.strictObject({ iban: Iban, bic: z.string().optional(), name: z.string(), floor: Amount, pays_suppliers: z.boolean() })), // none where the owners have ratified none of those declared
  cutoff: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written like "15:00", in quotes'), // when the day's payments leave, on working days
  pay_days_ahead: z.int().min(0).max(30), // an invoice is paid when it falls due within as many days
  discount_worth_percent_a_year: Percent, // take an early-payment discount when it yields at least this
  tolerance: z.strictObject({ price_percent: Percent, amount: Amount }), // of the three-way match
  new_supplier_days: z.int().min(0),
  account_change_days: z.int().min(0),
  supplier_month_limit: Amount, // unless the supplier has one of its own
  supplier_limits: z.record(SupplierId, Amount).default({}),
  /** Rent, wages, our own other accounts: a debit to one is explained up to `at_most`, in the organization's currency; without it, whatever its amount. */
  regular_debits: z.array(z.strictObject({ name: z.string(), iban: Iban, at_most: Amount.optional() })).default([]),
  budgets: z.array(z.strictObject({ line: z.string(), name: z.string(), month: Amount })).min(1),
});
export type FinanceSettings = z.infer<typeof FinanceSettings>;
