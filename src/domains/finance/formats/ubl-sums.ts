/**
 * The sums of a UBL invoice, as the business rules of EN 16931-1:2017 (6.4) want them: what the document states, and in words where
 * it does not add up. A total that the norm asks for and the document leaves out is what its parts make.
 */
import { add, money, moneyOf, show, subtract, sum, type Money } from '../../../kernel/money.ts';
import { BILLION, exact } from '../exact.ts';
import { rounded, showPrice, times } from '../price.ts';
import type { Line } from '../records.ts';
import { FormatError, need, nodes, text, type XmlNode } from './xml.ts';

/** What is added to, or taken off, a document or one of its lines. */
interface Part {
  readonly amount: Money;
  readonly vat: string | undefined; // category and rate, where they are stated
}

/** Of the document, by business term. */
export interface Sums {
  readonly lines: readonly (Part & { readonly line: Line; readonly allowances: readonly Part[]; readonly charges: readonly Part[] })[];
  readonly allowances: readonly Part[]; // BG-20
  readonly charges: readonly Part[]; // BG-21
  readonly ofLines: Money; // BT-106
  readonly ofAllowances: Money; // BT-107
  readonly ofCharges: Money; // BT-108
  readonly net: Money; // BT-109
  readonly tax: Money; // BT-110
  readonly gross: Money; // BT-112
  readonly prepaid: Money; // BT-113
  readonly rounding: Money; // BT-114
  readonly payable: Money; // BT-115
  readonly breakdown: readonly { readonly vat: string; readonly percent: string; readonly taxable: Money; readonly tax: Money }[]; // BG-23
}

/** @param lines as parsed from the document's, in its order. @throws FormatError, MoneyError */
export function sumsOf(root: XmlNode, lines: readonly Line[], currency: string, where: string): Sums {
  const at = (path: string) => amount(root, `LegalMonetaryTotal.${path}`, currency, where);
  const stated = (path: string) => (text(root, `LegalMonetaryTotal.${path}`) === undefined ? undefined : at(path));
  const total = (parts: readonly Part[]) => sumOf(parts, currency);
  const [allowances, charges] = [partsOf(root, 'false', currency, where), partsOf(root, 'true', currency, where)];
  const [net, taxes] = [at('TaxExclusiveAmount'), taxTotal(root, currency)];
  const tax = amount(taxes ?? root, taxes === undefined ? 'TaxTotal.TaxAmount' : 'TaxAmount', currency, where);
  const billed = nodes(root, 'InvoiceLine').flatMap((node, n) => {
    const line = lines[n];
    const parts = { allowances: partsOf(node, 'false', currency, where), charges: partsOf(node, 'true', currency, where) };
    return line === undefined ? [] : [{ line, amount: line.net, vat: vatOf(node, 'Item.ClassifiedTaxCategory'), ...parts }];
  });
  return {
    lines: billed,
    allowances,
    charges,
    ofLines: stated('LineExtensionAmount') ?? total(billed),
    ofAllowances: stated('AllowanceTotalAmount') ?? total(allowances),
    ofCharges: stated('ChargeTotalAmount') ?? total(charges),
    net,
    tax,
    gross: stated('TaxInclusiveAmount') ?? add(net, tax),
    prepaid: stated('PrepaidAmount') ?? money(0, currency),
    rounding: stated('PayableRoundingAmount') ?? money(0, currency),
    payable: at('PayableAmount'),
    breakdown: nodes(taxes ?? '', 'TaxSubtotal').map((node) => ({
      vat: vatOf(node, 'TaxCategory') ?? '',
      percent: text(node, 'TaxCategory.Percent') ?? '0',
      taxable: amount(node, 'TaxableAmount', currency, where),
      tax: amount(node, 'TaxAmount', currency, where),
    })),
  };
}

/** All that is charged beside the lines' own prices: freight, packing, on the document and on its lines. */
export const chargesOf = ({ charges, lines, net }: Sums): Money => sumOf([...charges, ...lines.flatMap((line) => line.charges)], net.currency);

/** In words, by BR-CO-10 to BR-CO-17 and BR-S-8 and its like for other categories; empty where all adds up. */
export function disagreements(sums: Sums): string[] {
  const { lines, allowances, charges, net, tax, gross, prepaid, rounding, payable } = sums;
  const makes = (parts: readonly Part[]) => sumOf(parts, net.currency);
  const parts = allowances.length + charges.length === 0 ? 'the lines make' : 'lines, allowances and charges make';
  const rest = prepaid.minor === 0 && rounding.minor === 0 ? 'net and tax make' : 'net and tax, less what is prepaid, and rounded, make';
  return [
    ...differ('the lines make', makes(lines), 'their sum', sums.ofLines), // BR-CO-10
    ...differ('the allowances make', makes(allowances), 'their sum', sums.ofAllowances), // BR-CO-11
    ...differ('the charges make', makes(charges), 'their sum', sums.ofCharges), // BR-CO-12
    ...differ(parts, add(subtract(makes(lines), makes(allowances)), makes(charges)), 'the net amount', net), // BR-CO-13
    ...differ('net and tax make', add(net, tax), 'the amount with tax', gross), // BR-CO-15
    ...differ(rest, add(subtract(gross, prepaid), rounding), 'the payable amount', payable), // BR-CO-16
    ...outOfBounds(sums),
    ...taxes(sums),
    ...lines.flatMap(product),
  ];
}

