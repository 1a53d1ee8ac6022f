/** Tools as they describe themselves -> a draft of their manifest, on the careful side, with a reason for each line. Pure. */
import { deedsOf, isForeignThing, kindOf, singular, wordsOf } from '../../kernel/lexicon.ts';
import { aboutOf, type ImportedEffect, type ImportedTool, type Manifest, type Results } from '../../kernel/manifest.ts';
import type { Governs } from '../../kernel/nouns.ts';
import type { Parameter, ToolDescriptor } from './descriptors.ts';
import { effectOf, verbOf } from './effect.ts';

type Governing = { readonly kind: Governs | null; readonly why: string };

export const draftManifest = (tools: readonly ToolDescriptor[], server: string): Manifest => ({
  server,
  agents: [],
  tools: tools.map((tool) => draftTool(tool, tools)),
});

function draftTool(tool: ToolDescriptor, all: readonly ToolDescriptor[]): ImportedTool {
  const governing = tool.parameters.map((one) => [one.name, governs(one)] as const);
  const reaches = governing.some(([, { kind }]) => kind === 'recipient');
  const { effect, why, verb } = effectOf(tool, reaches);
  const kept = effect === 'read' ? [] : governing;
  return {
    name: tool.name,
    about: aboutOf(tool),
    effect,
    effect_why: why,
    governs: Object.fromEntries(kept),
    results: resultsOf(tool, effect, verb),
    cost: costOf(effect, verb),
    compensation: compensationOf(tool, effect, all),
  };
}

const BY_DESCRIPTION: readonly (readonly [Governs, RegExp])[] = [
  ['account', /\biban\b|\baccount number\b|\bcard number\b/i],
  ['recipient', /\be-?mail address(es)?\b|\bphone number\b|\brecipients?\b/i],
  ['destination', /\burls?\b|\buri\b|\bwebhook\b/i],
  ['date', /\byyyy-mm-dd\b|\biso (8601|format)\b|\bdate (on|of|when)\b/i],
];
const BY_FORMAT: Readonly<Record<string, Governs>> = {
  email: 'recipient',
  'idn-email': 'recipient',
  uri: 'destination',
  url: 'destination',
  date: 'date',
  'date-time': 'date',
};

/** What an argument decides. The kind that weighs more wins: an address that is described as one is one, whatever its name. */
function governs({ name, description, type, format }: Parameter): Governing {
  if (type === 'flag' || type === 'choice')
    return { kind: null, why: `a ${type === 'flag' ? 'yes or no' : 'choice of a few values'} names nobody and nothing` };
  const formatted = BY_FORMAT[format];
  if (formatted) return { kind: formatted, why: `its format is \`${format}\`` };
  const named = kindOf(name);
  const told =
    named === 'free_text' || named === 'date' || named === 'amount' || type === 'structure'
      ? undefined
      : BY_DESCRIPTION.find(([, words]) => words.test(description));
  if (told) return { kind: told[0], why: `its description speaks of \`${(told[1].exec(description) ?? [''])[0]}\`` };
  if (named === 'amount' && type !== 'number' && type !== 'text') return { kind: 'free_text', why: 'a structure of its own' };
  if (named) return { kind: named, why: `\`${name}\` names it` };
  if (type === 'number') return { kind: 'amount', why: 'a number that nothing says is none' };
  if (type === 'structure' || type === 'unknown') return { kind: 'identifier', why: 'a structure that could name anything' };
  return { kind: 'identifier', why: 'a name that is not recognised: it may say whom or what it is about' };
}

const PREPOSITIONS = new Set(['by', 'for', 'in', 'from', 'with', 'of', 'to', 'on', 'at', 'within']);
const ENVELOPE = ['id', 'id_', 'sender', 'from', 'date', 'timestamp'];
const LISTED = /^(emails|mails|messages|comments|files|documents|notes|tickets|issues|notifications|threads|inbox|mailbox|posts|attachments)$/;

function resultsOf({ name }: ToolDescriptor, effect: ImportedEffect, verb: string | null): Results {
  const words = wordsOf(name);
  if (verb === null) return { are: 'untrusted', records: [], untrusted: [], why: 'nothing says what it gives back' };
  const behind = words.slice(words.indexOf(verb) + 1);
  const after = behind.length > 0 ? behind : words.slice(0, words.indexOf(verb)); // `mailbox_search`
  const until = after.findIndex((word) => PREPOSITIONS.has(word));
  const things = until < 0 ? after : after.slice(0, until);
  const foreign = things.find(isForeignThing);
  const reads = deedsOf(verb).has('read');
  if (reads && things.length === 0) return { are: 'untrusted', records: [], untrusted: [], why: `\`${name}\` does not say what it reads` };
  if (foreign !== undefined && reads) {
    const records = effect === 'read' && LISTED.test(foreign) ? ENVELOPE : [];
    return {
      are: 'untrusted',
      records,
      untrusted: [],
      why: `\`${foreign}\` is written by anybody${records.length > 0 ? '; what the system notes beside it is its own' : ''}`,
    };
  }
  if (effect === 'outbound' && reads) return { are: 'untrusted', records: [], untrusted: [], why: 'it comes from outside' };
  return {
    are: 'records',
    records: [],
    untrusted: [],
    why: 'a system’s own records; fields of prose in them, and whatever reads like prose, are not believed',
  };
}

const costOf = (effect: ImportedEffect, verb: string | null): ImportedTool['cost'] => {
  if (effect === 'read') return { is: 'none', why: 'it reads' };
  const deeds = deedsOf(verb ?? '');
  if (verb === null) return { is: 'unknown', why: 'nothing says so' };
  return deeds.has('pay') || deeds.has('reserve') ? { is: 'money', why: `\`${verb}\` may move or commit money` } : { is: 'unknown', why: 'nothing says so' };
};

/** A tool of the same server that takes back what this one makes: the same things, and a verb that takes away. */
function compensationOf(tool: ToolDescriptor, effect: ImportedEffect, all: readonly ToolDescriptor[]): ImportedTool['compensation'] {
  if (effect === 'read') return { tool: null, why: 'it changes nothing' };
  const things = thingsOf(tool.name);
  const makes = deedsOf(verbOf(tool.name) ?? '');
  const undo =
    (makes.has('create') || makes.has('reserve') || makes.has('invite')) && !makes.has('message')
      ? all.find((other) => other !== tool && deedsOf(verbOf(other.name) ?? '').has('delete') && things !== '' && thingsOf(other.name) === things)
      : undefined;
  return undo ? { tool: undo.name, why: `\`${undo.name}\` takes it back` } : { tool: null, why: 'no tool of this server is known to take it back' };
}

const thingsOf = (name: string): string =>
  wordsOf(name)
    .filter((word) => word !== verbOf(name) && !PREPOSITIONS.has(word))
    .map(singular)
    .join(' ');
