import { describe, expect, test } from 'vitest';
import { candidates, readTable, recognised, textsOf } from '../../../src/adapters/files/table.ts';
import { invoices } from '../../../src/domains/finance/registers/invoices.ts';
import { suppliers } from '../../../src/domains/finance/registers/suppliers.ts';

const REGISTERS = [suppliers, invoices];
const IBAN = 'DE51820511173097531246';

describe('a table is what its headings say', () => {
  test('the supplier register by its own names, in any order and with any separator', () => {
    for (const separator of [',', ';', '\t', '|']) {
      const headings = Object.keys(suppliers.columns).reverse();
      const table = readTable(`${headings.join(separator)}\r\n${headings.map((_, n) => `x${n}`).join(separator)}\r\n`);
      expect(recognised(table.headings, REGISTERS)?.register).toBe('suppliers');
    }
  });
  test('German headings of an invoice list fill the same columns, and what fills none is said', () => {
    const text = `Lieferant;Rechnungsnummer;Rechnungsdatum;Fällig am;Netto;MwSt;Brutto;Währung;Konto;Bearbeiter\r\nS-001;R-1;2026-02-01;2026-03-01;1000.00;190.00;1190.00;EUR;${IBAN};Eva\r\n`;
    const table = readTable(text);
    const mapping = recognised(table.headings, REGISTERS);
    expect(mapping).toMatchObject({ register: 'invoices', ignored: ['Bearbeiter'], columns: { number: 'Rechnungsnummer', total: 'Brutto', iban: 'Konto' } });
    const [row] = mapping ? textsOf(table, mapping, invoices) : [];
    expect(invoices.row.parse(row?.texts)).toMatchObject({ id: 'S-001:R-1', total: { minor: 119_000, currency: 'EUR' }, problems: [], order: null });
  });
  test.each([
    ['1.190,00', '11.190,00', '1.1.2026', '2026-01-01'],
    ['1190,00', '11190,00', '01.01.2026', '2026-01-01'],
    ['1,190.00', '11,190.00', '2026-01-01', '2026-01-01'],
  ])('amounts and days as lists write them: %s, %s, %s', (net, total, day, issued) => {
    const cells = { supplier: 'S-001', number: 'R-1', issued: day, due: '31.12.2026', net, tax: '10000', total, currency: 'EUR', iban: IBAN };
    expect(invoices.row.parse(cells)).toMatchObject({ issued, due: '2026-12-31', net: { minor: 119_000 }, total: { minor: 1_119_000 }, problems: [] });
  });
  test.each([
    ['net', '1.190'],
    ['net', '1,190'],
    ['net', '-5.00'],
    ['issued', '01/02/2026'],
    ['issued', '31.02.2026'],
  ])('what may be read in two ways, or in none, is refused: %s %s', (column, text) => {
    const cells = {
      supplier: 'S-001',
      number: 'R-1',
      issued: '2026-01-01',
      due: '2026-01-31',
      net: '100.00',
      tax: '0',
      total: '100.00',
      currency: 'EUR',
      iban: IBAN,
    };
    expect(invoices.row.safeParse(cells).success).toBe(true);
    expect(invoices.row.safeParse({ ...cells, [column]: text }).success).toBe(false);
  });
  test('a register that lacks one column is not taken for whole; the question names what lacks', () => {
    const headings = Object.keys(suppliers.columns).filter((column) => column !== 'iban');
    expect(recognised(headings, REGISTERS)).toBeUndefined();
    expect(candidates(headings, REGISTERS)[0]).toMatchObject({ mapping: { register: 'suppliers' }, missing: ['iban'] });
  });
  test('two registers that fit alike are told apart by a person', () => {
    expect(recognised(Object.keys(suppliers.columns), [suppliers, { ...suppliers, name: 'others' }])).toBeUndefined();
  });
  test('a person’s word goes before a heading’s', () => {
    const [candidate] = candidates(['id', 'other', ...Object.keys(suppliers.columns).slice(1)], [suppliers], { id: 'other' });
    expect(candidate?.mapping.columns['id']).toBe('other');
    expect(candidates(['id'], [suppliers], { id: 'nothing' })[0]?.missing).toContain('id');
  });
});

describe('a table that is not one', () => {
  test.each([
    ['a row with more cells than headings', 'a,b\n1,2,3\n'],
    ['a heading twice', 'a,a\n1,2\n'],
    ['an open quote', 'a,b\n"1,2\n'],
  ])('%s is refused', (_what, text) => expect(() => readTable(text)).toThrow());
  test('quoted separators, line breaks and quotes are the cell’s own', () => {
    expect(readTable('\ufeffa;b\r\n"x;y";"1 ""2""\n3"\r\n').rows).toEqual([{ line: 3, cells: { a: 'x;y', b: '1 "2"\n3' } }]);
  });
});

test('an invoice whose sums do not agree says so', () => {
  const row = {
    supplier: 'S-001',
    number: 'R-2',
    issued: '2026-02-01',
    due: '2026-03-01',
    net: '100.00',
    tax: '19.00',
    total: '120.00',
    currency: 'EUR',
    iban: IBAN,
  };
  expect(invoices.row.parse(row).problems).toHaveLength(1);
  expect(invoices.row.safeParse({ ...row, iban: 'DE00820511173097531246' }).success).toBe(false);
});
