/** What is written and read in the formats of banks and suppliers. Public reference data lies beside the checkout; without it those tests are skipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseCamt053, writeCamt053 } from '../../../src/domains/finance/formats/camt053.ts';
import { writePain001 } from '../../../src/domains/finance/formats/pain001.ts';
import { parseUblInvoice } from '../../../src/domains/finance/formats/ubl.ts';
import { cut, escape, FormatError } from '../../../src/domains/finance/formats/xml.ts';
import { Iban, InvoiceId } from '../../../src/domains/finance/records.ts';
import { deriveId } from '../../../src/kernel/ids.ts';
import { money } from '../../../src/kernel/money.ts';
import { LocalDate } from '../../../src/kernel/time.ts';
import { DATA, dataThere as there, problems } from '../../fixtures/schemas.ts';

const RECORDS = fileURLToPath(new URL('../../../examples/workshop/records', import.meta.url));
if (!there) console.warn(`no reference data in ${DATA}: tests against schemas and foreign files are skipped`);
const address = { street: 'Lane', number: '1', postcode: '99423', town: 'Weimar', country: 'DE' };
const account = Iban.parse('DE45820510000012345678');
const payee = Iban.parse('DE51820511173097531246');
const pain = (payeeName: string, currency = 'EUR'): string =>
  writePain001({
    messageId: 'M-1',
    createdAt: '2026-03-02T15:00:00Z',
    payer: { name: 'Lindner & Voss', address },
    account,
    executeOn: '2026-03-02',
    transfers: [
      {
        payment: {
          key: deriveId('prp', ['x']),
          invoice: InvoiceId.parse('S-001:1'),
          supplier: 'S-001',
          payee,
          payeeName,
          amount: money(12_345, currency),
          account,
          executeOn: LocalDate.parse('2026-03-02'),
          state: 'instructed',
          reason: '',
        },
        address,
        invoiceNumber: '1',
      },
    ],
  });

describe.skipIf(!there)('valid against the published schema', () => {
  const folders = [
    ['bank', 'camt.053.001.08.xsd'],
    ['invoices', 'ubl-2.1/maindoc/UBL-Invoice-2.1.xsd'],
    ['orders', 'ubl-2.1/maindoc/UBL-Order-2.1.xsd'],
    ['receipts', 'ubl-2.1/maindoc/UBL-ReceiptAdvice-2.1.xsd'],
  ] as const;
  test.each(folders)('every one of the example’s %s', (folder, schema) => {
    const files = readdirSync(join(RECORDS, folder));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) expect(problems(readFileSync(join(RECORDS, folder, file), 'utf8'), schema), file).toEqual([]);
  });
  test.each(['EUR', 'USD', 'JPY'])('our order to the bank in %s', (currency) =>
    expect(problems(pain('Sägewerk Thomé', currency), 'pain.001.001.09.xsd')).toEqual([]),
  );
  test('and a document that breaks it is seen to', () =>
    expect(problems(pain('X').replace('<Ctry>DE</Ctry>', '<Ctry>D</Ctry>'), 'pain.001.001.09.xsd')).not.toEqual([]));
});

describe.skipIf(!there)('statements of other banks', () => {
  const Expected = z.record(z.string(), z.unknown());
  const folder = join(DATA, 'bank-statements', 'camt');
  const files = there ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
  test('are described by the reference data', () =>
    expect(Object.keys(Expected.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')))).length).toBeGreaterThan(0));
  test.each(files)('%s is read, or refused with a reason', (file) => {
    const xml = readFileSync(join(folder, file), 'utf8');
    try {
      for (const statement of parseCamt053(xml)) {
        const sum = statement.lines.reduce((total, { amount }) => total + amount.minor, statement.opening.minor);
        expect(statement.problems.length === 0).toBe(sum === statement.closing.minor);
      }
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringMatching(/.{20,}/) });
      expect(['FormatError', 'MoneyError']).toContain(error instanceof Error ? error.name : '');
    }
  });
});

describe.skipIf(!there)('text of any kind', () => {
  const Line = z.object({ id: z.string(), text: z.string() });
  const strings = there
    ? readFileSync(join(DATA, 'injection', 'strings.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => Line.parse(JSON.parse(line)))
    : [];
  /** What XML 1.0 can hold of it: line ends become one (section 2.11), characters outside section 2.2 the replacement character. */
  const holdable = (text: string): string =>
    text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
  const [file = ''] = readdirSync(join(RECORDS, 'invoices'));
  const invoice = readFileSync(join(RECORDS, 'invoices', file), 'utf8');
  const withNote = (text: string) => invoice.replace('<cbc:DocumentCurrencyCode', (tag) => `<cbc:Note>${escape(text)}</cbc:Note>${tag}`);
  const known = () => 'S-001' as const;

  test('is there to be tried', () => expect(strings).toHaveLength(515));
  test('comes back from an invoice’s note byte by byte, and changes nothing else', () => {
    const plain = parseUblInvoice(withNote('x'), known);
    for (const { id, text } of strings) {
      const { note, source, ...rest } = parseUblInvoice(withNote(text), known);
      expect(note, id).toContain(holdable(text));
      expect(rest, id).toEqual((({ note: _note, source: _source, ...same }) => same)(plain));
      expect(source, id).toMatch(/^[0-9a-f]{64}$/);
    }
  });
  test('comes back from a statement’s text, as far as its 140 characters go', () => {
    for (const { id, text } of strings) {
      const statement = parseCamt053(
        writeCamt053(
          {
            id: 'ST-1',
            account,
            from: LocalDate.parse('2026-03-02'),
            to: LocalDate.parse('2026-03-02'),
            opening: money(0, 'EUR'),
            closing: money(-100, 'EUR'),
            lines: [
              {
                account,
                reference: 'R-1',
                booked: LocalDate.parse('2026-03-02'),
                amount: money(-100, 'EUR'),
                counterparty: 'X',
                counterpartyIban: payee,
                endToEndId: null,
                returned: null,
                remittance: text,
              },
            ],
          },
          '2026-03-02T18:00:00Z',
        ),
      );
      if (text.length > 0) expect(JSON.stringify(statement[0]?.lines[0]?.remittance), id).toBe(JSON.stringify(holdable(cut(text, 140))));
    }
  });
  test('leaves our order to the bank valid', () => {
    for (const { id, text } of strings) if (text.trim() !== '') expect(problems(pain(text), 'pain.001.001.09.xsd'), id).toEqual([]);
  });
});

