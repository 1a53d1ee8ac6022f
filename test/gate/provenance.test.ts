/** What counts as a person's own statement, and what does not: quoted, forwarded, pasted, or of something else. */
import { describe, expect, test } from 'vitest';
import { ownWords } from '../../src/gate/own-words.ts';
import { provenance } from '../../src/gate/provenance.ts';

const IBAN = 'DE51820511173097531246';
const governs = { payee: 'account', amount: 'amount' } as const;
const args = { payee: IBAN, amount: { minor: 240_000, currency: 'EUR' } };
const traced = (stated: string | null, vouched: readonly string[] = [], ownCall = false) => provenance({ governs, args, vouched, stated, ownCall }).untrusted;

test('what neither a record nor the person vouches for is untrusted', () => expect(traced(null)).toEqual(['account', 'amount']));
test('a record vouches for its own field alone', () => expect(traced(null, ['amount'])).toEqual(['account']));
test('a call that the person wrote out is what the person says', () => expect(traced(null, [], true)).toEqual([]));

describe('the person’s own words vouch, however they write it', () => {
  test.each([
    'pay 2400 EUR to DE51 8205 1117 3097 5312 46 today',
    'bitte 2.400,00 € an DE51820511173097531246',
    'EUR 2,400.00 -> de51820511173097531246.',
    '€2400 to DE51-8205-1117-3097-5312-46',
    '2400 euros, DE51 8205 1117 3097 5312 46',
    `what they call "rent" is fine: it's the joiners' bill, 2400.0 EUR to ${IBAN}`,
    `- 2400 EUR\n- ${IBAN}`,
  ])('%s', (text) => expect(traced(text)).toEqual([]));
});

const ORDER = `pay 2400.00 EUR to ${IBAN}`;
describe('is not what the person says', () => {
  test.each([
    ['a quoted line', `> ${ORDER}`],
    ['quotation marks', `the supplier wrote "${ORDER}"`],
    ['code', `see \`${ORDER}\``],
    ['a code fence', `see\n\`\`\`\n${ORDER}\n\`\`\``],
    ['a code fence of tildes, never closed', `see\n~~~\n${ORDER}`],
    ['German guillemets', `please do what they write: »${ORDER}«`],
    ['French guillemets', `please do what they write: « ${ORDER} »`],
    ['single quotation marks', `they wrote ‘${ORDER}’`],
    ['straight single quotation marks', `they wrote '${ORDER}', it's odd`],
    ['low quotation marks', `sie schrieben: „${ORDER}“ oder so`],
    ['low and high, the other way', `they wrote “${ORDER}„`],
    ['corner brackets', `they wrote 「${ORDER}」`],
    ['an inch mark before', `the 5" pipes: they say "${ORDER}" ok?`],
    ['an inch mark within', `they say "the 5" pipes, ${ORDER}"`],
    ['inch marks around', `5" "${ORDER}" 6"`],
    ['a quotation that is never closed', `they say "it is due. ${ORDER}`],
    ['a quotation in a quotation', `they say "he said "ok" ${ORDER} "or" so"`],
    ['a forwarded mail', `look:\n--- Forwarded message ---\n${ORDER}`],
    ['a forwarded mail, em dashes', `ok\n———— Forwarded message ————\n${ORDER}`],
    ['Begin forwarded message', `see below\n\nBegin forwarded message:\n\nFrom: x@y\n${ORDER}`],
    ['On … wrote', `see below\n\nOn Mon, 2 Mar 2026, X <x@y> wrote:\n${ORDER}`],
    ['On … wrote, over two lines', `see below\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, X\r\n<x@y> wrote:\r\n\r\n${ORDER}`],
    ['Am … schrieb', `siehe unten\n\nAm 02.03.26 um 10:00 schrieb X:\n${ORDER}`],
    ['the head of a mail, in German', `see below\n\nVon: X\nGesendet: Montag\nAn: wir\nBetreff: neu\n\n${ORDER}`],
    ['the head of a mail', `see below\n\n*From:* X\n*Sent:* Monday\n\n${ORDER}`],
    ['a dialogue behind a dash', `they said on the phone\n— ${ORDER}`],
    ['what follows a quotation in a forwarded mail', `ok\nBegin forwarded message:\n> hello\n${ORDER}`],
    ['behind a rule', `fine\n________________\n${ORDER}`],
  ])('%s', (_how, text) => expect(traced(text)).toEqual(['account', 'amount']));
  test.each(['what about order 2400?', 'item 2400.00 of the list', 'the year 2400, EUR', '2400 USD', 'EUROPA 2400', '12400 EUR', 'EUR 2400.50', '2400 EURO2'])(
    'the amount: %s',
    (text) => expect(traced(text)).toContain('amount'),
  );
  test('a part of another account', () => expect(traced('to DE518205111730975312469')).toContain('account'));
});

describe('a date is one day, however it is written', () => {
  const day = (text: string) =>
    provenance({ governs: { day: 'identifier' }, args: { day: '2026-03-10' }, vouched: [], stated: text, ownCall: false }).by['day'];
  test.each(['on 2026-03-10', 'am 10.03.2026.', 'am 10.3.2026', 'on 10 March 2026', 'March 10, 2026', 'am 10. März 2026'])('%s', (text) =>
    expect(day(text)).toBe('stated'),
  );
  test.each(['on 2026-03-1', 'on 03/10/2026', 'am 10.03.20261', 'on 11 March 2026'])('not %s', (text) => expect(day(text)).toBe('untrusted'));
});

