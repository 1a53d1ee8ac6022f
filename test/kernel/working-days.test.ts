/** Working days: what a calendar says, and what two of them say together. */
import { describe, expect, test } from 'vitest';
import { LocalDate } from '../../src/kernel/time.ts';
import { calendarDifferences, isWorkingDay, narrowerCalendar, WorkCalendar } from '../../src/kernel/working-days.ts';

const day = (text: string) => LocalDate.parse(text);
const calendar = (patch: object = {}) => WorkCalendar.parse({ from: '2026-01-01', through: '2026-12-31', holidays: { '2026-04-03': 'Good Friday' }, ...patch });

test.each([
  ['a Thursday', '2026-04-02', true],
  ['a public holiday, though it is a Friday', '2026-04-03', false],
  ['a Saturday', '2026-04-04', false],
  ['the first day of the calendar', '2026-01-01', true],
  ['its last day', '2026-12-31', true],
  ['the day before it begins', '2025-12-31', undefined],
  ['the day after it ends', '2027-01-01', undefined],
])('%s', (_law, on, worked) => {
  expect(isWorkingDay(day(on), calendar())).toBe(worked);
  expect(isWorkingDay(day(on), null)).toBeUndefined(); // nobody said anything
});

test('a workshop may work on Saturdays', () => expect(isWorkingDay(day('2026-04-04'), calendar({ weekdays: [2, 3, 4, 5, 6] }))).toBe(true));

test.each([
  ['ends before it begins', { through: '2025-12-31', holidays: {} }],
  ['has a holiday where it does not reach', { holidays: { '2027-01-01': 'New Year' } }],
  ['has no working day at all', { weekdays: [] }],
  ['has a day that is none', { holidays: { '2026-02-30': 'Never' } }],
])('a calendar that %s is refused', (_law, patch) => expect(() => calendar(patch)).toThrow());

describe('of two calendars, that of the files and the ratified one', () => {
  const other = calendar({
    from: '2026-03-01',
    through: '2027-06-30',
    weekdays: [1, 2, 3, 4, 5, 6],
    holidays: { '2026-05-01': 'Labour Day', '2027-01-01': 'New Year' },
  });
  test.each([
    ['a holiday of either is none', '2026-04-03', false],
    ['also of the other', '2026-05-01', false],
    ['a weekday of one alone is none', '2026-04-04', false],
    ['what one of them does not reach is not known', '2026-02-02', undefined],
    ['nor what the other one does not', '2027-01-04', undefined],
  ])('%s', (_law, on, worked) => {
    expect(isWorkingDay(day(on), narrowerCalendar(calendar(), other) ?? null)).toBe(worked);
    expect(isWorkingDay(day(on), narrowerCalendar(other, calendar()) ?? null)).toBe(worked);
  });
  test('where one says nothing, nothing is known', () => expect([narrowerCalendar(calendar(), undefined), narrowerCalendar(undefined, calendar())]).toEqual([undefined, undefined])); // prettier-ignore
  test('with nothing in common nothing is known', () => expect(narrowerCalendar(calendar(), calendar({ from: '2027-01-01', through: '2027-12-31', holidays: {} }))).toBeUndefined()); // prettier-ignore
});

test('each difference is a line that owners read', () => {
  const after = calendar({ through: '2027-12-31', weekdays: [1, 2], holidays: { '2026-05-01': 'Labour Day' } });
  expect(calendarDifferences(calendar(), after).map(({ words }) => words)).toEqual([
    'working days are known from 2026-01-01 to 2026-12-31 -> 2026-01-01 to 2027-12-31',
    'weekdays that are worked (1 is Monday): 1, 2, 3, 4, 5 -> 1, 2',
    '2026-04-03 is no holiday any more',
    '2026-05-01 is a holiday: Labour Day',
  ]);
  expect(calendarDifferences(after, after)).toEqual([]);
});
