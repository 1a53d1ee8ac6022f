/** The record files of `examples/workshop`, and what was planted in them: pure, so that a month without what was planted is made the same way. */
import { writeCamt053 } from '../src/domains/finance/formats/camt053.ts';
import { escape } from '../src/domains/finance/formats/xml.ts';
import { Iban, type StatementLine } from '../src/domains/finance/records.ts';
import { add, decimal, money, type Money } from '../src/kernel/money.ts';
import { addDays, LocalDate } from '../src/kernel/time.ts';
import { suppliers, type Bill, type Supply } from './workshop-data.ts';
import { debits, OPENING, RESERVE_OPENING, type Month } from './workshop-months.ts';
import { staffingCalendars, staffingRegisters } from './workshop-staffing.ts';

const EUR = (minor: number): Money => money(minor, 'EUR');

/** ISO 13616: the check digits make the whole, as a number, 1 modulo 97. */
export function germanIban(bban: string): Iban {
  const rest = [...`${bban}131400`].reduce((sum, digit) => (sum * 10 + Number(digit)) % 97, 0);
  return Iban.parse(`DE${String(98 - rest).padStart(2, '0')}${bban}`);
}

export const OPERATING = germanIban('820510000012345678');
export const RESERVE = germanIban('820510000087654321');
const ibanOf = (supplier: Supply): Iban => germanIban(supplier.bban);
const ours = { name: 'Lindner & Voss Joinery', vat: 'DE811904476' };

const party = (name: string, vat: string, contact = ''): string => `<cac:Party>
      <cac:PartyName><cbc:Name>${escape(name)}</cbc:Name></cac:PartyName>
      <cac:PostalAddress><cbc:CityName>Weimar</cbc:CityName><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
      <cac:PartyTaxScheme><cbc:CompanyID>${vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
      <cac:PartyLegalEntity><cbc:RegistrationName>${escape(name)}</cbc:RegistrationName></cac:PartyLegalEntity>${contact === '' ? '' : `\n      <cac:Contact><cbc:ID>${contact}</cbc:ID></cac:Contact>`}
    </cac:Party>`;

const head = (root: string, id: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>
  <cbc:ID>${escape(id)}</cbc:ID>`;

const item = (code: string, name: string): string =>
  `<cac:Item><cbc:Name>${escape(name)}</cbc:Name><cac:BuyersItemIdentification><cbc:ID>${code}</cbc:ID></cac:BuyersItemIdentification></cac:Item>`;
const amount = (element: string, value: Money): string => `<cbc:${element} currencyID="${value.currency}">${decimal(value)}</cbc:${element}>`;
const lineNet = ({ quantity, price }: { quantity: number; price: number }): Money => EUR(Math.round(quantity * price));
const supplierOf = (id: string): Supply => suppliers.find((supplier) => supplier.id === id) ?? fail(id);
function fail(id: string): never {
  throw new RangeError(`There is no supplier \`${id}\`.`);
}

export interface Totals {
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
}
export function totals(bill: Bill): Totals {
  const net = bill.lines.map(lineNet).reduce(add, EUR(0));
  const tax = EUR(Math.round((net.minor * 19) / 100));
  return { net, tax, total: EUR(net.minor + tax.minor + (bill.wrongBy ?? 0)) };
}