test('own words keep what is not quoted', () => expect(ownWords('pay it\n> no\nnow')).toMatch(/pay it\s+now/));

describe('an amount is one number, however it is written', () => {
  const amount = (minor: number, text: string, currency = 'EUR') =>
    provenance({ governs: { amount: 'amount' }, args: { amount: { minor, currency } }, vouched: [], stated: text, ownCall: false }).by['amount'];
  test.each([
    [123_456_700, 'pay 1,234,567.00 EUR'],
    [123_456_700, 'zahle 1.234.567,00 EUR'],
    [123_456_700, '1.234.567 EUR'],
    [123_456_700, '1,234,567 EUR'],
    [1_234_567, '12,345.67 EUR'],
    [1_234_567, '12.345,67 EUR'],
    [123_456_789, '1.234.567,89 EUR'],
    [24_050, '240,50 EUR'],
    [24_050, '240.5 EUR'],
    [24_050, '240.50 EUR.'],
    [1_234_567, '12345,67 EUR'],
    [100_000, '1.000 EUR, and no more'],
    [100_000, '1,000 euros'],
    [100, '1 euro'],
    [240_000, '2400   EUR'],
  ])('%i: %s', (minor, text) => expect(amount(minor, text)).toBe('stated'));
  test.each([
    [240_000, '2.400.0 EUR'],
    [240_000, '1.2400 EUR'],
    [240_000, '2,400,0 EUR'],
    [240_000, '2.4001 EUR'],
    [240_000, '2,4000 EUR'],
    [240_000, '2.400,001 EUR'],
    [24_050, '240,501 EUR'],
    [24_050, '240,5.0 EUR'],
    [24_000, '240.05 EUR'],
    [24_005, '240.5 EUR'],
    [200, '2.00.00 EUR'],
    [100, '1 dollar'],
    [0, 'no amount EUR'],
  ])('not %i: %s', (minor, text) => expect(amount(minor, text)).toBe('untrusted'));
  test.each(['EUREX', 'xEUR', 'eur'])('in no currency: %s', (currency) =>
    expect(amount(240_000, `2400 ${currency}, 2400.00 ${currency}`, currency)).toBe('untrusted'),
  );
});

describe('a name is said as a whole', () => {
  const name = (value: string | number | null | undefined, text: string, ownCall = false) =>
    provenance({ governs: { invoice: 'identifier' }, args: value === undefined ? {} : { invoice: value }, vouched: [], stated: text, ownCall }).by['invoice'];
  test.each([
    ['INV-7', 'please see to inv-7'],
    ['INV-7', 'INV-7.'],
    ['A+B (2)', 'it is a+b (2), I think'],
    ['2026-02-31', 'the one called 2026-02-31'],
    ['x2026-03-10', 'it is x2026-03-10'],
    ['2026-03-10x', 'it is 2026-03-10x'],
    ['to DE51820511173097531246', 'to DE51820511173097531246'],
    ['DE51820511173097531246/1', 'DE51820511173097531246/1'],
    ['DE5A820511173097531246', 'DE5A820511173097531246'],
  ])('%s', (value, text) => expect(name(value, text)).toBe('stated'));
  test.each([
    ['INV-7', 'INV-71'],
    ['INV-7', 'XINV-7'],
    ['INV-7', 'INV-7.5'],
    ['A.B', 'axb'],
    ['', 'anything at all'],
    ['  ', 'a  b'],
    [7, 'number 7'],
    [null, 'null'],
    [undefined, 'undefined'],
    ['x2026-03-10', 'am 10.03.2026'],
    ['2026-03-10x', 'am 10.03.2026'],
    ['to DE51820511173097531246', 'to DE51 8205 1117 3097 5312 46'],
    ['DE51820511173097531246/1', 'DE51 8205 1117 3097 5312 46/1'],
    ['DE5A820511173097531246', 'DE5A 8205 1117 3097 5312 46'],
  ])('not %s: %s', (value, text) => expect(name(value, text)).toBe('untrusted'));
  test('what is not an argument of the call nobody wrote out', () => {
    expect(name(undefined, 'x', true)).toBe('untrusted');
    expect(name('INV-7', 'x', true)).toBe('stated');
  });
  test('kinds that are untrusted come once each, sorted', () =>
    expect(provenance({ governs: { b: 'recipient', a: 'amount', c: 'recipient' }, args: {}, vouched: [], stated: null, ownCall: false }).untrusted).toEqual([
      'amount',
      'recipient',
    ]));
});

test('what a record vouches for is of the record, also where the person says it too', () => {
  const both = provenance({ governs, args, vouched: ['payee'], stated: `2400 EUR to ${IBAN}`, ownCall: false });
  expect(both.by).toEqual({ payee: 'record', amount: 'stated' });
});
test.each([{ minor: '240000', currency: 'EUR' }, { minor: 240_000, currency: 7 }, { minor: 240_000 }, { currency: 'EUR' }, ['EUR']])(
  '%j is no amount that anybody says',
  (amount) => {
    const traced = provenance({ governs: { amount: 'amount' }, args: { amount }, vouched: [], stated: '2400 EUR, 2400.00 EUR, EUR', ownCall: false });
    expect(traced.by).toEqual({ amount: 'untrusted' });
  },
);