test('a statement that declares an entity of its own is refused before it is put in, however harmless the rest', () => {
  const day = LocalDate.parse('2026-03-02');
  const line = { account, reference: 'R1', booked: day, counterparty: 'x', counterpartyIban: payee, endToEndId: null, remittance: 'bill 1', returned: null };
  const lines = [{ ...line, amount: money(-100, 'EUR') }];
  const xml = writeCamt053({ id: 's', account, from: day, to: day, opening: money(100, 'EUR'), closing: money(0, 'EUR'), lines }, '2026-03-02T04:00:00Z');
  expect(parseCamt053(xml)[0]?.problems).toEqual([]);
  const declared = xml.replace('?>', '?><!DOCTYPE Document [<!ENTITY one "bill 1">]>').replace('bill 1</Ustrd>', '&one;</Ustrd>');
  expect(() => parseCamt053(declared)).toThrow('declares a document type');
});

test.each([
  ['no XML', 'hello', 'not_xml'],
  ['a document type', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document>&e;</Document>', 'not_xml'],
  ['another document', '<Invoice/>', 'other_format'],
])('%s is refused', (_what, xml, code) => {
  expect(() => parseCamt053(xml)).toThrow(FormatError);
  expect(() => parseCamt053(xml)).toThrow(expect.objectContaining({ code }));
});