function invoiceXml(bill: Bill): string {
  const supplier = supplierOf(bill.supplier);
  const { net, tax, total } = totals(bill);
  const terms = bill.discount
    ? `<cac:PaymentTerms><cbc:Note>${bill.discount.percent}% until ${bill.discount.until}</cbc:Note><cbc:SettlementDiscountPercent>${bill.discount.percent}</cbc:SettlementDiscountPercent><cac:SettlementPeriod><cbc:EndDate>${bill.discount.until}</cbc:EndDate></cac:SettlementPeriod></cac:PaymentTerms>`
    : `<cac:PaymentTerms><cbc:Note>Net, by ${bill.due}</cbc:Note></cac:PaymentTerms>`;
  return `${head('Invoice', bill.number)}
  <cbc:IssueDate>${bill.issued}</cbc:IssueDate>
  <cbc:DueDate>${bill.due}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>${bill.note ? `\n  <cbc:Note>${escape(bill.note)}</cbc:Note>` : ''}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>${bill.order ? `\n  <cac:OrderReference><cbc:ID>${bill.order}</cbc:ID></cac:OrderReference>` : ''}
  <cac:AccountingSupplierParty>${party(supplier.name, supplier.vat)}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>${party(ours.name, ours.vat)}</cac:AccountingCustomerParty>
  <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>${bill.bban ? germanIban(bill.bban) : ibanOf(supplier)}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  ${terms}
  <cac:TaxTotal>${amount('TaxAmount', tax)}</cac:TaxTotal>
  <cac:LegalMonetaryTotal>${amount('LineExtensionAmount', net)}${amount('TaxExclusiveAmount', net)}${amount('TaxInclusiveAmount', total)}${amount('PayableAmount', total)}</cac:LegalMonetaryTotal>
${bill.lines.map((line, n) => `  <cac:InvoiceLine><cbc:ID>${n + 1}</cbc:ID><cbc:InvoicedQuantity unitCode="${line.unit}">${line.quantity}</cbc:InvoicedQuantity>${amount('LineExtensionAmount', lineNet(line))}${item(line.item, line.name)}<cac:Price>${amount('PriceAmount', EUR(line.price))}</cac:Price></cac:InvoiceLine>`).join('\n')}
</Invoice>
`;
}

function orderXml(bill: Bill, number: string): string {
  const supplier = supplierOf(bill.supplier);
  return `${head('Order', number)}
  <cbc:IssueDate>${addDays(bill.issued, -14)}</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:BuyerCustomerParty>${party(ours.name, ours.vat, bill.orderedBy ?? 'paul')}</cac:BuyerCustomerParty>
  <cac:SellerSupplierParty>${party(supplier.name, supplier.vat)}</cac:SellerSupplierParty>
${bill.lines.map((line, n) => `  <cac:OrderLine><cac:LineItem><cbc:ID>${n + 1}</cbc:ID><cbc:Quantity unitCode="${line.unit}">${line.quantity}</cbc:Quantity>${amount('LineExtensionAmount', lineNet(line))}<cac:Price>${amount('PriceAmount', EUR(line.price))}</cac:Price>${item(line.item, line.name)}</cac:LineItem></cac:OrderLine>`).join('\n')}
</Order>
`;
}

function receiptXml(bill: Bill, number: string): string {
  const supplier = supplierOf(bill.supplier);
  return `${head('ReceiptAdvice', number.replace('PO', 'GR'))}
  <cbc:IssueDate>${addDays(bill.issued, -2)}</cbc:IssueDate>
  <cac:OrderReference><cbc:ID>${number}</cbc:ID></cac:OrderReference>
  <cac:DeliveryCustomerParty>${party(ours.name, ours.vat, 'greta')}</cac:DeliveryCustomerParty>
  <cac:DespatchSupplierParty>${party(supplier.name, supplier.vat)}</cac:DespatchSupplierParty>
${bill.lines.map((line, n) => `  <cac:ReceiptLine><cbc:ID>${n + 1}</cbc:ID><cbc:ReceivedQuantity unitCode="${line.unit}">${line.received ?? line.quantity}</cbc:ReceivedQuantity><cac:OrderLineReference><cbc:LineID>${n + 1}</cbc:LineID></cac:OrderLineReference>${item(line.item, line.name)}</cac:ReceiptLine>`).join('\n')}
</ReceiptAdvice>
`;
}

function suppliersCsv(): string {
  const rows = suppliers.map((s) =>
    [s.id, s.name, s.vat, ibanOf(s), s.street, s.number, s.postcode, s.town, 'DE', s.since, s.accountSince ?? s.since, s.registeredBy, s.budgetLine, 'active']
      .map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(','),
  );
  return `id,name,vat,iban,street,number,postcode,town,country,since,account_since,registered_by,budget_line,status\n${rows.join('\n')}\n`;
}

