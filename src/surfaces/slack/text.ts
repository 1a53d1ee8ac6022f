/** Text on its way to and from Slack. Whatever stands in it stays text that can be seen: no mention, link or mark that somebody wrote into a field works. */
import { visible } from '../visible.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** For mrkdwn (https://docs.slack.dev/messaging/formatting-message-text, "Escaping text"), with its marks parted from what they would mark. */
export const escaped = (text: string): string =>
  visible(text)
    .replace(/[&<>]/g, (mark) => ENTITIES[mark] ?? '')
    .replace(/[*_~`]/g, (mark) => `${JOINER}${mark}${JOINER}`);
const JOINER = '\u2060'; // word joiner: seen by nobody, and no mark begins or ends beside it

/** For `markdown_text`: marks behind a backslash (CommonMark 2.4), what Slack reads itself as entities. Lists may stay lists. */
export const asMarkdown = (text: string): string =>
  visible(text)
    .replace(/[\\`*_[\]~|]/g, (mark) => `\\${mark}`)
    .replace(/^(\s*)#/gm, '$1\\#')
    .replace(/[&<>]/g, (mark) => ENTITIES[mark] ?? '');

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** A text that Slack shows as it is. @param most characters, by the block that holds it */
export const plain = (text: string, most: number): PlainText => ({
  type: 'plain_text',
  text: cut(text.trim() === '' ? '–' : visible(text), most),
  emoji: false,
});

export const cut = (text: string, most: number): string => (text.length <= most ? text : `${whole(text.slice(0, most - 1))}…`);

/** Without half of a character at its end. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

/** In pieces of about this many characters, parted at spaces where there are some. Together they are the text. */
export function pieces(text: string, most: number): readonly string[] {
  const found: string[] = [];
  for (let rest = text; rest !== '';) {
    const head = rest.slice(0, most);
    const space = rest.length > most ? Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n')) + 1 : most;
    const piece = rest.length > most ? whole(space > most / 2 ? rest.slice(0, space) : head) : rest;
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return found;
}

/** What people read of a message: marks taken off, mentions of ourselves left out. @param self our own user id */
export function readable(text: string, self: string): string {
  return text
    .replaceAll(`<@${self}>`, ' ')
    .replace(/<([@#!])([^>|]*)(?:\|([^>]*))?>/g, (_all, kind: string, id: string, label?: string) => `${kind}${label ?? id}`)
    .replace(/<([^>|]+)(?:\|[^>]*)?>/g, '$1') // of a link its address: the label is whatever somebody wrote
    .replace(/&(lt|gt|amp);/g, (_all, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name] ?? '')
    .replace(/^[ \t]*>>>[\s\S]*/m, (rest) => rest.replaceAll('\n', '\n> ')); // quotes all that follows
}

/** What can be kept. */
export const clean = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
