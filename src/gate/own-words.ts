/** What a person says, without what they quote, forward or paste. Careful: where it is not clear what is quoted, nothing after it is theirs. */

/** From here on it is somebody else's: a forwarded or answered mail, as programs mark them in the languages that we know of. */
const FOREIGN: readonly RegExp[] = [
  /^[ \t>|*]*[-_=–—―]{2,}[^\n]*(forward|original|message|weitergeleitet|ursprüngliche|nachricht)/imu,
  /^[ \t>|*]*(begin forwarded|forwarded (by|message)|original message|anfang der weitergeleiteten|weitergeleitete nachricht|ursprüngliche nachricht)/imu,
  /^[ \t>|*]*(on|am|le|el|il|op)\b[^\n]{0,200}(\n[^\n]{0,200})?\b(wrote|schrieb|écrit|escribió|scritto|schreef)\b[^\n]{0,200}:/imu, // the name may stand on a second line
  /\b(wrote|writes|schrieb|schreibt)[ \t]*:[ \t]*$/imu,
  /^[ \t>|*_]*(from|von|de|da|van)[ \t*_]*:/imu,
  /^[ \t>|*_]*(sent|gesendet|date|datum|subject|betreff)[ \t*_]*:[^\n]*\n[ \t>|*_]*(sent|gesendet|to|an|cc|subject|betreff|date|datum)[ \t*_]*:/imu,
  /^[ \t]*[-_=–—―]{5,}[ \t]*$/mu, // a rule between an answer and what it answers
  /^[ \t]*[–—―]/mu, // somebody else's speech, behind a dash
];

export function ownWords(text: string): string {
  return withoutQuotations(
    beforeForeign(text)
      .replace(/(```|~~~)[\s\S]*?(\1|$)/g, ' ')
      .replace(/`[^`]*(`|$)/g, ' ')
      .replace(/^(\t| {4,})\S.*$/gm, ' ') // pasted as code
      .replace(/^[ \t]*[>|＞].*$/gm, ' '),
  );
}

function beforeForeign(text: string): string {
  const lines = text.normalize('NFC').replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n');
  return FOREIGN.reduce((kept, mark) => {
    const at = kept.search(mark);
    return at < 0 ? kept : kept.slice(0, at);
  }, lines);
}

/**
 * What a person says, with the names, titles and sentences that they put in quotes to have them used as they stand. Values may be taken
 * from it; what it asks for is read without the quotes (`imported/request.ts`). Forwarded, answered and pasted text is no part of it.
 */
export function spokenWords(text: string): string {
  const margin = Math.min(...text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.length - line.trimStart().length])));
  const dedented = Number.isFinite(margin) ? text.replace(new RegExp(`^[ \\t]{${margin}}`, 'gm'), '') : text;
  return beforeForeign(dedented)
    .replace(/(```|~~~)[\s\S]*?(\1|$)/g, ' ')
    .replace(/^[ \t]*[>|＞].*$/gm, ' ');
}

const MARKS = /["“”„‟«»‹›‘’‚‛「」『』〝〞＂'＇`´]/gu;

/**
 * What stands before the first quotation mark and after the last. Languages use each other's marks the other way round, and an
 * inch is written with one: where they do not open and close in turn, nothing after the first is believed.
 */
function withoutQuotations(text: string): string {
  let [first, last, open] = [-1, -1, false];
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    const [within, ends] = [isWord(text[index - 1]), isWord(text[index + 1])];
    if ("'’＇´".includes(mark) && within && (ends || !open)) continue; // an apostrophe
    if (first < 0) first = index;
    if (open ? ends : within) return text.slice(0, first);
    open = !open;
    last = index;
  }
  if (open) return text.slice(0, first);
  return first < 0 ? text : `${text.slice(0, first)} ${text.slice(last + 1)}`;
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
