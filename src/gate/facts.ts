/**
 * The facts that one judgment rests on. They come from trusted records only, read in one statement after the locks of
 * their budgets were taken (`src/adapters/postgres/facts/`), and never from the model. All money is in minor units of the
 * organization's currency. A fact that is absent fails the parse, and the gate denies.
 */
import { z } from 'zod';
import { Level, Role } from '../kernel/nouns.ts';
import { Governs } from '../kernel/nouns.ts';
import { PersonId } from '../kernel/ids.ts';

const Count = z.int().min(0);
const Minor = z.int();

/** What every call carries. */
export const BaseFacts = z.strictObject({
  halted: z.boolean(), // of the agent, its domain or the organization
  level: Level,
  tool_granted: z.boolean(), // the ratified agent lists the tool
  person_active: z.boolean(), // true where the agent acts for the organization
  chain_length: Count, // hops from a person or the organization to this agent
  limit_call_minor: Minor, // the least along the chain, for one call
  limit_day_minor: Minor, // the least along the chain, for one business day
  calls_last_minute_agent: Count,
  calls_last_minute_person: Count, // over all agents; denied calls do not count
  hour: z.int().min(0).max(23), // business clock, the organization's zone
  weekday: z.int().min(1).max(7),
  untrusted: z.array(Governs), // kinds of governing arguments known from untrusted content alone
  approvals: z.partialRecord(Role, Count), // distinct, eligible, unexpired, for this proposal and this slice; never the requester
  approved_by: z.array(PersonId),
  requester_is_sole: z.boolean(), // nobody else holds a role whose article names a sole approver
  requester: PersonId.nullable(),
});
export type BaseFacts = z.infer<typeof BaseFacts>;

/** What a payment of a supplier invoice carries besides. Sums include what is reserved, and never this proposal's own. */
export const PaymentFacts = z.strictObject({
  amount_minor: Minor,
  home_currency: z.boolean(),
  spent_day_minor: Minor, // by this agent, this business day
  spent_supplier_month_minor: Minor,
  limit_supplier_month_minor: Minor,
  spent_budget_month_minor: Minor, // of the budget line, this calendar month
  limit_budget_month_minor: Minor,
  invoice_known: z.boolean(),
  invoice_open: z.boolean(), // neither held, instructed nor paid
  invoice_amount_agrees: z.boolean(), // the call pays what the invoice asks, or that less its discount in time
  sums_agree: z.boolean(), // lines, tax and total of the invoice add up
  matched: z.boolean(), // order, receipt and invoice agree within tolerance
  duplicate: z.boolean(), // another invoice of the supplier has the number, or the order, lines and amount
  supplier_known: z.boolean(), // in the supplier register, and active
  supplier_new: z.boolean(), // registered less than the declared number of days ago
  account_of_record: z.boolean(), // the call pays to the account in the supplier's master record
  account_changed_lately: z.boolean(), // that record's account changed less than the declared number of days ago
  account_refused: z.boolean(), // the bank sent a payment to this account back
  requester_registered_supplier: z.boolean(), // segregation of duties
});
export type PaymentFacts = z.infer<typeof PaymentFacts>;

/** What taking back a payment carries besides. */
export const WithdrawalFacts = z.strictObject({ payment_known: z.boolean(), before_cutoff: z.boolean() });
export type WithdrawalFacts = z.infer<typeof WithdrawalFacts>;

/** What a call on an invoice (hold) carries besides. */
export const InvoiceFacts = z.strictObject({ invoice_known: z.boolean(), invoice_open: z.boolean() });
export type InvoiceFacts = z.infer<typeof InvoiceFacts>;

export const Facts = z.discriminatedUnion('facts', [
  z.strictObject({ facts: z.literal('none'), base: BaseFacts }),
  z.strictObject({ facts: z.literal('payment'), base: BaseFacts, payment: PaymentFacts }),
  z.strictObject({ facts: z.literal('payment_withdrawal'), base: BaseFacts, withdrawal: WithdrawalFacts }),
  z.strictObject({ facts: z.literal('invoice'), base: BaseFacts, invoice: InvoiceFacts }),
]);
export type Facts = z.infer<typeof Facts>;
