/** Numbers that other houses wrote, in whatever script and with whatever separators. */
import { expect, test } from 'vitest';
import { duplicateOf } from '../../../src/domains/finance/duplicate.ts';
import { namesNumber, spelled, vatKey } from '../../../src/domains/finance/spelling.ts';
import { bill, day, line } from './samples.ts';

const spellings: readonly [string, string][] = [
  ['fullwidth', 'Ｒ４４７１'],
  ['superscript', 'R447¹'],
  ['Arabic-Indic digits', 'R٤٤٧١'],
  ['Devanagari digits', 'R४४७१'],
  ['mathematical digits', 'R𝟒𝟒𝟕𝟏'],
  ['another case and separators', 'r-44_71'],
];
test.each(spellings)('a number spelled in %s is the same number', (_how, number) => {
  expect(spelled(number)).toBe('R4471');
  const second = bill(number, [line('1')], { order: null, issued: day('2026-02-15') });
  expect(duplicateOf(second, [{ invoice: bill('R4471', [line('1')], { order: null }), state: 'open' }], [])).toBe('S-001:R4471');
});

test('another digit is another number', () => {
  expect(spelled('R٤٤٧٢')).not.toBe(spelled('R4471'));
});

test.each([
  ['bill 4711', '4711', true],
  ['4711, with thanks', '4711', true],
  ['RE:4711.', '4711', true],
  ['Invoice r-4471', 'R-4471', true],
  ['bill 47110', '4711', false],
  ['bill 4711/2', '4711', false],
  ['bill 2026-4711', '4711', false],
  ['bill 1.4711', '4711', false],
  ['thanks 100', '1', false],
  ['bill 4711', '.711', false], // a number is text, and no pattern
])('`%s` names `%s`: %s', (text, number, named) => {
  expect(namesNumber(text, number)).toBe(named);
});

test('a VAT id is one however it is written, and none is none', () => {
  expect([vatKey('de 214.731.017'), vatKey('DE214731017'), vatKey(' - ')]).toEqual(['DE214731017', 'DE214731017', '']);
});
