/** What EN 16931 wants of an invoice's sums: bills that add up, and each rule broken once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseUblInvoice } from '../../../src/domains/finance/formats/ubl.ts';
import { threeWayMatch } from '../../../src/domains/finance/match.ts';
import { payable } from '../../../src/domains/finance/due.ts';
import { FilableInvoice, type Invoice } from '../../../src/domains/finance/records.ts';
import { DATA, dataThere, problems as schemaProblems } from '../../fixtures/schemas.ts';
import { at, bill, eur, line, order, receipt, tolerance, when } from './samples.ts';

interface Written {
  readonly lines?: readonly string[];
  readonly parts?: string; // AllowanceCharge of the document
  readonly subtotals?: string;
  readonly tax?: string;
  readonly totals?: Readonly<Record<string, string>>; // of LegalMonetaryTotal, beside those of ten boards
}

const amount = (name: string, value: string): string => `<cbc:${name} currencyID="EUR">${value}</cbc:${name}>`;
const category = (name: string, id: string, percent: string): string =>
  `<cac:${name}><cbc:ID>${id}</cbc:ID><cbc:Percent>${percent}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:${name}>`;
const part = (charge: boolean, value: string, vat = category('TaxCategory', 'S', '19')): string =>
  `<cac:AllowanceCharge><cbc:ChargeIndicator>${String(charge)}</cbc:ChargeIndicator><cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>${amount('Amount', value)}${vat}</cac:AllowanceCharge>`;
const subtotal = (taxable: string, tax: string, percent = '19', id = 'S'): string =>
  `<cac:TaxSubtotal>${amount('TaxableAmount', taxable)}${amount('TaxAmount', tax)}${category('TaxCategory', id, percent)}</cac:TaxSubtotal>`;
const billed = (quantity: string, price: string, net: string, { base = '', parts = '', percent = '19' } = {}): string =>
  `<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="MTK">${quantity}</cbc:InvoicedQuantity>${amount('LineExtensionAmount', net)}${parts}
  <cac:Item><cbc:Name>OAK</cbc:Name>${category('ClassifiedTaxCategory', 'S', percent)}</cac:Item><cac:Price>${amount('PriceAmount', price)}${base === '' ? '' : `<cbc:BaseQuantity unitCode="MTK">${base}</cbc:BaseQuantity>`}</cac:Price></cac:InvoiceLine>`;

const TOTALS = [
  ...['LineExtensionAmount', 'TaxExclusiveAmount', 'TaxInclusiveAmount', 'AllowanceTotalAmount'],
  ...['ChargeTotalAmount', 'PrepaidAmount', 'PayableRoundingAmount', 'PayableAmount'],
]; // in the order of the schema
const TEN_BOARDS = { LineExtensionAmount: '1000.00', TaxExclusiveAmount: '1000.00', TaxInclusiveAmount: '1190.00', PayableAmount: '1190.00' };

/** Ten boards at 100.00, with 19% tax, unless written otherwise. */
function xml({
  lines = [billed('10', '100.00', '1000.00')],
  parts = '',
  subtotals = subtotal('1000.00', '190.00'),
  tax = '190.00',
  totals = {},
}: Written = {}): string {
  const all: Readonly<Record<string, string>> = { ...TEN_BOARDS, ...totals };
  const party = (role: string) =>
    `<cac:${role}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:Party></cac:${role}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>4711</cbc:ID><cbc:IssueDate>2026-02-12</cbc:IssueDate><cbc:DueDate>2026-03-10</cbc:DueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>${party('AccountingSupplierParty')}${party('AccountingCustomerParty')}
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>DE51820511173097531246</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
${parts}<cac:TaxTotal>${amount('TaxAmount', tax)}${subtotals}</cac:TaxTotal>
<cac:LegalMonetaryTotal>${TOTALS.flatMap((name) => (all[name] === undefined ? [] : [amount(name, all[name])])).join('')}</cac:LegalMonetaryTotal>
${lines.join('')}</Invoice>`;
}
const read = (written: Written): Invoice => parseUblInvoice(xml(written), () => 'S-001');
const with10 = { subtotals: subtotal('1010.00', '191.90'), tax: '191.90' };
const freight = {
  ...with10,
  parts: part(true, '10.00'),
  totals: { TaxExclusiveAmount: '1010.00', ChargeTotalAmount: '10.00', TaxInclusiveAmount: '1201.90', PayableAmount: '1201.90' },
};
const two = [billed('10', '64.4950', '644.95'), billed('3', '50.00', '150.00', { percent: '7' })];
const rates = {
  lines: two,
  tax: '133.04',
  totals: { LineExtensionAmount: '794.95', TaxExclusiveAmount: '794.95', TaxInclusiveAmount: '927.99', PayableAmount: '927.99' },
};

