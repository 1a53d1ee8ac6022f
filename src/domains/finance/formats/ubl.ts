/** UBL 2.1 (OASIS, ISO/IEC 19845): supplier invoices, our orders, our goods receipts. */
import { digestBytes } from '../../../kernel/digest.ts';
import { add, money, moneyOf, show, sum, type Money } from '../../../kernel/money.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { exact } from '../match.ts';
import { Iban, InvoiceId, type GoodsReceipt, type Invoice, type Line, type Order, type SupplierId } from '../records.ts';
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
  const total = amount(root, 'LegalMonetaryTotal.PayableAmount', currency, where);
  const invoice = {
    id: checked(InvoiceId, `${supplier}:${number}`, where),
    supplier,
    number,
    issued: checked(LocalDate, need(root, 'IssueDate', where), where),
    due: checked(LocalDate, text(root, 'DueDate') ?? need(root, 'PaymentTerms.PaymentDueDate', where), where),
    order: text(root, 'OrderReference.ID') ?? null,
    lines: nodes(root, 'InvoiceLine').map((line) => parseLine(line, 'InvoicedQuantity', currency, where)),
    net: amount(root, 'LegalMonetaryTotal.TaxExclusiveAmount', currency, where),
    tax: amount(root, 'TaxTotal.TaxAmount', currency, where),
    total,
    iban: checked(Iban, need(root, 'PaymentMeans.PayeeFinancialAccount.ID', where).replaceAll(' ', ''), where),
    discount: discount(root, total, where),
    note: nodes(root, 'Note')
      .map((note) => verbatim(note) ?? '')
      .join('\n'),
    source: digestBytes(xml),
  };
  return { ...invoice, problems: disagreements(invoice, currency) };
}

/** BR-CO-10, BR-CO-13 and BR-CO-15 of EN 16931: lines make the net, net and tax the total; and price times quantity each line. */
function disagreements({ lines, net, tax, total }: Pick<Invoice, 'lines' | 'net' | 'tax' | 'total'>, currency: string): string[] {
  const problems: string[] = [];
  const ofLines = sum(
    lines.map((line) => line.net),
    currency,
  );
  if (ofLines.minor !== net.minor) problems.push(`the lines make ${show(ofLines)}, the net amount says ${show(net)}`);
  const withTax = add(net, tax);
  if (withTax.minor !== total.minor) problems.push(`net and tax make ${show(withTax)}, the payable amount says ${show(total)}`);
  for (const line of lines) {
    const product = times(line.price, line.quantity);
    if (Math.abs(product.minor - line.net.minor) > 1)
      problems.push(`\`${line.item}\`: ${line.quantity} at ${show(line.price)} make ${show(product)}, the line says ${show(line.net)}`);
  }
  return problems;
}

/** Price times a decimal quantity, rounded half up to the minor unit. */
function times(price: Money, quantity: string): Money {
  const scaled = BigInt(price.minor) * exact(quantity);
  return money(Number((scaled + 500_000_000n) / 1_000_000_000n), price.currency);
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
    price: amount(line, 'Price.PriceAmount', currency, where),
    net: amount(line, 'LineExtensionAmount', currency, where),
  };
}

const itemOf = (line: XmlNode, where: string): string =>
  text(line, 'Item.BuyersItemIdentification.ID') ?? text(line, 'Item.SellersItemIdentification.ID') ?? need(line, 'Item.Name', where);

function amount(node: XmlNode, path: string, currency: string, where: string): Money {
  const stated = text(node, `${path}.@currencyID`) ?? currency;
  if (stated !== currency) throw new FormatError('field_invalid', `${where}: \`${path}\` is in ${stated}, the document in ${currency}.`);
  return moneyOf(need(node, path, where), currency);
}

function party(root: XmlNode, path: string, known: KnownParty, where: string): SupplierId {
  const node = needNode(root, path, where);
  const vat = text(node, 'PartyTaxScheme.CompanyID') ?? '';
  const name = text(node, 'PartyLegalEntity.RegistrationName') ?? text(node, 'PartyName.Name') ?? '';
  const supplier = known({ vat, name });
  if (supplier === undefined)
    throw new FormatError(
      'field_invalid',
      `${where}: \`${name}\` (VAT \`${vat}\`) is not in the supplier register; register the supplier, then add the file again.`,
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
