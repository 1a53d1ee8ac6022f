/**
 * Where values of a history come from: the person's words, records that were read, and text of anybody. Grows call by call. What an earlier
 * call wrote without anybody vouching for it stays untrusted when it is read back.
 */
import { isPrivateField, isProseField, kindOf, wordsOf } from '../../kernel/lexicon.ts';
import type { ImportedTool } from '../../kernel/manifest.ts';
import type { Governs } from '../../kernel/nouns.ts';
import { spokenWords } from '../own-words.ts';
import { daysIn, sameDay, type Day } from './days.ts';
import type { Leaf, Told } from './history.ts';
import { closed, decodings, disguised, plain, runText, wordsIn } from './normal.ts';
import { wantedIn, type Wanted } from './request.ts';
import { fieldsOf, isProse, isToldField, type Field } from './results.ts';
import { isEmail, isIban, isUrl, marksIn, numbersIn, stands } from './values.ts';

/** A field of a record that was read, and whether what was asked is about that record. */
export interface Known extends Field {
  readonly plain: string;
  readonly run: string;
  readonly kind: Governs | undefined; // undefined: nothing names it
  readonly call: number;
  readonly linked: boolean; // what was asked is about this record, or about what the call that read it was for
  readonly meant: boolean; // the person names something of this record, a day of it at least
  readonly named: boolean; // the person names it by words
}

const ALL =
  /\b(?:every|everyone|everybody|each|both|all (?:the|my|of|our|users|people|members|participants)|participants|attendees|members|invitees|guests|others)\b/;
/** `3 days`, `2 people`, `10%` */
const COUNTED =
  /\b\d+(?:[.,]\d+)? ?-?(?:%|(?:percent|days?|nights?|weeks?|months?|years?|hours?|minutes?|people|persons?|guests?|adults?|children|times|items?|emails?|mails|messages|files?|transactions|bookings|payments|events|meetings|results|rooms?|seats?|tickets?|stars?|km|kg)\b)/g;
const SMALLEST = 4; // letters of a word that says what somebody means
const COMMON = new Set(
  'this that with from have what when where which your please about would could should there their them they will been just also only some more than then into over make made like need want each every other name time date email user file true false none confirmed sent read open list item event message'.split(
    ' ',
  ),
);

export class Sources {
  readonly spoken: string; // the person's words, in one spelling
  days: readonly Day[];
  readonly numbers: readonly number[];
  readonly amounts: readonly number[]; // those that count nothing
  readonly #raw: string; // as they stand
  readonly #around: string; // and what the house says of them
  readonly #aroundRun: string;
  #toldRuns: readonly string[] = [];
  readonly #meant: ReadonlySet<string>; // words that say what is meant
  readonly #allMeant: boolean;
  #today: string | null;
  known: readonly Known[] = [];
  told: readonly string[] = []; // text of anybody, in one spelling, as it stands and undone
  secrets: readonly { readonly name: string; readonly value: string }[] = [];
  #written: readonly string[] = [];
  #strangers: readonly Wanted[] = [];
  readonly #heard = new Set<string>();
  #calls = 0;

  constructor({ system, person, prompt, today }: Told) {
    const spoken = spokenWords(prompt);
    this.#raw = spoken;
    this.spoken = plain(spoken);
    this.#around = `${this.spoken} . ${plain(person)} . ${plain(system)}`;
    this.#aroundRun = runText(this.#around);
    this.#allMeant = ALL.test(this.spoken);
    this.#meant = new Set(wordsIn(this.spoken).filter((word) => word.length >= SMALLEST && /\p{L}/u.test(word) && !COMMON.has(word)));
    this.#today = today;
    this.days = daysIn(this.spoken, today);
    this.numbers = numbersIn(spoken);
    this.amounts = numbersIn(this.spoken.replace(COUNTED, ' '));
  }

  /** Anything that was read may have been written to be read: a short name, too, can tell somebody what to do. */
  untrustedRead = false;

  /** Whether the person says a value. A short number alone says nothing of what it counts. */
  says(value: string): boolean {
    if (disguised(value)) return this.#raw.includes(value);
    if (/^\d{1,4}$/.test(value.trim())) return new RegExp(`(?:\\bid|\\bnumber|\\bno\\.?|\\bnr\\.?|#) ?:? ?'?"?${value.trim()}(?!\\d)`).test(this.spoken);
    return stands(this.spoken, value);
  }