const GOOD: readonly { readonly law: string; readonly written: Written; readonly pays: number }[] = [
  { law: 'a plain bill', written: {}, pays: 119_000 },
  { law: 'a charge for freight', written: freight, pays: 120_190 },
  {
    law: 'an allowance on the document',
    written: {
      parts: part(false, '100.00'),
      subtotals: subtotal('900.00', '171.00'),
      tax: '171.00',
      totals: { TaxExclusiveAmount: '900.00', AllowanceTotalAmount: '100.00', TaxInclusiveAmount: '1071.00', PayableAmount: '1071.00' },
    },
    pays: 107_100,
  },
  { law: 'a part that is prepaid', written: { totals: { PrepaidAmount: '500.00', PayableAmount: '690.00' } }, pays: 69_000 },
  { law: 'one that is prepaid whole', written: { totals: { PrepaidAmount: '1190.00', PayableAmount: '0.00' } }, pays: 0 },
  { law: 'a rounded amount', written: { totals: { PayableRoundingAmount: '-0.40', PayableAmount: '1189.60' } }, pays: 118_960 },
  {
    law: 'a price of four decimals, and two rates of tax',
    written: { ...rates, subtotals: `${subtotal('644.95', '122.54')}${subtotal('150.00', '10.50', '7.00')}` },
    pays: 92_799,
  },
  { law: 'a price for a hundred', written: { lines: [billed('250', '400.00', '1000.00', { base: '100' })] }, pays: 119_000 },
  {
    law: 'an allowance and a charge on a line',
    written: { lines: [billed('10', '100.50', '1000.00', { parts: `${part(false, '15.00', '')}${part(true, '10.00', '')}` })] },
    pays: 119_000,
  },
  { law: 'the totals alone that we read before', written: { subtotals: '', totals: { LineExtensionAmount: '1000.00' } }, pays: 119_000 },
];

const BAD: readonly { readonly rule: string; readonly written: Written; readonly says: string }[] = [
  { rule: 'BR-CO-10', written: { totals: { LineExtensionAmount: '999.00' } }, says: 'the lines make 1,000.00 EUR, their sum says 999.00 EUR' },
  { rule: 'BR-CO-11', written: { totals: { AllowanceTotalAmount: '5.00' } }, says: 'the allowances make 0.00 EUR, their sum says 5.00 EUR' },
  {
    rule: 'BR-CO-12',
    written: { ...freight, totals: { ...freight.totals, ChargeTotalAmount: '11.00' } },
    says: 'the charges make 10.00 EUR, their sum says 11.00 EUR',
  },
  { rule: 'BR-CO-13', written: { totals: { TaxExclusiveAmount: '1010.00' } }, says: 'the lines make 1,000.00 EUR, the net amount says 1,010.00 EUR' },
  {
    rule: 'BR-CO-14',
    written: { tax: '191.00', totals: { TaxInclusiveAmount: '1191.00', PayableAmount: '1191.00' } },
    says: 'the taxes of all rates make 190.00 EUR, the tax says 191.00 EUR',
  },
  {
    rule: 'BR-CO-15',
    written: { totals: { TaxInclusiveAmount: '1200.00', PayableAmount: '1200.00' } },
    says: 'net and tax make 1,190.00 EUR, the amount with tax says 1,200.00 EUR',
  },
  { rule: 'BR-CO-16', written: { totals: { PayableAmount: '1200.00' } }, says: 'net and tax make 1,190.00 EUR, the payable amount says 1,200.00 EUR' },
  { rule: 'BR-CO-16, prepaid', written: { totals: { PrepaidAmount: '500.00' } }, says: 'rounded, make 690.00 EUR, the payable amount says 1,190.00 EUR' },
  {
    rule: 'BR-CO-17',
    written: { subtotals: subtotal('1000.00', '190.02'), tax: '190.02', totals: { TaxInclusiveAmount: '1190.02', PayableAmount: '1190.02' } },
    says: 'tax at S 19% on 1,000.00 EUR makes 190.00 EUR, the breakdown says 190.02 EUR',
  },
  {
    rule: 'BR-S-8',
    written: { ...rates, tax: '130.49', subtotals: `${subtotal('600.00', '114.00')}${subtotal('194.95', '13.65', '7')}` },
    says: 'what is billed at S 19% makes 644.95 EUR, the breakdown says 600.00 EUR',
  },
  {
    rule: 'BR-S-1',
    written: { ...rates, subtotals: subtotal('794.95', '151.04') },
    says: 'what is billed at S 7% makes 150.00 EUR, the breakdown says 0.00 EUR',
  },
  { rule: 'a line', written: { lines: [billed('10', '99.9950', '1000.00')] }, says: '`OAK`: 10 at 99.9950 EUR make 999.95 EUR, the line says 1,000.00 EUR' },
  { rule: 'a line by the hundred', written: { lines: [billed('10', '100.00', '1000.00', { base: '100' })] }, says: '10 at 100.00 EUR for 100 make 10.00 EUR' },
  {
    rule: 'a line less its allowance',
    written: { lines: [billed('10', '100.00', '1000.00', { parts: part(false, '15.00', '') })] },
    says: 'make 985.00 EUR, the line says 1,000.00 EUR',
  },
  {
    rule: 'a charge of less than nothing',
    written: { parts: `${part(true, '-10.00')}${part(true, '10.00')}` },
    says: 'charge of -10.00 EUR is less than nothing',
  },
  {
    rule: 'a prepayment of less than nothing',
    written: { totals: { PrepaidAmount: '-500.00', PayableAmount: '1690.00' } },
    says: 'what is prepaid, -500.00 EUR, is less than nothing',
  },
  { rule: 'rounding that rounds nothing', written: { totals: { PayableRoundingAmount: '400.00', PayableAmount: '1590.00' } }, says: 'it rounds by 400.00 EUR' },
];

