/** The records that finance reads: what people and other houses wrote, as parsed from their formats. */
import { z } from 'zod';
import { sensitive } from '../../kernel/sensitive.ts';
import { Digest } from '../../kernel/digest.ts';
import { ProposalId } from '../../kernel/ids.ts';
import { Currency, decimal, Money } from '../../kernel/money.ts';
import { JsonArgs } from '../../kernel/text.ts';
import { LocalDate } from '../../kernel/time.ts';

/** ISO 13616: country, check digits, account; right check digits (mod 97 is 1), without spaces. */
export const Iban = sensitive(
  z
    .string()
    .regex(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, 'an IBAN has two letters, two digits and 11 to 30 letters or digits, without spaces')
    .refine((iban) => mod97(iban) === 1, 'the check digits of this IBAN are wrong')
    .brand('Iban'),
  'bank_details',
);
export type Iban = z.infer<typeof Iban>;

function mod97(iban: string): number {
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

export const SupplierId = z.string().regex(/^S-\d{3,6}$/, 'a supplier id is `S-` and three to six digits');
export type SupplierId = z.infer<typeof SupplierId>;
/** `S-014:2026-0193`: the supplier, and the number that the supplier gave. */
export const InvoiceId = z.string().regex(/^S-\d{3,6}:\S{1,60}$/, 'an invoice id is the supplier id, a colon and the invoice number');
export type InvoiceId = z.infer<typeof InvoiceId>;

export const Address = z.strictObject({ street: z.string(), number: z.string(), postcode: z.string(), town: z.string(), country: z.string().length(2) });
export type Address = z.infer<typeof Address>;

/** A row of the supplier register: master data kept by staff. */
export const Supplier = z.strictObject({
  id: SupplierId,
  name: z.string(),
  vat: z.string(), // its VAT number, by which its documents name it
  iban: Iban,
  bic: z.string().nullable(),
  address: Address,
  since: LocalDate,
  accountSince: LocalDate, // when the account on record was last changed
  registeredBy: z.string(), // person id; of one who was there before Charter, what the organization's base says
  budgetLine: z.string(),
  status: z.enum(['active', 'blocked']),
});
export type Supplier = z.infer<typeof Supplier>;

/** A row as it is handed in. When and by whom it was registered is believed in an organization's base alone. */
export const SupplierEntry = Supplier.partial({ since: true, accountSince: true, registeredBy: true });
export type SupplierEntry = z.infer<typeof SupplierEntry>;

/** An exact price for `per` units, in decimals as the documents have them: `64.4950`, for `1`. */
const ExactPrice = z.strictObject({ amount: z.string(), currency: Currency, per: z.string() });
/** Records filed before prices were exact have them in minor units, of one. */
const UnitPrice = z.union([ExactPrice, Money.transform((amount) => ({ amount: decimal(amount), currency: amount.currency, per: '1' }))]);
export type UnitPrice = z.output<typeof UnitPrice>;

/** Quantities are decimals in text, as the documents have them; `unit` as UN/ECE Recommendation 20. */
export const Line = z.strictObject({ item: z.string(), description: z.string(), quantity: z.string(), unit: z.string(), price: UnitPrice, net: Money });
export type Line = z.infer<typeof Line>;

/** A supplier invoice, from UBL 2.1. Everything in it was written outside: untrusted. */
export const Invoice = z.strictObject({
  id: InvoiceId,
  supplier: SupplierId,
  number: z.string(),
  issued: LocalDate,
  due: LocalDate,
  order: z.string().nullable(), // our purchase order's number, as the supplier quotes it
  lines: z.array(Line),
  net: Money,
  tax: Money,
  total: Money, // what is to be paid: less what is prepaid
  charges: Money.nullable().default(null), // beside the lines' prices, within the net amount: freight, packing; null: none are told
  iban: Iban, // the account that the invoice asks to be paid to
  discount: z.strictObject({ percent: z.string(), until: LocalDate, total: Money }).nullable(), // total: payable when paid by `until`
  note: z.string(),
  problems: z.array(z.string()), // sums that do not agree, in words
  source: Digest, // of the file
});
export type Invoice = z.infer<typeof Invoice>;

const Quantity = z.string().regex(/^\d+(\.\d{1,9})?$/, 'is not a quantity of nothing or more, with at most nine decimals');
const Price = z.strictObject({
  amount: z.string().regex(/^\d+(\.\d{1,9})?$/, 'is not a price of nothing or more, with at most nine decimals'),
  currency: Currency,
  per: Quantity.refine((per) => /[1-9]/.test(per), 'is not above nothing'),
});
const owed = (amount: Money): boolean => amount.minor >= 0;
const OWED = 'is less than nothing; a credit is settled with the supplier by people, and not filed as a bill';

/** What an invoice must be to be filed at all: text that can be kept, and nothing that would lessen what others billed. */
export const FilableInvoice = Invoice.extend({
  lines: z.array(Line.extend({ quantity: Quantity, price: Price, net: Money.refine(owed, OWED) })),
  net: Money.refine(owed, OWED),
  tax: Money.refine(owed, OWED),
  total: Money.refine(owed, OWED),
})
  .refine(({ discount, total }) => discount === null || (owed(discount.total) && discount.total.minor < total.minor), {
    path: ['discount'],
    message: 'leaves less than nothing, or takes nothing off',
  })
  .refine(({ discount, total }) => discount === null || discount.total.currency === total.currency, { path: ['discount'], message: 'is in another currency' })
  .refine((invoice) => JsonArgs.safeParse(invoice).success, 'holds a NUL character or half of a surrogate pair, which cannot be kept');

export const Order = z.strictObject({ number: z.string(), supplier: SupplierId, ordered: LocalDate, orderedBy: z.string(), lines: z.array(Line), net: Money });
export type Order = z.infer<typeof Order>;

export const GoodsReceipt = z.strictObject({
  number: z.string(),
  order: z.string(),
  received: LocalDate,
  receivedBy: z.string(),
  lines: z.array(z.strictObject({ item: z.string(), quantity: z.string() })),
});
export type GoodsReceipt = z.infer<typeof GoodsReceipt>;

/** A booked line of a bank statement; `amount` is negative for what left. */
export const StatementLine = z.strictObject({
  account: Iban,
  reference: z.string(), // the bank's own (AcctSvcrRef), unique in the account
  booked: LocalDate,
  amount: Money,
  counterparty: z.string(),
  counterpartyIban: sensitive(z.string(), 'bank_details').nullable(),
  endToEndId: z.string().nullable(),
  remittance: z.string(),
  returned: z.string().nullable(), // why the bank sent a payment of ours back; the line is its credit
});
export type StatementLine = z.infer<typeof StatementLine>;

/** A bank statement, from CAMT.053. */
export const Statement = z.strictObject({
  id: z.string(),
  account: Iban,
  from: LocalDate,
  to: LocalDate,
  opening: Money,
  closing: Money,
  lines: z.array(StatementLine),
  problems: z.array(z.string()), // where opening, lines and closing do not add up
  source: Digest,
});
export type Statement = z.infer<typeof Statement>;

export const PaymentState = z.enum(['instructed', 'sent', 'paid', 'rejected', 'withdrawn']);
/** Our order to the bank. `instructed` until it leaves in a file, `sent` until a statement shows it. */
export const Payment = z.strictObject({
  key: ProposalId,
  invoice: InvoiceId,
  supplier: SupplierId,
  payee: Iban,
  payeeName: z.string(),
  amount: Money,
  account: Iban, // ours
  executeOn: LocalDate,
  state: PaymentState,
  reason: z.string(), // of a rejection or withdrawal, else empty
});
export type Payment = z.infer<typeof Payment>;
