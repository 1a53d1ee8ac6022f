/** Numbers and ids that other houses wrote: one spelling for each, so that no other script, case or separator makes two of one. */

/** In upper case, without separators, digits of every script as 0 to 9, and without zeros in front of a number: `R-4471`, `r 04471` and `Ｒ４４７１` are one. */
export const spelled = (number: string): string => (folded(number).match(/\p{L}+|\p{N}+/gu) ?? []).map((part) => part.replace(/^0+(?=\p{N})/u, '')).join('');

/** A VAT id in one spelling; empty where there is none. */
export const vatKey = (vat: string): string => folded(vat).replace(/[^A-Z0-9]/g, '');

/** Whether a text names a number as a whole word, and not as a part of a longer one: `4711` is named by `bill 4711`, not by `47112` or `4711/2`. */
export function namesNumber(text: string, number: string): boolean {
  const literal = folded(number).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}][-/_]|\\p{N}\\.)${literal}(?![\\p{L}\\p{N}]|[-/_][\\p{L}\\p{N}]|\\.\\p{N})`, 'u').test(folded(text));
}

/** NFKC, upper case, decimal digits of every script as 0 to 9. */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/\p{Nd}/gu, digitOf);

/** Unicode has the ten digits of a script in a row, the zero first (The Unicode Standard, section 4.6). */
function digitOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let zero = point;
  while (zero > 0 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((point - zero) % 10);
}
