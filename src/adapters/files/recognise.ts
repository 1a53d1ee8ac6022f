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
