/** UBL 2.1 (OASIS, ISO/IEC 19845): supplier invoices, our orders, our goods receipts. */
import { digestBytes } from '../../../kernel/digest.ts';
import { money, sum, type Money } from '../../../kernel/money.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { exact } from '../exact.ts';
import { Iban, InvoiceId, type GoodsReceipt, type Invoice, type Line, type Order, type SupplierId, type UnitPrice } from '../records.ts';
import { amount, chargesOf, disagreements, sumsOf } from './ubl-sums.ts';
import { FormatError, need, needNode, nodes, readXml, text, verbatim, type XmlNode } from './xml.ts';

/** Who a document's party is in our register; undefined for a stranger. */
export type KnownParty = (party: { readonly vat: string; readonly name: string }) => SupplierId | undefined;

/** A supplier invoice. Sums that do not agree become `problems`. @throws FormatError also for a supplier we do not know */
export function parseUblInvoice(xml: string, known: KnownParty): Invoice {
  const root = readXml(xml, 'Invoice');
  const number = need(root, 'ID', 'invoice');
  const where = `invoice \`${number}\``;
  const currency = need(root, 'DocumentCurrencyCode', where);
  const supplier = party(root, 'AccountingSupplierParty.Party', known, where);
  const lines = nodes(root, 'InvoiceLine').map((line) => parseLine(line, 'InvoicedQuantity', currency, where));
  const sums = sumsOf(root, lines, currency, where);
  return {
    id: checked(InvoiceId, `${supplier}:${number}`, where),
    supplier,
    number,
    issued: checked(LocalDate, need(root, 'IssueDate', where), where),
    due: checked(LocalDate, text(root, 'DueDate') ?? need(root, 'PaymentTerms.PaymentDueDate', where), where),
    order: text(root, 'OrderReference.ID') ?? null,
    lines,
    net: sums.net,
    tax: sums.tax,
    total: sums.payable,
    charges: chargesOf(sums),
    iban: checked(Iban, need(root, 'PaymentMeans.PayeeFinancialAccount.ID', where).replaceAll(' ', ''), where),
    discount: discount(root, sums.payable, where),
    note: nodes(root, 'Note')
      .map((note) => verbatim(note) ?? '')
      .join('\n'),
    problems: disagreements(sums),
    source: digestBytes(xml),
  };
}

const ALL = 100_000_000_000n; // percent, in billionths

function discount(root: XmlNode, total: Money, where: string): Invoice['discount'] {
  const terms = nodes(root, 'PaymentTerms').find((one) => text(one, 'SettlementDiscountPercent') !== undefined);
  if (!terms) return null;
  const percent = need(terms, 'SettlementDiscountPercent', where);
  if (exact(percent) < 0n || exact(percent) > ALL)
    throw new FormatError('field_invalid', `${where}: \`${percent}\` is no discount; it takes 0 to 100 percent.`);
  const less = (BigInt(total.minor) * exact(percent) + ALL / 2n) / ALL;
  if (less <= 0n) return null; // it takes nothing off
  return {
    percent,
    until: checked(LocalDate, need(terms, 'SettlementPeriod.EndDate', where), where),
    total: money(total.minor - Number(less), total.currency),
  };
}

/** A purchase order that we placed. @throws FormatError */
export function parseUblOrder(xml: string, known: KnownParty): Order {
  const root = readXml(xml, 'Order');
  const number = need(root, 'ID', 'order');
  const where = `order \`${number}\``;
  const currency = need(root, 'DocumentCurrencyCode', where);
  const lines = nodes(root, 'OrderLine.LineItem').map((line) => parseLine(line, 'Quantity', currency, where));
  return {
    number,
    supplier: party(root, 'SellerSupplierParty.Party', known, where),
    ordered: checked(LocalDate, need(root, 'IssueDate', where), where),
    orderedBy: text(root, 'BuyerCustomerParty.Party.Contact.ID') ?? '',
    lines,
    net: sum(
      lines.map((line) => line.net),
      currency,
    ),
  };
}

/** A receipt advice: what came, as our people counted it. @throws FormatError */
export function parseUblReceipt(xml: string): GoodsReceipt {
  const root = readXml(xml, 'ReceiptAdvice');
  const number = need(root, 'ID', 'receipt');
  const where = `receipt \`${number}\``;
  return {
    number,
    order: need(root, 'OrderReference.ID', where),
    received: checked(LocalDate, need(root, 'IssueDate', where), where),
    receivedBy: text(root, 'DeliveryCustomerParty.Party.Contact.ID') ?? '',
    lines: nodes(root, 'ReceiptLine').map((line) => ({ item: itemOf(line, where), quantity: need(line, 'ReceivedQuantity', where) })),
  };
}

function parseLine(line: XmlNode, quantity: string, currency: string, where: string): Line {
  return {
    item: itemOf(line, where),
    description: text(line, 'Item.Name') ?? text(line, 'Item.Description') ?? '',
    quantity: need(line, quantity, where),
    unit: text(line, `${quantity}.@unitCode`) ?? 'C62', // UN/ECE Recommendation 20: one
    price: priceAt(line, currency, where),
    net: amount(line, 'LineExtensionAmount', currency, where),
  };
}

/** BT-146, exact, for the base quantity of BT-149; the amounts made of it are rounded, and it is not. */
function priceAt(line: XmlNode, currency: string, where: string): UnitPrice {
  const stated = text(line, 'Price.PriceAmount.@currencyID') ?? currency;
  if (stated !== currency) throw new FormatError('field_invalid', `${where}: \`Price/PriceAmount\` is in ${stated}, the document in ${currency}.`);
  const [price, per] = [need(line, 'Price.PriceAmount', where), text(line, 'Price.BaseQuantity') ?? '1'];
  if (!DECIMAL.test(price)) throw new FormatError('field_invalid', `${where}: \`${price}\` is no unit price; it is a decimal with at most nine places.`);
  if (!DECIMAL.test(per) || exact(per) <= 0n)
    throw new FormatError('field_invalid', `${where}: \`${per}\` is no base quantity; it is a decimal above nothing.`);
  return { amount: price, currency, per };
}

const DECIMAL = /^-?\d+(\.\d{1,9})?$/;

const itemOf = (line: XmlNode, where: string): string =>
  text(line, 'Item.BuyersItemIdentification.ID') ?? text(line, 'Item.SellersItemIdentification.ID') ?? need(line, 'Item.Name', where);

function party(root: XmlNode, path: string, known: KnownParty, where: string): SupplierId {
  const node = needNode(root, path, where);
  const vat = text(node, 'PartyTaxScheme.CompanyID') ?? '';
  const name = text(node, 'PartyLegalEntity.RegistrationName') ?? text(node, 'PartyName.Name') ?? '';
  const supplier = known({ vat, name });
  if (supplier === undefined)
    throw new FormatError(
      'field_invalid',
      `${where}: \`${name}\` (VAT \`${vat}\`) is not in the supplier register; hand in a list of suppliers that names it (docs/how-to/bring-your-own-records.md).`,
    );
  return supplier;
}

function checked<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly { message: string }[] } } },
  value: string,
  where: string,
): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new FormatError('field_invalid', `${where}: \`${value}\`: ${parsed.error.issues[0]?.message ?? 'not valid'}.`);
  return parsed.data;
}
