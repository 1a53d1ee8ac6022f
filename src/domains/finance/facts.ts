/** What the gate knows of finance's calls. Sums include what is reserved, and never the proposal's own. */
import { defineFacts } from '../../kernel/facts.ts';

/** Paying a supplier invoice. */
export const payment = defineFacts(
  'payment',
  'Money',
  {
    amount_minor: 'long',
    home_currency: 'bool',
    spent_day_minor: 'long', // by this agent, this business day
    spent_supplier_month_minor: 'long',
    limit_supplier_month_minor: 'long',
    spent_budget_month_minor: 'long', // of the budget line, this calendar month
    limit_budget_month_minor: 'long',
    invoice_known: 'bool',
    invoice_open: 'bool', // neither held, instructed nor paid
    invoice_amount_agrees: 'bool', // the call pays what the invoice asks, or that less its discount in time
    sums_agree: 'bool', // lines, tax and total of the invoice add up
    matched: 'bool', // order, receipt and invoice agree within tolerance
    duplicate: 'bool', // another invoice of the supplier has the number, or the order, lines and amount; and nobody released it for that
    supplier: 'text', // its id; empty where the invoice has none on record
    supplier_known: 'bool', // in the supplier register, and active
    supplier_new: 'bool', // registered less than the declared number of days ago
    account_of_record: 'bool', // the call pays to the account in the supplier's master record
    account_changed_lately: 'bool', // that record's account changed less than the declared number of days ago
    budget_line_moved_lately: 'bool', // it was booked on another budget line, less than that number of days ago
    account_refused: 'bool', // the bank sent a payment to this account back
    requester_registered_supplier: 'bool', // or filed the account on record: segregation of duties
    supplier_unproven: 'bool', // somebody here filed it, or its account, and nothing was paid to that account yet
    supplier_vat_shared: 'bool', // another supplier had its VAT id before
    supplier_stopped: 'bool', // compliance stopped payments to it
  },
  ['spent_day_minor', 'spent_supplier_month_minor', 'spent_budget_month_minor', 'limit_supplier_month_minor', 'limit_budget_month_minor'],
);

/** Taking back a payment. */
export const withdrawal = defineFacts('withdrawal', 'TakeBack', { payment_known: 'bool', before_cutoff: 'bool' });

/** Releasing a held invoice. */
export const release = defineFacts('release', 'Release', { invoice_known: 'bool', invoice_held: 'bool', sums_agree: 'bool' });

/** Holding an invoice. */
export const invoice = defineFacts('invoice', 'OnInvoice', { invoice_known: 'bool', invoice_open: 'bool' });
