/** What a tool does, from its name, its description and what it takes. In doubt it cannot be undone. */
import { alsoCalled, deedsOf, deedsOfNoun, singular, wordsOf, type Deed } from '../../kernel/lexicon.ts';
import type { ImportedEffect } from '../../kernel/manifest.ts';
import type { ToolDescriptor } from './descriptors.ts';

export interface Judged {
  readonly effect: ImportedEffect;
  readonly why: string;
  readonly verb: string | null;
}

const WEB = /^(web|webpage|website|internet|http|https|online|browser|browse|crawl|scrape|url|uri|download)$/;
const PROGRAM = /^(sql|command|cmd|script|code|expression|javascript|shell|statement|cypher|python)$/;
const BEFORE_OBJECT = new Set(['it', 'them', 'the', 'a', 'an', 'all', 'any', 'this', 'that', 'your', 'its', 'each']);
const JOINS = new Set(['and', 'then', 'also', 'will', 'or', 'it', 'finally', 'afterwards']);
const CREDENTIAL = /^(password|passphrase|credential|secret|token|key|permission|role|access|pin|policy|rule|webhook|setting|filter|forwarding)$/;
const GIVES = /^(return|give|provide|list|show|allow|help|note|record|answer)s?$/; // what a description says of its own result
const EVENT = alsoCalled('event');

/** The verb that leads a name: its first word, else the first one after the name of a server or a thing. */
export const verbOf = (name: string): string | null => wordsOf(name).find((word) => deedsOf(word).size > 0) ?? null;

/** @param reaches whether an argument names a person or an address that it is sent to */
export function effectOf({ name, description, parameters, method }: ToolDescriptor, reaches: boolean): Judged {
  const words = wordsOf(name);
  const verb = verbOf(name);
  const judged = (effect: ImportedEffect, why: string): Judged => ({ effect, why, verb });
  if (verb === null)
    return ['get', 'head'].includes(method)
      ? judged('outbound', `\`${method.toUpperCase()}\` reads, and no word of the name says what`)
      : judged('irreversible', 'no word of the name says what it does; it is taken for what cannot be undone');
  const others = words.filter((_word, n) => n !== words.indexOf(verb));
  if (deedsOf(verb).has('read')) {
    const more = [...besides(words), ...described(description)];
    if (more[0] !== undefined) return judged('irreversible', `\`${verb}\` reads, and \`${more[0]}\` does more than that`);
    if (method !== '' && !['get', 'head'].includes(method)) return judged('outbound', `\`${verb}\` reads, and \`${method.toUpperCase()}\` may do more`);
    const program = parameters.find((one) => wordsOf(one.name).some((word) => PROGRAM.test(word)));
    if (program) return judged('irreversible', `\`${verb}\` reads, and \`${program.name}\` is a program that may do anything`);
    const web = [...words, ...parameters.flatMap((one) => wordsOf(one.name))].find((word) => WEB.test(singular(word)));
    if (web !== undefined || parameters.some(({ format }) => format.startsWith('uri')))
      return judged('outbound', `\`${verb}\` reads, from a place that is not ours (\`${web ?? 'uri'}\`): what it asks for leaves the house`);
    return judged('read', `\`${verb}\` reads`);
  }
  const written = writes(verb, others, reaches, judged);
  if (written.effect !== 'write') return written;
  const lasting = LASTING.exec(description)?.[0];
  if (lasting !== undefined) return judged('irreversible', `its description says \`${lasting}\``);
  const tells = TELLS.exec(description)?.[0];
  return tells === undefined ? written : judged('outbound', `its description says \`${tells}\`: others learn of it`);
}

const LASTING = /\b(overwrites?|overwriting|permanent(ly)?|irreversible|irreversibly|cannot be undone)\b/i;
const TELLS = /\b(sends?|emails? (the|them|all|new|every|its|to)|notif(y|ies|ying)|publish(es)?|uploads?)\b/i;

function writes(verb: string, others: readonly string[], reaches: boolean, judged: (effect: ImportedEffect, why: string) => Judged): Judged {
  const deeds = deedsOf(verb);
  const only = (...of: readonly Deed[]) => [...deeds].every((deed) => of.includes(deed));
  const money = others.find((word) => deedsOfNoun(word).includes('pay'));
  if (money !== undefined) return judged('irreversible', `\`${verb}\` and \`${money}\`: money moves`);
  const power = others.find((word) => CREDENTIAL.test(singular(word)));
  if (power !== undefined) return judged('irreversible', `\`${power}\` opens doors, and who has walked through is not undone`);
  if (deeds.has('delete') || deeds.has('run')) return judged('irreversible', `\`${verb}\` cannot be counted on to be undone`);
  const event = others.find((word) => EVENT.has(singular(word)));
  if ((deeds.has('reserve') || only('pay')) && !(deeds.has('create') && event !== undefined))
    return judged('irreversible', `\`${verb}\` commits to something with somebody else`);
  if (reaches && deeds.has('create')) return judged('outbound', `\`${verb}\`, and one of its arguments names people who are told`);
  if (deeds.has('message') || deeds.has('share') || deeds.has('publish')) {
    if (deeds.has('create') && !reaches) return judged('write', `\`${verb}\` keeps something here`);
    return judged('outbound', `\`${verb}\` lets others know`);
  }
  if (reaches) return judged('outbound', `\`${verb}\`, and one of its arguments names people who are told`);
  if (deeds.has('create') || deeds.has('change')) return judged('write', `\`${verb}\` changes what is kept here`);
  return judged('outbound', `\`${verb}\` reaches others`);
}

/** `read_and_delete`: what a name does besides. */
const besides = (words: readonly string[]): readonly string[] =>
  words.filter((word, n) => JOINS.has(words[n - 1] ?? '') && deedsOf(word).size > 0 && !deedsOf(word).has('read'));

/** A description that says that a read does more: `Sends …`, `… and deletes it`. */
function described(description: string): readonly string[] {
  const words = description
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const acts = (word: string): boolean => {
    const deeds = deedsOf(deedsOf(word).size > 0 ? word : singular(word));
    return deeds.size > 0 && !deeds.has('read') && !GIVES.test(word);
  };
  return words.filter((word, n) => acts(word) && (n === 0 ? word.endsWith('s') : JOINS.has(words[n - 1] ?? '')) && BEFORE_OBJECT.has(words[n + 1] ?? ''));
}
