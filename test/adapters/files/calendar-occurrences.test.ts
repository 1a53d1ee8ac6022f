import { expect, test } from 'vitest';
import { parseCalendar } from '../../../src/adapters/files/calendar.ts';
import { occurrences } from '../../../src/adapters/files/calendar-occurrences.ts';
import { localTime, LocalDate } from '../../../src/kernel/time.ts';

const zone = 'Europe/Berlin';
const told = (lines: readonly string[], from: string, until: string) => {
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'X-WR-CALNAME:finn', ...lines, 'END:VCALENDAR'].join('\r\n');
  const events = parseCalendar(text, 'finn.ics', zone).map((event) => ({ ...event, cancelled: event.status === 'cancelled' }));
  return occurrences(events, zone, LocalDate.parse(from), LocalDate.parse(until)).map(({ starts }) => {
    const { date, hour } = localTime(starts, zone);
    return `${date} ${hour}`;
  });
};
const school = [
  'BEGIN:VEVENT',
  'UID:s',
  'DTSTART;TZID=Europe/Berlin:20260303T080000',
  'DTEND;TZID=Europe/Berlin:20260303T150000',
  'RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260430T220000Z',
  'END:VEVENT',
];

test('a weekly appointment stays at its hour when the clock changes', () =>
  expect(told(school, '2026-03-20', '2026-04-08')).toEqual(['2026-03-24 8', '2026-03-31 8', '2026-04-07 8']));
test('it ends with its rule', () => expect(told(school, '2026-04-25', '2026-12-31')).toEqual(['2026-04-28 8']));
test('one that was moved stands for itself, one that was cancelled does not take place', () => {
  const other = (status: string, at: string, day: string) => [
    'BEGIN:VEVENT',
    'UID:s',
    `RECURRENCE-ID;TZID=Europe/Berlin:${day}T080000`,
    `DTSTART;TZID=Europe/Berlin:${at}`,
    `DTEND;TZID=Europe/Berlin:${at.slice(0, 8)}T180000`,
    `STATUS:${status}`,
    'END:VEVENT',
  ];
  const lines = [...school, ...other('CONFIRMED', '20260311T100000', '20260310'), ...other('CANCELLED', '20260317T080000', '20260317')];
  expect(told(lines, '2026-03-01', '2026-03-25').sort()).toEqual(['2026-03-03 8', '2026-03-11 10', '2026-03-24 8']);
});
