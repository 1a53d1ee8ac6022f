/** The ports of finance. Reading and writing are different types: reconcilers and read tools cannot write. */
import type { ProposalId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { Match } from './match.ts';
import type { GoodsReceipt, Iban, Invoice, InvoiceId, Order, Payment, StatementLine, Supplier, SupplierId } from './records.ts';
import type { FinanceSettings } from './settings.ts';

export type InvoiceState = 'open' | 'held' | 'instructed' | 'paid';

/** What a release lifts: the findings that stood when it was given, and none that came later. */
export interface Released {
  readonly duplicateOf: string | null;
  readonly reasons: readonly string[]; // of the match
}

/** Everything on file about one invoice. */
export interface Dossier {
  readonly invoice: Invoice;
  readonly state: InvoiceState;
  readonly heldBecause: string; // empty unless held
  readonly supplier: Supplier | undefined;
  readonly order: Order | undefined;
  readonly receipts: readonly GoodsReceipt[];
  readonly match: Match; // as found when the newest of these records was filed
  readonly duplicateOf: string | null;
  readonly released: Released | null; // a person said that it may be paid, for all that was found of it then
  readonly attempts: number; // payments that were withdrawn or rejected
}

export interface FinanceReads {
  settings(): Promise<FinanceSettings>;
  /** Ids of invoices in a state, ordered by due date and id. */
  invoices(state: InvoiceState): Promise<readonly InvoiceId[]>;
  dossier(invoice: InvoiceId): Promise<Dossier | undefined>;
  /** Closing balance of the newest booked statement, and its last day; undefined before the first one. */
  balance(account: Iban): Promise<{ readonly amount: Money; readonly on: LocalDate } | undefined>;
  /** Balance at the end of each day from a day on, up to the last that a statement covers; empty before the first statement. */
  balances(account: Iban, from: LocalDate): Promise<readonly { readonly on: LocalDate; readonly amount: Money }[]>;
  /** Payments that have not been seen on a statement: instructed or sent. */
  pendingPayments(): Promise<readonly Payment[]>;
  payment(key: ProposalId): Promise<Payment | undefined>;
  /** Payments in a state or of an invoice, the latest first, at most 200. */
  payments(which: { readonly state: Payment['state'] } | { readonly invoice: InvoiceId }): Promise<readonly Payment[]>;
  /** Suppliers whose VAT id another one had before; at most 1000. */
  vatTwins(): Promise<readonly { readonly supplier: SupplierId; readonly name: string; readonly of: SupplierId; readonly since: LocalDate }[]>;
  /** Debits on statements that no payment of ours explains, and which nobody has explained. */
  unexplainedDebits(): Promise<readonly StatementLine[]>;
  /** One of them; undefined where it is explained or not on file. @param reference the bank's own */
  unexplainedDebit(account: Iban, reference: string): Promise<StatementLine | undefined>;
  /** Credits by which a bank sent something back that was no payment of ours, or none that had been paid; at most 1000. */
  unmatchedReturns(): Promise<readonly StatementLine[]>;
}

export interface FinanceWrites {
  /** Same key and order: nothing more happens. @throws FinanceError `key_reused` for another order, `invoice_not_open`, `discount_over` where it would execute after the discount that it takes */
  instruct(payment: Omit<Payment, 'state' | 'reason'>): Promise<Payment>;
  /** Until the payment was sent; its invoice is held with the reason, and what it drew of its budgets is free again. @throws FinanceError `payment_unknown`, `already_sent` */
  withdraw(key: ProposalId, reason: string): Promise<Payment>;
  /** Held again: the newer reason stands. @throws FinanceError `invoice_unknown`, `invoice_not_open` */
  hold(invoice: InvoiceId, reason: string, key: ProposalId): Promise<void>;
  /** Opens a held invoice again; what it was held for is not asked again. @throws FinanceError `invoice_unknown`, `invoice_not_held` */
  release(invoice: InvoiceId): Promise<void>;
  /** What `instruct` needs from the master record. @throws FinanceError `invoice_unknown`, `supplier_unknown`, `no_paying_account` */
  payer(invoice: InvoiceId): Promise<{ readonly account: Iban; readonly supplier: Supplier; readonly executeOn: LocalDate }>;
}

/** A finance record is missing or in a state in which the call makes no sense. */
export class FinanceError extends Error {
  override readonly name = 'FinanceError';
  constructor(
    readonly code:
      | 'key_reused'
      | 'payment_unknown'
      | 'already_sent'
      | 'invoice_unknown'
      | 'invoice_not_open'
      | 'discount_over'
      | 'invoice_not_held'
      | 'supplier_unknown'
      | 'no_paying_account',
    message: string,
  ) {
    super(message);
  }
}
