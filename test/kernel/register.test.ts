/** What people write into lists, read as what is kept. */
import { expect, test } from 'vitest';
import { CodesCell, DayCell, PersonCell, WeekdaysCell } from '../../src/kernel/register.ts';

test.each([
  ['anna-schmidt', 'anna-schmidt'],
  ['Anna Schmidt', 'anna-schmidt'],
  ['Schmidt, Anna', 'anna-schmidt'],
  ['Jürgen  Weiß', 'juergen-weiss'],
  ['Ju\u0308rgen Weiß', 'juergen-weiss'], // as some systems compose it
  ['José Núñez-Łuk', 'jose-nunez-luk'],
])('%s is %s', (written, id) => expect(PersonCell.parse(written)).toBe(id));

test.each([
  ['Mo-Fr', [1, 2, 3, 4, 5]],
  ['Mon - Fri', [1, 2, 3, 4, 5]],
  ['Do, Fr, Sa', [4, 5, 6]],
  ['Samstag und', undefined],
  ['Sa-Mo', [1, 6, 7]],
  ['1;2;3', [1, 2, 3]],
  ['Tuesday Thursday', [2, 4]],
  ['', []],
  ['8', undefined],
  ['x-Fr', undefined],
])('%s are the weekdays %j', (written, days) => expect(WeekdaysCell.safeParse(written).data).toEqual(days));

test('several codes stand in one field, and a name of two words is one', () =>
  expect(CodesCell.parse('Erste Hilfe; Verkauf,, Kasse')).toEqual(['erste-hilfe', 'verkauf', 'kasse']));

test('a day in slashes is nobody’s guess', () => {
  expect(DayCell.parse('9.3.2026')).toBe('2026-03-09');
  expect(DayCell.safeParse('03/09/2026').success).toBe(false);
});
