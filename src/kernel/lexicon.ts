/**
 * What names of tools and of their arguments say, by the words that programs use in general. No word here belongs to any one server.
 * Used twice: to draft a manifest, and to hear what a person asks for.
 */
import type { Governs } from './nouns.ts';

/** What a verb does. A verb may do several: one sends a message, money or a file. */
export const DEEDS = ['read', 'message', 'pay', 'create', 'reserve', 'change', 'delete', 'invite', 'share', 'publish', 'run'] as const;
export type Deed = (typeof DEEDS)[number];

const VERBS: Readonly<Record<Deed, string>> = {
  read: `get list search read find fetch show view check lookup query count describe retrieve browse compare calculate compute summarize summarise
    look recommend suggest load inspect preview display estimate explain analyze analyse visit open review enumerate`,
  message:
    'send email mail message text write reply respond forward notify tell inform dm ping post answer communicate announce remind share ask say let greet thank congratulate',
  pay: 'pay transfer wire remit refund repay reimburse buy purchase order send settle donate withdraw deposit charge tip spend return schedule move',
  create: 'create add make schedule set put plan book arrange insert new generate write save record register open start enter note organize organise draft',
  reserve: 'reserve book rent hire schedule order',
  change: `update change edit adjust modify set move reschedule rename replace append extend correct fix increase decrease raise lower postpone shift push mark
    add write insert reset switch enable disable archive label tag assign complete close reopen convert star`,
  delete: 'delete remove cancel erase clear drop discard destroy purge revoke unsubscribe kick ban trash undo withdraw terminate',
  invite: 'invite add include onboard admit enroll enrol',
  share: 'share send give grant forward allow',
  publish: 'post publish upload share submit release push tweet broadcast put create write',
  run: 'run execute call invoke trigger approve sign merge deploy install confirm accept start stop restart perform process',
};

const verbs = new Map<string, ReadonlySet<Deed>>();
for (const deed of DEEDS) for (const verb of VERBS[deed].split(/\s+/)) verbs.set(verb, new Set([...(verbs.get(verb) ?? []), deed]));

/** Deeds of a word that is a verb in its plain form; none where it is not known. */
export const deedsOf = (word: string): ReadonlySet<Deed> => verbs.get(word) ?? new Set();

/** `make a reservation` says what `reserve` says. */
const NOUNS: Readonly<Record<string, readonly Deed[]>> = {
  reservation: ['reserve'],
  booking: ['reserve'],
  payment: ['pay'],
  transfer: ['pay'],
  refund: ['pay'],
  transaction: ['pay'],
  purchase: ['pay'],
  order: ['pay', 'reserve'],
  cancellation: ['delete'],
  invitation: ['invite'],
  money: ['pay'],
};
export const deedsOfNoun = (word: string): readonly Deed[] => NOUNS[singular(word)] ?? [];

/** `getUserInfo`, `get_user_info`, `get-user-info` -> get, user, info. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

export const singular = (word: string): string =>
  /(ss|us|is)$/.test(word) || word.length < 4
    ? word
    : word
        .replace(/ies$/, 'y')
        .replace(/(x|ch|sh|ss)es$/, '$1')
        .replace(/s$/, '');

/** Words for one thing. Each group is names of one kind of object. */
const SAME: readonly string[] = [
  'event meeting appointment reminder calendar agenda diary invite session',
  'message msg dm note text reply',
  'email mail message reply inbox mailbox',
  'money payment transfer amount fund transaction difference',
  'transaction payment transfer order money rent bill subscription',
  'file document doc spreadsheet sheet attachment drive',
  'reservation booking',
  'user person colleague member people profile info information detail',
  'participant attendee invitee guest',
  'channel room group',
  'webpage page website site url link article',
  'task todo item issue ticket',
  'password passphrase pin',
  'address street city',
  'contact person phone',
];
const groups = SAME.map((group) => new Set(group.split(' ')));