test.each(GOOD)('adds up, and pays what is payable: $law', ({ written, pays }) => {
  const invoice = read(written);
  expect(invoice.problems).toEqual([]);
  expect(invoice.total).toEqual(eur(pays));
  expect(FilableInvoice.safeParse(invoice).success).toBe(true);
});

test.each(BAD)('does not add up: $rule', ({ written, says }) => expect(read(written).problems.join('\n')).toContain(says));

describe.skipIf(!dataThere)('of the published schema', () => {
  const SCHEMA = 'ubl-2.1/maindoc/UBL-Invoice-2.1.xsd';
  test.each([...GOOD, ...BAD].map(({ written }, n) => [n, written] as const))('document %i of these is a valid one', (_n, written) => {
    expect(schemaProblems(xml(written), SCHEMA)).toEqual([]);
  });
  test('the example of its authors is older than the norm: it rounds before the amount with tax, and leaves a line’s parts out of its sum', () => {
    const example = readFileSync(join(DATA, 'schemas/ubl-2.1/UBL-Invoice-2.1-Example.xml'), 'utf8')
      .replace(/DK\d{16}/, 'DE51820511173097531246') // theirs has wrong check digits
      .replace('</cbc:IssueDate>', '</cbc:IssueDate><cbc:DueDate>2010-01-20</cbc:DueDate>');
    const invoice = parseUblInvoice(example, () => 'S-001');
    expect(invoice.problems).toEqual([
      'net and tax make 1,728.70 EUR, the amount with tax says 1,729.00 EUR',
      'net and tax, less what is prepaid, and rounded, make 729.30 EUR, the payable amount says 729.00 EUR',
      '`JB007`: 1 at 1273 EUR make 1,271.00 EUR, the line says 1,273.00 EUR',
    ]);
  });
});

test('what is neither a price nor a quantity to divide by is set aside with the reason', () => {
  expect(() => read({ lines: [billed('10', '1e2', '1000.00')] })).toThrow('`1e2` is no unit price');
  expect(() => read({ lines: [billed('10', '100.00', '1000.00', { base: '0' })] })).toThrow('`0` is no base quantity');
});

describe('the order', () => {
  const reasons = (invoice: Invoice, before: readonly Invoice[] = []) => threeWayMatch(invoice, order, [receipt('10')], before, tolerance).reasons;

  test('is measured by exact prices, whatever number they are for', () => {
    const at100 = (price: string) => [{ ...line('10', 10_000), price: { amount: price, currency: 'EUR', per: '100' } }];
    expect(reasons(bill('1', at100('10200.00')))).toEqual([]); // 2% above 100.00 for one, to the billionth
    expect(reasons(bill('1', at100('10200.01')))).toEqual(['`OAK`: billed at 10200.01 EUR for 100, ordered at 100.00 EUR']);
  });
  test('does not take a charge for goods that did not come: beyond tolerance, people look', () => {
    const part5 = (charges: number) => bill('1', [line('5')], { charges: eur(charges), net: eur(50_000 + charges) });
    expect(reasons(part5(1_000))).toEqual([]);
    expect(reasons(part5(1_001))).toEqual(['charges of 10.01 EUR beside what was ordered']);
    expect(reasons(part5(600), [bill('0', [line('1')], { charges: eur(600) })])).toEqual(['charges of 12.00 EUR beside what was ordered']);
  });
});

test('a bill that is prepaid whole asks for no payment', () => {
  expect(payable(bill('1', [line('10')], { total: eur(0), due: at('2026-03-02').date }), at('2026-03-02'), when)).toEqual({ now: false });
});
