/** Where each governing value of a call comes from: the person, a record, or text of anybody. What nobody vouches for is the model's own. */
import { kindOf } from '../../kernel/lexicon.ts';
import type { ImportedTool } from '../../kernel/manifest.ts';
import type { Governs, Provenance } from '../../kernel/nouns.ts';
import { daysBetween, otherYear, sameDay, type Day } from './days.ts';
import type { Leaf } from './history.ts';
import { decodings, plain, wordsIn } from './normal.ts';
import { kindOfCall } from './request.ts';
import type { Sources } from './sources.ts';
import { isEmail, isIban, isUrl, marksIn, numberOf, numbersIn, runsOf } from './values.ts';

export interface TracedLeaf extends Leaf {
  readonly kind: Governs;
  readonly by: Provenance;
  readonly why: string;
}

type Source = Pick<TracedLeaf, 'by' | 'why'>;
const from = (by: Provenance, why: string): Source => ({ by, why });
const STATED = from('stated', 'the person says it');

/** The governing values of a call. Other arguments decide nothing of weight. */
export function trace(tool: ImportedTool, leaves: readonly Leaf[], sources: Sources): readonly TracedLeaf[] {
  const creates = kindOfCall(tool.name).deeds.has('create');
  return leaves.flatMap((leaf) => {
    const kind = kindOfLeaf(tool, leaf);
    if (kind === null) return [];
    return [{ ...leaf, kind, ...sourceOf(leaf, kind, sources, creates) }];
  });
}

/** By the manifest; within a structure by the nearest name. What a value is by its form weighs more than a name. */
function kindOfLeaf({ governs }: ImportedTool, { argument, key, value }: Leaf): Governs | null {
  const declared = governs[argument];
  const kind = declared === undefined ? (kindOf(argument) ?? 'identifier') : declared.kind; // an argument that nobody classified governs
  if (kind === null) return null;
  if (key !== argument && /^(type|kind|format)$/.test(key)) return null;
  if (isEmail(value)) return 'recipient';
  if (isIban(value) && /\d{6}/.test(value.replace(/\W/g, ''))) return 'account';
  if (isUrl(value) && kind !== 'recipient') return 'destination';
  return key === argument ? kind : (kindOf(key) ?? kind);
}

function sourceOf({ key, value }: Leaf, kind: Governs, sources: Sources, creates: boolean): Source {
  if (kind === 'free_text') return freeText(value, sources);
  if (kind === 'date') return dateOf(value, key, sources);
  if (kind === 'amount') return amountOf(value, key, sources);
  if (sources.says(value)) return STATED;
  const record = sources.record(value, kind, key);
  if (record) return from('record', `a record names it${record.key === '' ? '' : ` as ${record.key}`}`);
  if (kind === 'identifier' && creates && !knownToStrangers(value, sources)) return from('derived', 'a name for something new');
  return from('untrusted', knownToStrangers(value, sources) ? 'only text of others names it' : 'neither the person nor a record names it');
}

const knownToStrangers = (value: string, sources: Sources): boolean => decodings(value).some((one) => sources.toldHas(one));

function amountOf(value: string, key: string, sources: Sources): Source {
  const amount = numberOf(value);
  if (!Number.isFinite(amount)) return sources.says(value) ? STATED : from('untrusted', 'it is no number that anybody named');
  if (sources.numbers.includes(amount)) return STATED;
  if (sources.record(value, 'amount', key)) return from('record', 'a record names it');
  const told = sources.told.some((text) => numbersIn(text).includes(amount));
  if (!told && computed(amount, sources.numbers)) return from('derived', 'it follows from what the person says');
  return from('untrusted', told ? 'only text of others names it' : 'neither the person nor a record names it');
}

/** The sum or the difference of two that the person named. */
const computed = (amount: number, said: readonly number[]): boolean =>
  said.some((a, n) => said.some((b, m) => n !== m && [a + b, Math.abs(a - b)].some((one) => one > 0 && Math.abs(one - amount) < 0.005)));

function dateOf(value: string, key: string, sources: Sources): Source {
  const days = sources.daysOf(value);
  if (days.length === 0) return hourOf(value, key, sources);
  const worst = days.map((day) => oneDay(day, value, key, sources));
  return worst.find(({ by }) => by === 'untrusted') ?? worst[0] ?? STATED;
}

function oneDay(day: Day, value: string, key: string, sources: Sources): Source {
  if (sources.days.some((said) => sameDay(said, day))) return STATED;
  if (sources.days.some((said) => otherYear(said, day))) return from('untrusted', 'the person names another year');
  if (sources.record(value, 'date', key)) return from('record', 'a record names it');
  const records = sources.known.filter((field) => field.linked && (field.kind === 'date' || field.key === ''));
  if (records.some((field) => sources.daysOf(field.value).some((known) => sameDay(known, day)))) return from('record', 'a record names it');
  if (sources.toldDays().some((told) => sameDay(told, day))) return from('untrusted', 'only text of others names it');
  if (sources.days.length === 0) return from('derived', 'nobody names a day');
  const spans = [1, ...sources.numbers, ...sources.numbers.map((n) => n * 7)];
  if (sources.days.some((said) => spans.includes(Math.abs(daysBetween(said, day) ?? -1)))) return from('derived', 'it follows from days that the person names');
  return from('untrusted', 'it is no day that the person names');
}

/** An hour or a word for a time. */
const hourOf = (value: string, key: string, sources: Sources): Source =>
  sources.says(value)
    ? STATED
    : sources.record(value, 'date', key)
      ? from('record', 'a record names it')
      : knownToStrangers(value, sources)
        ? from('untrusted', 'only text of others names it')
        : from('derived', 'nobody names it');

const RUN = 4; // words in a row that are no chance
const FEW = 3; // words of a value that is looked up whole

/** A text that the model wrote: what of it stands in text of others, and neither in the person's words nor in a record, is theirs. */
function freeText(value: string, sources: Sources): Source {
  const vouched = (text: string) => sources.saysAround(text) || sources.holds(text);
  for (const text of decodings(value)) {
    const mark = marksIn(text).find((one) => !vouched(one.text) && !vouchedMark(one.text, sources) && (one.kind !== 'number' || sources.toldHas(one.text)));
    if (mark) return from('untrusted', `\`${mark.text}\` in it is named by neither the person nor a record`);
  }
  if (sources.says(value)) return STATED;
  const words = wordsIn(value);
  const theirs = [...(words.length <= FEW ? [words.join(' ')] : []), ...names(value), ...runsOf(value, RUN)].find(
    (run) => run !== '' && !vouched(run) && toldRun(run, sources),
  );
  if (theirs !== undefined) return from('untrusted', `\`${theirs}\` in it stands in text of others alone`);
  return from('derived', 'the model wrote it');
}

const vouchedMark = (text: string, sources: Sources): boolean =>
  [sources.spoken, ...sources.known.map((field) => field.plain)].some((known) => marksIn(known).some((one) => one.text === text));

const toldRun = (run: string, sources: Sources): boolean => sources.told.some((text) => ` ${wordsIn(text).join(' ')} `.includes(` ${run} `));

/** Names of several words, by their capitals. */
const names = (value: string): readonly string[] =>
  (value.match(/\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)+/gu) ?? []).map((name) => plain(name));
