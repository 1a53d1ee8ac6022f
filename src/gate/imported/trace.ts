/** Where each governing value of a call comes from: the person, a record, or text of anybody. What nobody vouches for is the model's own. */
import { kindOf, type Deed } from '../../kernel/lexicon.ts';
import type { ImportedTool } from '../../kernel/manifest.ts';
import type { Governs, Provenance } from '../../kernel/nouns.ts';
import { daysBetween, otherYear, sameDay, type Day } from './days.ts';
import type { Leaf } from './history.ts';
import { decodings, disguised, runText } from './normal.ts';
import { asksFor, kindOfCall, type CallKind } from './request.ts';
import type { Sources } from './sources.ts';
import { isEmail, isIban, isUrl, marksIn, numberOf, numbersIn, runsOf, stands } from './values.ts';

export interface TracedLeaf extends Leaf {
  readonly kind: Governs;
  readonly by: Provenance;
  readonly meant: boolean; // the person names it, or the record that it stands in
  readonly why: string;
}

/** What leads to somebody. */
export const REACHES: readonly Governs[] = ['recipient', 'account', 'destination'];

type Source = Pick<TracedLeaf, 'by' | 'why' | 'meant'>;
const from = (by: Provenance, why: string, meant = by === 'stated'): Source => ({ by, why, meant });
const STATED = from('stated', 'the person says it');

/**
 * The governing values of a call. Where text of others asks for such a call as well, to the same target, nobody can tell whose wish a value
 * of the model's own fulfils: it counts as theirs.
 */
export function trace(tool: ImportedTool, leaves: readonly Leaf[], sources: Sources): readonly TracedLeaf[] {
  const kind = kindOfCall(tool.name);
  const traced = leaves.flatMap((leaf) => {
    const governs = kindOfLeaf(tool, leaf);
    return governs === null ? [] : [{ ...leaf, kind: governs, ...sourceOf(leaf, governs, sources, kind.deeds) }];
  });
  if (!contested(kind, traced, sources)) return traced;
  return traced.map((leaf) => (leaf.by === 'derived' ? { ...leaf, ...from('untrusted', 'text of others asks for such a call as well') } : leaf));
}

function contested(kind: CallKind, traced: readonly TracedLeaf[], sources: Sources): boolean {
  const targets = traced.filter((leaf) => REACHES.includes(leaf.kind));
  const theirs = sources.strangersWant.filter((wanted) =>
    asksFor(
      [wanted],
      kind,
      targets.some(({ value }) => stands(wanted.clause, value)),
      true,
    ),
  );
  return theirs.length > 0 && (targets.length === 0 || targets.some(({ value }) => sources.toldHas(value)));
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

function sourceOf({ key, value }: Leaf, kind: Governs, sources: Sources, deeds: ReadonlySet<Deed>): Source {
  if (kind === 'free_text') return freeText(value, sources);
  if (kind === 'date') return dateOf(value, key, sources);
  if (kind === 'amount') return amountOf(value, key, sources);
  if (sources.says(value)) return STATED;
  const record = sources.record(value, kind, key, REACHES.includes(kind) || deeds.has('delete'));
  if (record) return from('record', `a record names it${record.key === '' ? '' : ` as ${record.key}`}`, record.meant);
  if (kind === 'identifier' && deeds.has('create') && !knownToStrangers(value, sources)) return from('derived', 'a name for something new');
  return from('untrusted', knownToStrangers(value, sources) ? 'only text of others names it' : 'neither the person nor a record names it');
}

const knownToStrangers = (value: string, sources: Sources): boolean => decodings(value).some((one) => sources.toldHas(one));

function amountOf(value: string, key: string, sources: Sources): Source {
  const amount = numberOf(value);
  if (!Number.isFinite(amount)) return sources.says(value) ? STATED : from('untrusted', 'it is no number that anybody named');
  if (sources.amounts.includes(amount)) return STATED;
  if (sources.record(value, 'amount', key, false)) return from('record', 'a record names it');
  const told = sources.told.some((text) => numbersIn(text).includes(amount));
  if (!told && computed(amount, sources.amounts)) return from('derived', 'it follows from what the person says');
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
  if (sources.record(value, 'date', key, false)) return from('record', 'a record names it');
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
    : sources.record(value, 'date', key, false)
      ? from('record', 'a record names it')
      : knownToStrangers(value, sources)
        ? from('untrusted', 'only text of others names it')
        : from('derived', 'nobody names it');

const RUN = 4; // words in a row that are no chance
const FEW = 3; // words of a value that is looked up whole

/** A text that the model wrote: what of it stands in text of others, and neither in the person's words nor in a record, is theirs. */
function freeText(value: string, sources: Sources): Source {
  const hidden = disguised(value);
  for (const text of decodings(value)) {
    const mark = marksIn(text).find((one) => (hidden || !sources.vouchesMark(one.text)) && (one.kind !== 'number' || sources.toldHas(one.text)));
    if (mark) return from('untrusted', `\`${mark.text}\` in it is named by neither the person nor a record`);
  }
  if (sources.says(value)) return STATED;
  const words = runText(value).trim().split(' ');
  const theirs = [...(words.length > 1 && words.length <= FEW ? [words.join(' ')] : []), ...names(value), ...runsOf(value, RUN)].find(
    (run) => run !== '' && !sources.vouchesRun(run) && sources.toldRun(run),
  );
  if (theirs !== undefined) return from('untrusted', `\`${theirs}\` in it stands in text of others alone`);
  return from('derived', 'the model wrote it');
}

/** Names of several words, by their capitals. */
const names = (value: string): readonly string[] => (value.match(/\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)+/gu) ?? []).map((name) => runText(name).trim());
