/**
 * Where the governing arguments of a call come from. The strongest source that vouches for a value by itself counts: what
 * the person who asks said in their own words, then a record kept by staff for the same kind of field and the same subject.
 * What neither vouches for is known from untrusted content alone, however it was rewritten on its way.
 */
import type { Governs, JsonObject, Provenance } from '../kernel/nouns.ts';
import { show } from '../kernel/money.ts';

export interface Sources {
  readonly governs: Readonly<Record<string, Governs>>;
  readonly args: JsonObject;
  readonly vouched: readonly string[]; // arguments that records vouch for, as trusted code found
  readonly stated: string | null; // the words of the person who asks; null in reviews
}

export interface Traced {
  readonly by: Readonly<Record<string, Provenance>>;
  readonly untrusted: readonly Governs[]; // kinds, sorted
}

export function provenance({ governs, args, vouched, stated }: Sources): Traced {
  const own = stated === null ? '' : normal(ownWords(stated));
  const source = (name: string): Provenance => {
    if (vouched.includes(name)) return 'record';
    return forms(args[name]).some((form) => form !== '' && contains(own, normal(form))) ? 'stated' : 'untrusted';
  };
  const by = Object.fromEntries(Object.keys(governs).map((name) => [name, source(name)]));
  const untrusted = Object.entries(governs).flatMap(([name, kind]) => (by[name] === 'untrusted' ? [kind] : []));
  return { by, untrusted: [...new Set(untrusted)].sort() };
}

/** What a person says, without what they quote or forward: quoted lines, block quotes, anything in quotation marks or code. */
export function ownWords(text: string): string {
  return text
    .replace(/```[\s\S]*?(```|$)/g, ' ')
    .replace(/`[^`]*`/g, ' ')
    .replace(/^\s*(>|\|).*$/gm, ' ')
    .replace(/^-{2,}\s*(forwarded|original|weitergeleitet).*[\s\S]*$/gim, ' ')
    .replace(/"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»/g, ' ');
}

/** The ways in which a value may be written: money as a decimal, with and without separators and zeros. */
function forms(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isMoney(value)) return [];
  const shown = show({ minor: value.minor, currency: value.currency }).split(' ')[0] ?? '';
  const plain = shown.replaceAll(',', '');
  return [plain, plain.replace(/\.00$/, ''), plain.replace(/(\.\d)0$/, '$1')];
}

const isMoney = (value: unknown): value is { readonly minor: number; readonly currency: string } =>
  typeof value === 'object' &&
  value !== null &&
  'minor' in value &&
  'currency' in value &&
  typeof value.minor === 'number' &&
  typeof value.currency === 'string';

/** One spelling: lower case, IBANs closed up, `2.400,00` and `2,400.00` as `2400.00`. */
function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\b([a-z]{2}\d{2})((?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?)\b/g, (_all, head: string, rest: string) => head + rest.replaceAll(' ', ''))
    .replace(/\b\d{1,3}(?:\.\d{3})+(?:,\d+)?\b/g, (number) => number.replaceAll('.', '').replace(',', '.'))
    .replace(/\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b/g, (number) => number.replaceAll(',', ''))
    .replace(/\b(\d+),(\d{2})\b/g, '$1.$2');
}

/** Whether a value stands in the text as a whole, not as a part of a longer number or word. */
function contains(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text.slice(at + value.length, at + value.length + 2)];
    if (!/[\p{L}\p{N}.,-]/u.test(before) && !/^([\p{L}\p{N}]|[.,]\d)/u.test(after)) return true;
  }
  return false;
}