function statements(month: Month): Record<string, string> {
  const files: Record<string, string> = {};
  let opening = EUR(OPENING);
  for (let week = 0; week < 4; week++) {
    const from = addDays(LocalDate.parse('2026-02-01'), week * 7);
    const to = addDays(from, 6);
    const lines = debits(month, ibanOf, OPERATING, RESERVE, totals, germanIban).filter(({ booked }) => booked >= from && booked <= to);
    const closing = lines.map((line: StatementLine) => line.amount).reduce(add, opening);
    const id = `OPR-2026-${String(week + 5).padStart(2, '0')}`;
    files[`operating-${to}.xml`] = writeCamt053({ id, account: OPERATING, from, to, opening, closing, lines }, `${addDays(to, 1)}T04:00:00Z`);
    opening = closing;
  }
  const saved = EUR(400_000);
  const line: StatementLine = {
    account: RESERVE,
    reference: 'RSV-0001',
    booked: LocalDate.parse('2026-02-16'),
    amount: saved,
    counterparty: ours.name,
    counterpartyIban: OPERATING,
    endToEndId: null,
    returned: null,
    remittance: 'To the reserve',
  };
  files['reserve-2026-02-28.xml'] = writeCamt053(
    {
      id: 'RSV-2026-02',
      account: RESERVE,
      from: LocalDate.parse('2026-02-01'),
      to: LocalDate.parse('2026-02-28'),
      opening: EUR(RESERVE_OPENING),
      closing: add(EUR(RESERVE_OPENING), saved),
      lines: [line],
    },
    '2026-03-01T04:00:00Z',
  );
  return files;
}

const under = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`records/${folder}/${name}`, content]));

/** Every generated record of a month, by its path in the organization's folder. */
export function recordsOf(month: Month): Readonly<Record<string, string>> {
  const ordered = month.bills.filter((bill) => bill.order && !bill.again && !bill.unordered);
  return {
    ...under('registers', { 'suppliers.csv': suppliersCsv(), ...staffingRegisters() }),
    ...under('calendars', staffingCalendars()),
    ...under('orders', Object.fromEntries(ordered.map((bill) => [`${bill.order}.xml`, orderXml(bill, bill.order ?? '')]))),
    ...under('receipts', Object.fromEntries(ordered.map((bill) => [`${(bill.order ?? '').replace('PO', 'GR')}.xml`, receiptXml(bill, bill.order ?? '')]))),
    ...under('invoices', Object.fromEntries(month.bills.map((bill) => [`${bill.supplier}-${bill.number}.xml`, invoiceXml(bill)]))),
    ...under('bank', statements(month)),
  };
}

/** Which reconciler is to see what was planted; whatever is not named is a bill that falls due. */
const SEEN_BY: Readonly<Record<string, string>> = {
  duplicate: 'finance.duplicate_invoice',
  wrong_sums: 'finance.wrong_sums',
  changed_account: 'finance.changed_account',
  more_than_received: 'finance.unmatched_invoice',
  not_ordered: 'finance.unmatched_invoice',
};

/** What the finance analyst is to propose about a planted bill. Arguments under `words` are its own, and not compared. */
function proposed(bill: Bill, expect: string): readonly object[] {
  const invoice = `${bill.supplier}:${bill.number}`;
  if (expect.startsWith('hold'))
    return [{ tool: 'finance.hold_invoice', args: { invoice }, words: { reason: `${bill.planted} on ${invoice}` }, verdict: 'permit' }];
  const { total } = totals(bill);
  const taken = expect.includes('less') ? Math.round((total.minor * Number(bill.discount?.percent)) / 100) : 0;
  const payee = bill.bban ? germanIban(bill.bban) : ibanOf(supplierOf(bill.supplier));
  return [
    { tool: 'finance.pay_invoice', args: { invoice, payee, amount: EUR(total.minor - taken) }, verdict: expect.startsWith('permit') ? 'permit' : 'escalate' },
  ];
}

/** What was planted in a month for the finance analyst, as a dataset: `src/kernel/evals.ts` says what its fields mean. */
export function plantedIn(month: Month): readonly object[] {
  const planted = month.bills.flatMap((bill): readonly object[] => {
    const { planted: kind, expect } = bill;
    if (kind === undefined || expect === undefined) return [];
    const subject = `${bill.supplier}:${bill.number}`;
    if (expect.startsWith('nothing')) return [{ subject, kind, expect, drift: null, proposes: [] }];
    return [{ subject, kind, expect, drift: SEEN_BY[kind] ?? 'finance.due_invoice', proposes: proposed(bill, expect) }];
  });
  const strays = debits(month, ibanOf, OPERATING, RESERVE, totals, germanIban).filter((line) =>
    month.strays.some((stray) => stray.remittance === line.remittance),
  );
  return [
    ...planted,
    ...strays.map((line) => ({
      subject: `${line.account}/${line.reference}`,
      kind: 'unexplained_debit',
      expect: 'finding',
      drift: 'finance.unexplained_debit',
      proposes: [],
    })),
  ];
}
