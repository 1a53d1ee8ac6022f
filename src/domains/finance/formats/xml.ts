/** XML as the formats need it: read by path, everything as text, no document types, no entities but the five of XML. */
import { XMLParser } from 'fast-xml-parser';

const LARGEST = 5_000_000; // bytes; a month of statements of a small firm has well under one million

/** A document that is not what it should be. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    readonly code: 'not_xml' | 'other_format' | 'field_missing' | 'field_invalid' | 'too_large',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: false,
  trimValues: false, // what people wrote stays as they wrote it; codes and numbers are trimmed where they are read
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** @throws FormatError `not_xml`, `too_large`, `other_format` where the root is another */
export function readXml(text: string, root: string): XmlNode {
  if (text.length > LARGEST) throw new FormatError('too_large', `The file has ${text.length} characters; ${LARGEST} are the most.`);
  if (/<!DOCTYPE/i.test(text)) throw new FormatError('not_xml', 'The file declares a document type; such files are not read. Ask for it without.');
  let read: XmlNode;
  try {
    read = parser.parse(text, true);
  } catch (cause) {
    throw new FormatError('not_xml', `The file is not well-formed XML: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
  const [document] = nodes(read, root);
  if (document === undefined) throw new FormatError('other_format', `The root element is not \`${root}\`.`);
  return document;
}

/** All nodes at a path of element names: `Bal.Amt`. */
export function nodes(node: XmlNode, path: string): readonly XmlNode[] {
  return path.split('.').reduce<readonly XmlNode[]>(
    (level, name) =>
      level.flatMap((one) => {
        if (typeof one === 'string') return [];
        const found = one[name];
        return found === undefined ? [] : isMany(found) ? found : [found];
      }),
    [node],
  );
}

const isMany = (found: XmlNode | readonly XmlNode[]): found is readonly XmlNode[] => Array.isArray(found);

/** The text at a path, or undefined. */
export function text(node: XmlNode, path: string): string | undefined {
  const [first] = nodes(node, path);
  if (first === undefined) return undefined;
  return verbatim(first)?.trim();
}

/** The text of a node as it stands, whitespace and all, whether or not it has attributes. */
export function verbatim(node: XmlNode): string | undefined {
  const content = typeof node === 'string' ? node : node['#text'];
  return typeof content === 'string' ? content : undefined;
}

/** @throws FormatError `field_missing` */
export function need(node: XmlNode, path: string, where: string): string {
  const found = text(node, path);
  if (found === undefined || found === '') throw new FormatError('field_missing', `${where}: \`${path.replaceAll('.', '/')}\` is missing.`);
  return found;
}

/** The first node at a path. @throws FormatError `field_missing` */
export function needNode(node: XmlNode, path: string, where: string): XmlNode {
  const [found] = nodes(node, path);
  if (found === undefined) throw new FormatError('field_missing', `${where}: \`${path.replaceAll('.', '/')}\` is missing.`);
  return found;
}

/** At most so many characters, none of them cut in two. */
export const cut = (text: string, most: number): string => [...text].slice(0, most).join('');

/** Text made safe for element content and attributes; characters that XML 1.0 cannot hold become U+FFFD. */
export const escape = (value: string): string =>
  value

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[character] ?? character);
