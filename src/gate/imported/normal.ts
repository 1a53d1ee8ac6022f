/** One spelling for what looks or reads alike, and what is hidden in another encoding. */

/** Letters of other scripts that look like Latin ones (the common part of Unicode's confusables). */
const STRANGE = 'аеорсухіјѕԁһӏкмнтвАВЕКМНОРСТХУІЈЅαερικνοτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡɩԛԝıƚ';
const LATIN = 'aeopcyxijsdhlkmhtbabekmhopctxyijsaepiknotuxabezhikmnoptyxgiqwil';
const LOOKALIKE = new Map([...STRANGE].map((char, n) => [char, LATIN[n] ?? char]));

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu;

const spelled = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[‘’‚‛`´]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‐-―]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();

/** Lower case, single blanks, plain quotes and dashes; no invisible signs, no look-alikes. */
export const plain = (text: string): string =>
  spelled(
    [...text.normalize('NFKC')]
      .map((char) => LOOKALIKE.get(char) ?? char)
      .join('')
      .replace(INVISIBLE, ''),
  );

/**
 * Whether a text only looks like what `plain` makes of it. What was said in one alphabet does not vouch for its double in another: the
 * double is another address.
 */
export const disguised = (text: string): boolean => spelled(text.normalize('NFC')) !== plain(text);

/** Letters and digits alone: `GB29 NWBK-6016` is `gb29nwbk6016`. */
export const closed = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]/gu, '');

export const wordsIn = (text: string): readonly string[] => plain(text).match(/[\p{L}\p{N}]+(?:['.@-][\p{L}\p{N}]+)*/gu) ?? [];

/** Words alone, with a blank at each side, so that a run of them can be looked up: `team-building.docx` is ` team building docx `. */
export const runText = (text: string): string => ` ${(plain(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;

const SHORTEST_CODED = 8; // characters; anything shorter hides nothing worth hiding

/** The text, and what it says once undone: percent signs, entities, base 64, hexadecimal, backwards. */
export function decodings(text: string): readonly string[] {
  const undone = [
    text.replace(/(?:%[0-9a-fA-F]{2})+/g, (coded) => percent(coded)).replaceAll('+', ' '),
    text.replace(/&#(x?)([0-9a-fA-F]+);/g, (whole, hex: string, code: string) => character(Number.parseInt(code, hex ? 16 : 10)) ?? whole),
    text.replace(/[A-Za-z0-9+/_-]{8,}={0,2}/g, (coded) => printable(Buffer.from(coded, 'base64').toString('utf8')) ?? coded),
    text.replace(/(?:[0-9a-fA-F]{2}[ :]?){4,}/g, (coded) => printable(Buffer.from(coded.replace(/[ :]/g, ''), 'hex').toString('utf8')) ?? coded),
    ...(text.length >= SHORTEST_CODED ? [[...text].reverse().join('')] : []),
  ];
  return [...new Set([text, ...undone])];
}

function percent(coded: string): string {
  try {
    return decodeURIComponent(coded);
  } catch {
    return coded;
  }
}

const character = (code: number): string | undefined => (code > 31 && code < 0x11_0000 ? String.fromCodePoint(code) : undefined);
const printable = (text: string): string | undefined =>
  text.length >= 4 && /^[\p{L}\p{N}\p{P}\p{S}\s]+$/u.test(text) && !text.includes('\ufffd') ? text : undefined;
