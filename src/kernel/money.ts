/** Money: an integer of the currency's minor unit (ISO 4217), never a float. */
import { z } from 'zod';
import { kept } from './kept.ts';

export const Currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters (ISO 4217)');
export const Money = z.strictObject({ minor: z.int(), currency: Currency });
export type Money = z.infer<typeof Money>;

/** Amounts that cannot be read or combined. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
  constructor(
    readonly code: 'not_an_amount' | 'not_a_currency' | 'currencies_differ' | 'out_of_range',
    message: string,
  ) {
    super(message);
  }
}

const MOST_CURRENCIES = 400; // ISO 4217 has fewer than two hundred

/** Digits after the decimal point of a currency (2 for EUR, 0 for JPY), from the runtime's ISO 4217 table. */
export const minorDigits = kept(
  MOST_CURRENCIES,
  (currency: string): number => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2,
);

/**
 * Reads a decimal as ISO 20022 and UBL write it: `1234.5`, a point, no thousands separator.
 * @throws MoneyError `not_an_amount` (also for more digits than the currency has, unless they are zeros), `not_a_currency`, `out_of_range`
 */
export function moneyOf(decimal: string, currency: string): Money {
  if (!Currency.safeParse(currency).success)
    throw new MoneyError('not_a_currency', `\`${currency}\` is no currency; it takes three capital letters, such as EUR.`);
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(decimal.trim());
  const digits = minorDigits(currency);
  const fraction = (found?.[3] ?? '').replace(/0+$/, '');
  if (!found || fraction.length > digits) {
    throw new MoneyError('not_an_amount', `\`${decimal}\` is not an amount in ${currency}; write it like \`1234.50\`, with at most ${digits} decimals.`);
  }
  const minor = Number(`${found[1]}${found[2]}${fraction.padEnd(digits, '0')}`);
  return money(minor, currency);
}

/** @throws MoneyError `out_of_range` where the amount is not a safe integer */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new MoneyError('out_of_range', `\`${minor}\` minor units are beyond exact arithmetic.`);
  return { minor: minor === 0 ? 0 : minor, currency };
}

/** The decimal form that ISO 20022 and UBL expect: `1234.50`. */
export function decimal({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** For people: `2,400.00 EUR`. */
export function show(amount: Money): string {
  const [whole = '', fraction] = decimal(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${amount.currency}`;
}

/** Millionths of a currency's unit as its minor units, rounded up. */
export const minorOfMicros = (micros: number, currency: string): number => Math.ceil(micros / 10 ** (6 - minorDigits(currency)));

/** @throws MoneyError `currencies_differ`, `out_of_range` */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

/** @throws MoneyError `currencies_differ`, `out_of_range` */
export const subtract = (a: Money, b: Money): Money => add(a, money(-b.minor, b.currency));

/** @throws MoneyError `currencies_differ` */
export function atLeast(a: Money, b: Money): boolean {
  sameCurrency(a, b);
  return a.minor >= b.minor;
}

/** @throws MoneyError `currencies_differ`, `out_of_range` */
export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, money(0, currency));

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new MoneyError('currencies_differ', `${show(a)} and ${show(b)} are in different currencies.`);
}
