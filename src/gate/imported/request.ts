/**
 * What a person's own request asks to be done: verbs that command or ask for something, and the things that stand with them. A wish, a
 * report of what others said, a reminder of what one will do oneself and what stands in quotes ask for nothing.
 */
import { alsoCalled, deedsOf, deedsOfNoun, singular, wordsOf, type Deed } from '../../kernel/lexicon.ts';
import { plain } from './normal.ts';

export interface Wanted {
  readonly deeds: ReadonlySet<Deed>;
  readonly clause: string; // in one spelling
  readonly wish: boolean; // what somebody wants, beside what they ask for
}

/** What may stand before a verb that asks: a beginning, a courtesy, or a question to whoever is to do it. */
const LEADS =
  /(?:^|[.!?;:\n,]|\band|\bthen|\balso|\bnext|\bafter that|\bafterwards|\bfinally|\bplease|\bpls|\bkindly|\bjust|\bnow|\bbut|\bor|\bcan you|\bcould you|\bwould you|\bwill you|\byou (?:can|could|should|may|must)|\byou to|\bgo ahead and|\bhelp me|\bhelp us|\bhelp me to|\bsure to|\bsure that you|\bsure you|\bremember to|\bdon't forget to|\bnot to forget to|\bfavou?r(?: and|:)|\bmind|\bfeel free to|\bif (?:so|not|yes|possible|necessary|needed|free)|\btask(?: is)? to|\byou please|\bways? to|\binstead|\bfirst|\bfirstly|\bsecond|\bsecondly|\blastly|\bpossible to|\bneed to have you)[ ,]*(?:please |also |just |then |kindly |now |quickly |directly |automatically |immediately )*$/;
const WISHES = /\b(?:i|we)(?: would|'d)? (?:want|like|need|wish|have)(?: you)? to(?: please| also| just)? *$/;
const OTHERS = /\b(?:i|we|he|she|they|it|who|which|that)(?:'ll| will|'ve| have|'m| am| are| is|'re)?(?: [a-z']+ly)? *$/;
/** Verbs that say something to whoever asks: the answer, and no call. */
const TO_ME = /^(?:tell|give|show|send|share|let|provide|get|inform|report|return|remind|find|bring|offer|write)s? (?:me|us)\b/;

/** @param own the words of the person, without what they forward */
export function wantedIn(own: string): readonly Wanted[] {
  const text = withoutQuotes(plain(own.replace(/\n+/g, ' . ')));
  const sentences = text.split(/(?<=[.!?;])\s+/);
  const asked = sentences.flatMap((sentence) => requests(sentence, LEADS));
  const wished = sentences.flatMap((sentence) => requests(sentence, WISHES));
  return [...asked, ...wished.map((one) => ({ ...one, wish: asked.length > 0 }))]; // who only wishes, asks by wishing
}

/** `and` goes on with a request where one was begun in the sentence; with a tale it goes on telling. */
function requests(sentence: string, leads: RegExp): readonly Wanted[] {
  const found: Wanted[] = [];
  const words = [...sentence.matchAll(/[\p{L}']+/gu)];
  for (const { 0: word, index } of words) {
    const deeds = deedsOf(word);
    const before = sentence.slice(0, index);
    if (deeds.size === 0 || OTHERS.test(before)) continue;
    const joined = /\b(?:and|or|but|then)[ ,]*(?:[a-z]+ly |please |also |just |then )*$/.test(before);
    const led = leads.test(before) || (leads === WISHES && joined && found.length > 0);
    if (!led || (joined && leads === LEADS && found.length === 0 && !/^(?:and|then|but|or)\b/.test(sentence.trim()) && !questioned(before))) continue;
    const rest = sentence.slice(index);
    if (TO_ME.test(rest) && !/\b(?:e-?mail|message|invite|money|\$|€)\b/.test(rest)) {
      found.push({ deeds: new Set<Deed>(['read']), clause: rest, wish: false });
      continue;
    }
    found.push({ deeds: new Set([...deeds, ...nounDeeds(rest)]), clause: rest, wish: false });
  }
  return found;
}

const questioned = (before: string): boolean => /\b(?:can|could|would|will) you\b|\bplease\b|\byou to\b|\bgo ahead\b|\bif\b[^,]*,/.test(before);

/** `make a reservation` */
const nounDeeds = (clause: string): readonly Deed[] =>
  /^(?:make|create|do|place|set|complete|arrange|schedule|put|issue|process)\b/.test(clause) ? wordsOf(clause).slice(1, 6).flatMap(deedsOfNoun) : [];

/** What is quoted names things; it asks for nothing. An apostrophe is no quotation mark. */
const withoutQuotes = (text: string): string =>
  text
    .replace(/"[^"]*"/g, (quoted) => ' '.repeat(Math.min(quoted.length, 2)) + 'it')
    .replace(/(?<![\p{L}\p{N}])'[^']*(?:'(?=\p{L})[^']*)*'(?![\p{L}\p{N}])/gu, ' it');

export interface CallKind {
  readonly deeds: ReadonlySet<Deed>;
  readonly things: readonly string[]; // what its name says that it is about
}

const SMALL = new Set([
  'to',
  'in',
  'of',
  'for',
  'by',
  'from',
  'with',
  'on',
  'at',
  'a',
  'an',
  'the',
  'all',
  'new',
  'and',
  'or',
  'my',
  'user',
  'direct',
  'most',
  'recent',
  'info',
]);

/** @param name of the tool, as its server spells it */
export function kindOfCall(name: string): CallKind {
  const words = wordsOf(name);
  const verb = words.find((word) => deedsOf(word).size > 0);
  const things = words.filter((word) => word !== verb && !SMALL.has(word));
  const moves = things.some((thing) => deedsOfNoun(thing).includes('pay'));
  const said = [...deedsOf(verb ?? '')];
  if (said.includes('read')) return { deeds: new Set<Deed>(['read']), things };
  if (moves) return { deeds: new Set<Deed>(['pay', ...said.filter((deed) => deed === 'change' || deed === 'delete')]), things };
  return { deeds: new Set(said.length > 1 ? said.filter((deed) => deed !== 'pay') : said), things };
}

/**
 * @param named whether the person names whom or what the call is about
 * @param whole whether they name all that decides it: then a wish is enough
 */
export function asksFor(wanted: readonly Wanted[], { deeds, things }: CallKind, named: boolean, whole: boolean): boolean {
  const called = new Set(things.flatMap((thing) => [...alsoCalled(thing)]));
  return wanted.some(
    (one) =>
      (!one.wish || whole) &&
      [...one.deeds].some((deed) => deed !== 'read' && deeds.has(deed)) &&
      (named || wordsOf(one.clause).some((word) => called.has(singular(word)))),
  );
}

/**
 * Whether text of others asks to read what the person speaks of nowhere, or names what is to be read.
 * @param strange values of the call that neither the person nor a record names
 */
export function lured(strangers: readonly Wanted[], { things }: CallKind, spoken: string, strange: readonly string[]): boolean {
  const called = new Set(things.flatMap((thing) => [...alsoCalled(thing)]));
  const mentions = (text: string): boolean => wordsOf(text).some((word) => called.has(singular(word)));
  return strangers.some(
    ({ deeds, clause }) => (deeds.has('read') && mentions(clause) && !mentions(spoken)) || strange.some((value) => clause.includes(plain(value))),
  );
}
