/** What stands behind names: in values of a schema, in text, and back again. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Sealing } from '../../src/deliberate/sealed.ts';
import { sensitive } from '../../src/kernel/sensitive.ts';

const nothing = { kind: () => false };
const Wage = sensitive(z.int(), 'wages');
const Person = z.strictObject({ name: z.string(), wage: Wage, bank: z.strictObject({ iban: sensitive(z.string(), 'bank_details').nullable() }) });

describe('values', () => {
  test.each([
    ['a field', Person, { name: 'Ana', wage: 21, bank: { iban: 'x' } }, { name: 'Ana', wage: '[sealed:wage-1]', bank: { iban: '[sealed:iban-2]' } }],
    ['what is not there', Person, { name: 'Ana', wage: 21, bank: { iban: null } }, { name: 'Ana', wage: '[sealed:wage-1]', bank: { iban: null } }],
    ['each of a list', z.array(Wage), [1, 2, 1], ['[sealed:value-1]', '[sealed:value-2]', '[sealed:value-1]']],
    ['each of a record', z.record(z.string(), Wage), { ana: 1 }, { ana: '[sealed:value-1]' }],
    ['the option that fits', z.union([z.strictObject({ day: z.string() }), z.strictObject({ wage: Wage })]), { wage: 1 }, { wage: '[sealed:wage-1]' }],
    ['what is optional', z.strictObject({ wage: Wage.optional() }), { wage: 1 }, { wage: '[sealed:wage-1]' }],
    ['what no schema describes', z.strictObject({ note: z.unknown() }), { note: 'x' }, { note: '[sealed:note-1]' }],
    ['a field that the schema does not have', Person.pick({ name: true }), { name: 'Ana', wage: 21 }, { name: 'Ana', wage: '[sealed:wage-1]' }],
    ['a changed schema', z.strictObject({ at: z.string().transform((text) => text.length) }), { at: 3 }, { at: '[sealed:at-1]' }],
  ])('%s', (_what, schema, value, told) => expect(new Sealing(nothing).value(schema, value)).toEqual(told));

  test('that may be told are told, and counted', () => {
    const sealing = new Sealing({ kind: (kind) => kind === 'wages' });
    expect(sealing.value(Person, { name: 'Ana', wage: 21, bank: { iban: 'x' } })).toEqual({ name: 'Ana', wage: 21, bank: { iban: '[sealed:iban-1]' } });
    expect([sealing.told, sealing.count]).toEqual([['wages'], 1]);
  });
});

describe('text', () => {
  test.each([
    ['DE89370400440532013000', '[sealed:account-1]'],
    ['pay DE89 3704 0044 0532 0130 00 today', 'pay [sealed:account-1] today'],
    ['de89370400440532013000, please', '[sealed:account-1], please'],
    ['old DE89370400440532013000, new AT611904300234573201', 'old [sealed:account-1], new [sealed:account-2]'],
    ['{"iban":"NL91ABNA0417164300"}', '{"iban":"[sealed:account-1]"}'],
    ['PO-2026-0118, S-001:2026-0118, 14,042.00 EUR', 'PO-2026-0118, S-001:2026-0118, 14,042.00 EUR'],
    ['<data id="ab12cdef-1234-4abc-8def-ab12cdef3456">', '<data id="ab12cdef-1234-4abc-8def-ab12cdef3456">'],
    ['NO9386011117947', '[sealed:account-1]'],
  ])('%s', (given, told) => {
    const sealing = new Sealing(nothing);
    expect(sealing.text(given)).toBe(told);
    expect(sealing.open(told)).toBe(given);
  });

  test('of a thousand accounts is opened again as it was', () => {
    const given = Array.from({ length: 1_000 }, (_none, n) => `DE${String(10 + (n % 80))}37040044${String(n).padStart(10, '0')}`).join('\n');
    const sealing = new Sealing(nothing);
    expect(sealing.open(sealing.text(given))).toBe(given);
  });
});

describe('what the model wrote', () => {
  const sealing = new Sealing(nothing);
  sealing.value(Person, { name: 'Ana', wage: 21, bank: { iban: 'DE1' } });

  test('in a call is the value again, of its own kind where it stands alone', () =>
    expect(sealing.args({ payee: '[sealed:iban-2]', wage: '[sealed:wage-1]', note: 'to [sealed:iban-2]', more: ['[SEALED:IBAN-2]'] })).toEqual({
      payee: 'DE1',
      wage: 21,
      note: 'to DE1',
      more: ['DE1'],
    }));
  test('of a name that was never given stays as it is', () => expect(sealing.open('[sealed:iban-9]')).toBe('[sealed:iban-9]'));
  test('is shown while it is written, and never takes back a letter', () => {
    const whole = 'To [sealed:iban-2] and [others], 2 [';
    const shown = Array.from({ length: whole.length + 1 }, (_none, n) => sealing.openSoFar(whole.slice(0, n)));
    shown.forEach((text, n) => expect(text.startsWith(shown[n - 1] ?? '')).toBe(true));
    expect(shown.at(-1)).toBe('To DE1 and [others], 2 ');
    expect(sealing.open(whole)).toBe('To DE1 and [others], 2 [');
  });
});