/** The word and what else people call such a thing. */
export const alsoCalled = (word: string): ReadonlySet<string> =>
  new Set([singular(word), ...groups.filter((group) => group.has(singular(word))).flatMap((group) => [...group])]);

/** By words of an argument's or a field's name, the first that fits; `free_text` before `identifier`, for a text is read by somebody. */
const KINDS: readonly (readonly [Governs, RegExp])[] = [
  ['amount', /^(amount|price|total|sum|fee|budget|cost|quantity|qty|balance|salary|value|rate|tip|paid|percent|percentage)$/],
  ['account', /^(iban|account|bic|swift|card|wallet|beneficiary|payee|payer|routing|sortcode|creditor|debtor)$/],
  [
    'recipient',
    /^(to|cc|bcc|recipient|participant|attendee|invitee|email|mail|assignee|member|contact|phone|mobile|receiver|sender|from|user|username|handle|person|people|owner|author|guest)$/,
  ],
  [
    'destination',
    /^(url|uri|link|website|webhook|host|hostname|domain|endpoint|destination|channel|room|folder|directory|repo|repository|branch|server|target|callback)$/,
  ],
  [
    'free_text',
    /^(body|subject|message|text|content|description|comment|note|summary|reason|caption|title|memo|purpose|remark|review|reply|post|html|markdown|location|agenda|details|prompt|feedback|bio|instruction|abstract|snippet)$/,
  ],
  [
    'date',
    /^(date|day|time|datetime|start|end|until|due|deadline|when|timestamp|begin|checkin|checkout|birthday|expiry|expires|since|month|year|created|updated)$/,
  ],
  ['identifier', /^(id|uuid|key|code|number|no|name|file|filename|path|ticket|token|password|secret|slug|ref|reference|sku|iata)$/],
];

/** What an argument or field decides, by its name; undefined where the name says nothing that is known. */
export function kindOf(name: string): Governs | undefined {
  const words = wordsOf(name).map(singular);
  if (words.at(-1) === 'id' || words.at(-1) === 'uuid') return 'identifier';
  if (words.includes('bank') || words.includes('iban')) return 'account';
  const last = [...words].reverse();
  for (const word of last) for (const [kind, names] of KINDS) if (names.test(word)) return kind;
  return undefined;
}

/** Names of fields that hold what strangers or anybody wrote. */
const PROSE =
  /^(body|subject|message|text|content|description|comment|note|review|summary|post|html|markdown|memo|remark|caption|reply|article|abstract|snippet|bio|feedback|answer|question|thread|attachment|transcript|instruction)$/;
export const isProseField = (name: string): boolean => wordsOf(name).some((word) => PROSE.test(singular(word)));

/** Things whose text comes from anybody: what is read of them is never believed. */
const FOREIGN =
  /^(review|comment|message|msg|email|mail|web|webpage|page|website|url|article|post|feed|inbox|mailbox|chat|thread|dm|file|document|doc|note|content|feedback|transcript|news|issue|attachment|forum|tweet|blog|ticket|wiki|rss|html|notification|transcription|snippet|browser|http|internet|code|commit|pull|discussion|log|letter|notice|contract|invoice|bill|offer|memo)$/;
export const isForeignThing = (word: string): boolean => FOREIGN.test(singular(word));

/** Fields whose values are nobody else's business, whatever record they stand in. */
const PRIVATE =
  /(password|passphrase|passport|\bssn\b|social security|credit card|card number|\bcvv\b|\bcvc\b|\bpin\b|bank account|account number|\biban\b|\bid number\b|identity number|identification|tax id|licen[cs]e number|secret|\btoken\b|api key|private key|access key|security code|verification code|\botp\b|salary|birth|\bdob\b|medical|diagnosis|phone|\bmobile\b|home address|\bbalance\b|insurance)/;
export const isPrivateField = (name: string): boolean => PRIVATE.test(wordsOf(name).join(' ')) || PRIVATE.test(name.toLowerCase().replaceAll('_', ' '));