const differ = (what: string, made: Money, where: string, said: Money): string[] =>
  made.minor === said.minor ? [] : [`${what} ${show(made)}, ${where} says ${show(said)}`];

/** Nothing may hide in what people hardly look at. Rounding is of cash, or to whole units of a currency (BT-114). */
function outOfBounds({ allowances, charges, lines, prepaid, rounding }: Sums): string[] {
  const all = [...allowances, ...charges, ...lines.flatMap((line) => [...line.allowances, ...line.charges])];
  const problems = all.filter(({ amount: one }) => one.minor < 0).map(({ amount: one }) => `an allowance or charge of ${show(one)} is less than nothing`);
  if (prepaid.minor < 0) problems.push(`what is prepaid, ${show(prepaid)}, is less than nothing`);
  if (Math.abs(rounding.minor) > moneyOf('1', rounding.currency).minor) problems.push(`it rounds by ${show(rounding)}, more than rounding takes`);
  return problems;
}

const WAYS_TO_ROUND = 1; // minor unit: half up, half even, or in between; PEPPOL-EN16931-R120 allows two

/** The breakdown by category and rate: BR-CO-14, BR-CO-17, and what is taxed at each. Documents without one state a single tax. */
function taxes({ breakdown, lines, allowances, charges, net, tax }: Sums): string[] {
  if (breakdown.length === 0) return [];
  const { currency } = net;
  const of = (parts: readonly Part[], vat: string) =>
    sumOf(
      parts.filter((part) => part.vat === vat),
      currency,
    );
  const parts = [...lines, ...allowances, ...charges];
  const told = parts.every(({ vat }) => vat !== undefined);
  const rates = [...new Set([...breakdown.map(({ vat }) => vat), ...(told ? parts.flatMap(({ vat }) => vat ?? []) : [])])];
  const taxableAt = (vat: string) =>
    sum(
      breakdown.filter((one) => one.vat === vat).map(({ taxable }) => taxable),
      currency,
    );
  return [
    ...differ(
      'the taxes of all rates make',
      sum(
        breakdown.map((one) => one.tax),
        currency,
      ),
      'the tax',
      tax,
    ),
    ...breakdown.flatMap(({ vat, percent, taxable, tax: said }) => {
      const due = rounded(BigInt(taxable.minor) * exact(percent), 100n * BILLION);
      return Math.abs(due - said.minor) <= WAYS_TO_ROUND ? [] : differ(`tax at ${vat} on ${show(taxable)} makes`, money(due, currency), 'the breakdown', said);
    }),
    ...(told
      ? rates.flatMap((vat) =>
          differ(`what is billed at ${vat} makes`, add(subtract(of(lines, vat), of(allowances, vat)), of(charges, vat)), 'the breakdown', taxableAt(vat)),
        )
      : differ(
          'the amounts taxed make',
          sum(
            breakdown.map(({ taxable }) => taxable),
            currency,
          ),
          'the net amount',
          net,
        )),
  ];
}

/** BT-131: price by base quantity, times quantity, less allowances, with charges. */
function product({ line, allowances, charges }: Sums['lines'][number]): string[] {
  const { price, quantity, net, item } = line;
  const priced = times(price, quantity, moneyOf('1', net.currency).minor);
  const made = add(subtract(priced, sumOf(allowances, net.currency)), sumOf(charges, net.currency));
  if (Math.abs(made.minor - net.minor) <= WAYS_TO_ROUND) return [];
  return [`\`${item}\`: ${quantity} at ${showPrice(price)} make ${show(made)}, the line says ${show(net)}`];
}

const sumOf = (parts: readonly Part[], currency: string): Money =>
  sum(
    parts.map((part) => part.amount),
    currency,
  );

/** @param charge the text of `ChargeIndicator` */
const partsOf = (node: XmlNode, charge: 'true' | 'false', currency: string, where: string): Part[] =>
  nodes(node, 'AllowanceCharge')
    .filter((part) => truth(need(part, 'ChargeIndicator', where), where) === charge)
    .map((part) => ({ amount: amount(part, 'Amount', currency, where), vat: vatOf(part, 'TaxCategory') }));

/** A boolean of XML Schema has two spellings of each value. */
function truth(value: string, where: string): 'true' | 'false' {
  if (value === 'true' || value === '1') return 'true';
  if (value === 'false' || value === '0') return 'false';
  throw new FormatError('field_invalid', `${where}: \`ChargeIndicator\` is \`${value}\`; it takes true or false.`);
}

/** `S 19%`; undefined where no category is stated. */
function vatOf(node: XmlNode, path: string): string | undefined {
  const id = text(node, `${path}.ID`);
  const percent = text(node, `${path}.Percent`) ?? '0';
  return id === undefined ? undefined : `${id} ${percent.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}%`;
}

/** The tax in the document's currency: BT-111 repeats it in another one. */
const taxTotal = (root: XmlNode, currency: string): XmlNode | undefined => {
  const totals = nodes(root, 'TaxTotal');
  return totals.find((one) => (text(one, 'TaxAmount.@currencyID') ?? currency) === currency) ?? totals[0];
};

/** @throws FormatError where it is missing, or in another currency than the document; MoneyError */
export function amount(node: XmlNode, path: string, currency: string, where: string): Money {
  const stated = text(node, `${path}.@currencyID`) ?? currency;
  if (stated !== currency) throw new FormatError('field_invalid', `${where}: \`${path}\` is in ${stated}, the document in ${currency}.`);
  return moneyOf(need(node, path, where), currency);
}