  /** The same, with the person's name and what the house says of them. */
  saysAround = (value: string): boolean => (disguised(value) ? this.#raw.includes(value) : stands(this.#around, value));

  daysOf = (text: string): readonly Day[] => daysIn(plain(text), this.#today);

  /** Days that text of anybody names. */
  toldDays = (): readonly Day[] => this.told.flatMap((text) => daysIn(text, null));

  toldHas = (value: string): boolean => this.told.some((text) => stands(text, value)) || this.#toldClosed(value);

  #toldClosed(value: string): boolean {
    const bare = closed(value);
    return bare.length >= 8 && this.told.some((text) => closed(text).includes(bare));
  }

  /**
   * A record that vouches for a value in a role: the same kind of field, and what was asked is about it.
   * @param strictly the person names the record itself, or speaks of all of them
   */
  record(value: string, kind: Governs, key: string, strictly: boolean): Known | undefined {
    const spelled = plain(value);
    return this.known.find(
      (field) =>
        field.linked && (!strictly || field.meant || this.#allMeant) && same(field, spelled, value) && fits(field, kind, key, value) && this.#subject(field),
    );
  }

  /** Whether the person, what the house says of them, or any record has these words in a row. */
  vouchesRun = (run: string): boolean => this.#aroundRun.includes(` ${run} `) || this.known.some((field) => field.run.includes(` ${run} `));

  toldRun = (run: string): boolean => this.#toldRuns.some((text) => text.includes(` ${run} `));

  /** Whether an address or a number stands in the person's words or in a record. */
  vouchesMark = (mark: string): boolean =>
    [this.#around, ...this.known.map((field) => field.plain)].some((text) => marksIn(text).some((one) => one.text === mark));

  /** Whether any record has a value as it stands. */
  recorded = (value: string): boolean => this.known.some((field) => field.plain === plain(value) && alike(field, value));

  /** Where the person names one of several records by its name, the others are not meant. */
  #subject(field: Known): boolean {
    const beside = this.known.filter(({ call }) => call === field.call);
    if (isId(field.key) && !field.named && beside.some((other) => isId(other.key) && other.named)) return false;
    const named = beside.filter(
      ({ kind, plain: text }) => (kind === 'identifier' || kind === 'recipient' || kind === undefined) && text.length > 2 && this.says(text),
    );
    return named.length === 0 || named.some(({ group }) => group === field.group);
  }

  /** What a call gave back. @param leaves the arguments of that call @param unvouched those that nobody vouched for, where it wrote */
  take(text: string, tool: ImportedTool | undefined, leaves: readonly Leaf[], unvouched: readonly string[]): void {
    this.#written = [...this.#written, ...unvouched.map(plain).filter((one) => one.length > 1)];
    this.#calls++;
    this.untrustedRead ||= /\p{L}/u.test(text);
    if (tool && this.#today === null) this.#learnToday(tool.name, text);
    const fields = fieldsOf(text);
    if (!tool || !fields) {
      this.#hear(text);
      return;
    }
    const believed = fields.filter((field) => this.#believed(field, tool));
    for (const { value } of fields.filter((field) => !believed.includes(field))) this.#hear(value);
    if (tool.results.are === 'untrusted') this.#hear(text);
    this.secrets = [
      ...this.secrets,
      ...fields.filter(({ key, value }) => isPrivateField(key) && closed(value).length >= 4 && !isProse(value)).map(({ key, value }) => ({ name: key, value })),
    ];
    this.known = [...this.known, ...this.#link(believed, fields, leaves)];
  }

  /** Some systems say what day it is when they are asked. */
  #learnToday(tool: string, text: string): void {
    const day = /^\W*(\d{4}-\d{2}-\d{2})(?!\d)/.exec(text.trim())?.[1];
    if (day === undefined || !wordsOf(tool).some((word) => ['current', 'today', 'now'].includes(word))) return;
    this.#today = day;
    this.days = daysIn(this.spoken, day);
  }

  /** What text of anybody asks to be done. */
  get strangersWant(): readonly Wanted[] {
    return this.#strangers;
  }

  /** Text of anybody, as it stands and undone. */
  #hear(text: string): void {
    if (text.trim() === '' || this.#heard.has(text)) return;
    this.#heard.add(text);
    if (isProse(text)) this.#strangers = [...this.#strangers, ...wantedIn(text.replaceAll('\\n', '\n').replace(/["'“”‘’*_#]/g, ' '))]; // quotes hide nothing here
    const undone = decodings(text);
    this.told = [...this.told, ...undone.map(plain)];
    this.#toldRuns = [...this.#toldRuns, ...undone.map(runText)];
    const secret = /\b((?:[a-z]+ )?(?:password|passcode|code|pin|token|secret|api key))(?: is|:| =)+ ?["']?([\w-]*\d[\w-]{3,})/gi;
    this.secrets = [...this.secrets, ...[...text.matchAll(secret)].map(([, name = '', value = '']) => ({ name, value }))];
  }

  #believed(field: Field, { results }: ImportedTool): boolean {
    const named = (names: readonly string[]) => names.some((name) => name.toLowerCase() === field.key.toLowerCase());
    if (isProse(field.value) || named(results.untrusted)) return false;
    const spelled = plain(field.value);
    if (this.#written.some((one) => one === spelled || (spelled.length >= 6 && (one.includes(spelled) || (spelled.includes(one) && one.length >= 6)))))
      return false;
    return results.are === 'untrusted' ? named(results.records) && !isToldField(field) : !isProseField(field.key);
  }

  /** What was asked is about a record where the call that read it, or the record itself, names what the person means. */
  #link(fields: readonly Field[], all: readonly Field[], leaves: readonly Leaf[]): readonly Known[] {
    const asked = leaves.some(
      ({ value }) => this.saysAround(value) || this.#chained(value) || this.daysOf(value).some((day) => this.days.some((said) => sameDay(said, day))),
    );
    const single = leaves.length === 0 && new Set(fields.map(({ group }) => group)).size === 1;
    const of = (which: readonly Field[], says: (field: Field) => boolean) => new Set(which.filter(says).map(({ group }) => group));
    const named = of(fields, (field) => this.#wordOf(field));
    // Which record is meant, a title says that anybody may have written; whom or where it leads to, it does not say.
    const titled = of(all, (field) => !isProse(field.value) && this.#wordOf(field));
    const dated = of(fields, (field) => this.#dayOf(field));
    const meant = ({ key, group }: Field) => (isId(key) ? titled : named).has(group) || ((isId(key) ? titled : named).size === 0 && dated.has(group));
    return fields.map((field) => ({
      ...field,
      plain: plain(field.value),
      run: runText(field.value),
      kind: field.key === '' ? undefined : kindOf(field.key),
      call: this.#calls,
      named: (isId(field.key) ? titled : named).has(field.group),
      meant: meant(field),
      linked: asked || meant(field) || (single && wordsIn(field.key.replaceAll('_', ' ')).some((word) => this.#meant.has(word))),
    }));
  }

  readonly #chained = (value: string): boolean => this.known.some((field) => field.linked && field.plain === plain(value));

  readonly #wordOf = ({ value }: Field): boolean => [...wordsIn(value), ...runText(value).trim().split(' ')].some((word) => this.#meant.has(word));

  readonly #dayOf = ({ value }: Field): boolean => this.daysOf(value).some((day) => this.days.some((said) => sameDay(said, day)));
}

/** Where either only looks like it, they are one only where they are the same sign by sign. */
const alike = (field: Known, value: string): boolean => field.value === value || (!disguised(value) && !disguised(field.value));

function same(field: Known, spelled: string, value: string): boolean {
  if (!alike(field, value)) return false;
  if (field.plain === spelled) return true;
  const [a, b] = [closed(field.value), closed(value)];
  return (
    (isIban(value) && a === b) ||
    (/^[\d.,]+$/.test(spelled) && /^[\d.,$€£ ]+$/.test(field.plain) && Number(spelled) === Number(field.plain.replace(/[^\d.]/g, '')))
  );
}

const isId = (key: string): boolean => wordsOf(key).some((word) => word === 'id' || word === 'uuid');

const NAMES = new Set<Governs | undefined>(['identifier', 'recipient', 'destination', undefined]);

/** The same kind of field. A text that is an address by its form is looked for among addresses. */
function fits(field: Known, kind: Governs, key: string, value: string): boolean {
  if (field.kind === kind && (kind !== 'identifier' || sameName(field.key, key))) return true;
  if (isEmail(value) || isIban(value)) return field.kind === 'recipient' || field.kind === 'account' || (field.kind === undefined && field.key !== '');
  if (isUrl(value)) return field.kind === 'destination';
  if (kind === 'amount' || kind === 'date' || kind === 'account') return field.key === '';
  if (/^\d+$/.test(value)) return field.kind === 'identifier' && sameName(field.key, key);
  return NAMES.has(field.kind) && NAMES.has(kind);
}

/** `event_id` and `id`, or `file_id` and `file_id`: not `user_id`. */
function sameName(field: string, argument: string): boolean {
  const [a, b] = [wordsIn(field.replaceAll('_', ' ')), wordsIn(argument.replaceAll('_', ' '))];
  return a.length === 1 || b.length === 1 || a.join(' ') === b.join(' ');
}
