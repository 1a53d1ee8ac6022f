/** What a file is, by its content and not by its name; `too_large` was not looked into. */

export type Recognised = 'camt053' | 'ubl_invoice' | 'ubl_order' | 'ubl_receipt_advice' | 'icalendar' | 'csv' | 'unknown' | 'too_large';

const ROOTS: Readonly<Record<string, Recognised>> = { Invoice: 'ubl_invoice', Order: 'ubl_order', ReceiptAdvice: 'ubl_receipt_advice' };

/** Looks at the first characters alone; the parser of the kind has the last word. */
export function recognise(text: string): Recognised {
  const start = text
    .slice(0, 4_000)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (start.startsWith('<')) {
    if (/camt\.053\.001\.\d\d/.test(start)) return 'camt053';
    const root = /<(?:\w+:)?([A-Za-z]+)[\s>]/.exec(start.replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->/g, ''))?.[1] ?? '';
    return start.includes('urn:oasis:names:specification:ubl:') ? (ROOTS[root] ?? 'unknown') : 'unknown';
  }
  if (/^BEGIN:VCALENDAR/i.test(start)) return 'icalendar';
  return /^[^\r\n]*[,;\t|][^\r\n]*\r?\n/.test(start) ? 'csv' : 'unknown';
}

/**
 * The text of a file: UTF-8, what its byte order mark or its XML declaration says, or, of a table or a calendar, Windows-1252, as office
 * programs write it. Undefined where it is none of these.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be');
  const utf8 = decoded(bytes, 'utf-8');
  if (utf8 !== undefined) return utf8;
  const western = decoded(bytes, 'windows-1252');
  if (western === undefined) return undefined;
  const declared = /^<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(western)?.[1];
  if (declared !== undefined) return decoded(bytes, declared);
  return TABLES.includes(recognise(western)) && !UNPRINTABLE.test(western) ? western : undefined;
}

const TABLES: readonly Recognised[] = ['csv', 'icalendar'];
const UNPRINTABLE = /[\0-\x08\x0e-\x1f]/;

/** Undefined for bytes that are none, or a name of an encoding that nobody knows. */
function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
