/** Values that stand in a text and can do something: addresses, places of the web, accounts, long codes, numbers. */
import { closed, plain, runText } from './normal.ts';
import { withoutDays } from './days.ts';

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const URL_LIKE =
  /(?:\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.)[^\s'"<>()]+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|de|eu|uk|app|dev|info|biz|ru|cn|me|ai|xyz|site|online|link|click|page)\b(?:\/[^\s'"<>()]*)?|\b(?:[a-z0-9-]+\.)+[a-z]{2,10}\/[^\s'"<>()]*/g;
/** In one piece, or in groups of four; a group after the bank's has a figure, else it is the next word. */
const IBAN = /\b[a-z]{2}\d{2}(?:[a-z0-9]{10,30}|[ -][a-z0-9]{4}(?:[ -](?=[a-z]*\d)[a-z0-9]{4}){1,6}(?:[ -](?=[a-z]*\d)[a-z0-9]{1,3})?)\b/g;
const LONG_NUMBER = /\b\d(?:[ -]?\d){5,}\b/g;

export const isEmail = (value: string): boolean => new RegExp(`^${EMAIL.source}$`, 'u').test(plain(value));
export const isIban = (value: string): boolean => /^[a-z]{2}\d{2}[a-z0-9]{10,30}$/.test(closed(value));
export const isUrl = (value: string): boolean => (plain(value).match(URL_LIKE) ?? [])[0] === plain(value) && !isEmail(value);

export interface Mark {
  readonly kind: 'email' | 'url' | 'iban' | 'number';
  readonly text: string;
}

/** What in a text reaches somebody or something. */
export function marksIn(text: string): readonly Mark[] {
  const lower = plain(text);
  const emails = lower.match(EMAIL) ?? [];
  const rest = emails.reduce((left, one) => left.replaceAll(one, ' '), lower);
  const urls = (rest.match(URL_LIKE) ?? []).map(address);
  return [
    ...emails.map((one): Mark => ({ kind: 'email', text: one.replace(/\.$/, '') })),
    ...urls.map((one): Mark => ({ kind: 'url', text: one })),
    ...(rest.match(IBAN) ?? []).filter((one) => isIban(one) && /\d{6}/.test(closed(one))).map((one): Mark => ({ kind: 'iban', text: closed(one) })),
    ...(withoutDays(rest).match(LONG_NUMBER) ?? []).map((one): Mark => ({ kind: 'number', text: closed(one) })),
  ];
}

/** `https://www.example.com/a/` is `example.com/a`. */
export const address = (url: string): string =>
  plain(url)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/.,;:!?]+$/, '');

/** Numbers of a text that are no days, hours or parts of codes: `1,000.50`, `1.000,50` and `1000.5` are one. */
export function numbersIn(text: string): readonly number[] {
  const lower = withoutDays(plain(text)).replace(EMAIL, ' ').replace(URL_LIKE, ' ').replace(IBAN, ' ');
  const found = lower.match(/(?<![\p{L}\p{N}.,])\d[\d.,']*(?:k\b)?(?![\p{L}\d])|(?<=[$€£¥])\d[\d.,']*/gu) ?? [];
  return found.map(numberOf).filter((one) => Number.isFinite(one));
}

export function numberOf(written: string): number {
  const bare = written.replace(/[.,']+$/, '').replaceAll("'", '');
  const thousands = /k$/.test(bare) ? 1_000 : 1;
  const digits = bare.replace(/k$/, '');
  const german = /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(digits) || /^\d+,\d{1,2}$/.test(digits);
  return thousands * Number(german ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', ''));
}

const APART = '(?<![\\p{L}\\p{N}@._%+/-])';
const ENDS = '(?![\\p{L}\\p{N}@_]|[.,/:-][\\p{L}\\p{N}])';
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Whether a value stands in a text as a whole. Both in one spelling already. */
export function stands(plainText: string, value: string): boolean {
  const spelled = plain(value);
  if (spelled === '') return false;
  if (isUrl(value)) return marksIn(plainText).some(({ kind, text }) => kind === 'url' && text === address(value));
  if (isIban(value)) return marksIn(plainText).some(({ kind, text }) => kind === 'iban' && text === closed(value));
  if (new RegExp(`${APART}${literal(spelled)}${ENDS}`, 'u').test(plainText)) return true;
  const digits = closed(value);
  return /^\d{7,}$/.test(digits) && new RegExp(`${APART}\\+?${[...digits].join('[ ()/.-]{0,2}')}${ENDS}`, 'u').test(plainText);
}

/** Every so many words in a row of a text. */
export function runsOf(text: string, length: number): readonly string[] {
  const words = runText(text).trim().split(' ');
  return Array.from({ length: Math.max(0, words.length - length + 1) }, (_all, n) => words.slice(n, n + length).join(' '));
}
