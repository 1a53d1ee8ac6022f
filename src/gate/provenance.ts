/**
 * Where the governing arguments of a call come from. The strongest source that vouches for a value by itself counts: what
 * the person who asks said in their own words, then a record kept by staff for the same kind of field and the same subject.
 * What neither vouches for is known from untrusted content alone, however it was rewritten on its way.
 */
import type { Governs, JsonObject, Provenance } from '../kernel/nouns.ts';
import { decimal } from '../kernel/money.ts';
import { ownWords } from './own-words.ts';

export interface Sources {
  readonly governs: Readonly<Record<string, Governs>>;
  readonly args: JsonObject;
  readonly vouched: readonly string[]; // arguments that records vouch for, as trusted code found
  readonly stated: string | null; // the words of the person who asks, where they have authority; null in reviews
  readonly ownCall: boolean; // that person wrote out the call itself: its arguments are what they say
}

export interface Traced {
  readonly by: Readonly<Record<string, Provenance>>;
  readonly untrusted: readonly Governs[]; // kinds, sorted
}

export function provenance({ governs, args, vouched, stated, ownCall }: Sources): Traced {
  const own = stated === null ? '' : normal(ownWords(stated));
  const source = (name: string): Provenance => {
    if (vouched.includes(name)) return 'record';
    return (ownCall && args[name] !== undefined) || says(own, args[name]) ? 'stated' : 'untrusted';
  };
  const by = Object.fromEntries(Object.keys(governs).map((name) => [name, source(name)]));
  const untrusted = Object.entries(governs).flatMap(([name, kind]) => (by[name] === 'untrusted' ? [kind] : []));
  return { by, untrusted: [...new Set(untrusted)].sort() };
}

/** Whether a value stands in the words as a whole, however it is written, and not as a part of a longer number or word. */
function says(own: string, value: unknown): boolean {
  if (isMoney(value)) return spellsMoney(own, value);
  if (typeof value !== 'string' || value.trim() === '') return false;
  if (IBAN.test(value)) return new RegExp(`${APART}${[...closed(value)].join('[ -]?')}${ENDS}`, 'u').test(own);
  const spellings = ISO_DATE.test(value) ? datesAs(value) : [value];
  return spellings.some((spelling) => new RegExp(`${APART}${literal(normal(spelling))}${ENDS}`, 'u').test(own));
}

const APART = '(?<![\\p{L}\\p{N}.,-])';
const ENDS = '(?![\\p{L}\\p{N}]|[.,]\\d)';
const IBAN = /^[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const closed = (iban: string): string => iban.replace(/[ -]/g, '').toLowerCase();

type Amount = { readonly minor: number; readonly currency: string };

/** The number with its currency beside it: a number alone may be an order, a quantity or a year. */
function spellsMoney(own: string, amount: Amount): boolean {
  const plain = decimal(amount);
  const number = [plain, plain.replace(/\.0+$/, ''), plain.replace(/(\.\d)0$/, '$1')].map(literal).join('|');
  const beside = currencyNames(amount.currency).map(literal).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${beside}) ?(?:${number})${ENDS}|${APART}(?:${number}) ?(?:${beside})(?![\\p{L}\\p{N}])`, 'u').test(own);
}

/** `EUR`, `€`, `euro`, `euros`. The symbol of English alone: there `$` is one currency. */
function currencyNames(currency: string): readonly string[] {
  const shown = (
    [
      ['symbol', 2],
      ['name', 1],
      ['name', 2],
    ] as const
  ).map(
    ([currencyDisplay, n]) =>
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay, maximumFractionDigits: 0 })
        .formatToParts(n)
        .find(({ type }) => type === 'currency')?.value,
  );
  return [currency, ...shown.filter((name) => name !== undefined)].map((name) => name.toLowerCase());
}

/** Ways to write a day that name one day only: no slashes, which are read both ways. */
function datesAs(date: string): readonly string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const at = new Date(`${date}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return [date];
  const long = ['en-GB', 'en-US', 'de'].flatMap((language) =>
    (['long', 'short'] as const).map((style) =>
      new Intl.DateTimeFormat(language, { day: 'numeric', month: style, year: 'numeric', timeZone: 'UTC' }).format(at),
    ),
  );
  return [date, `${day}.${month}.${year}`, `${Number(day)}.${Number(month)}.${year}`, ...long];
}

const isMoney = (value: unknown): value is Amount =>
  typeof value === 'object' &&
  value !== null &&
  'minor' in value &&
  'currency' in value &&
  typeof value.minor === 'number' &&
  typeof value.currency === 'string' &&
  /^[A-Z]{3}$/.test(value.currency);

/** One spelling: lower case, single spaces, `2.400,00` and `2,400.00` as `2400.00`. */
function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/(?<![\d.])\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.]\d|\d)/g, (number) => number.replaceAll('.', '').replace(',', '.'))
    .replace(/(?<![\d,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]\d|\d)/g, (number) => number.replaceAll(',', ''))
    .replace(/\b(\d+),(\d{2})\b/g, '$1.$2');
}
