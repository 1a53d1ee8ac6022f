import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseCalendar } from '../../../src/adapters/files/calendar.ts';

const calendar = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => calendar('BEGIN:VEVENT', 'UID:u1', ...lines, 'END:VEVENT');
const only = (text: string) => parseCalendar(text, 'leave.ics', 'Europe/Berlin')[0];

describe('when an event is', () => {
  test.each([
    ['in UTC', ['DTSTART:20260302T060000Z', 'DTEND:20260302T070000Z'], '2026-03-02T06:00:00.000Z', '2026-03-02T07:00:00.000Z'],
    ['floating: in the organization’s zone', ['DTSTART:20260302T070000', 'DURATION:PT8H'], '2026-03-02T06:00:00.000Z', '2026-03-02T14:00:00.000Z'],
    [
      'in a zone of the tz database',
      ['DTSTART;TZID=America/New_York:20260302T070000', 'DURATION:PT1H'],
      '2026-03-02T12:00:00.000Z',
      '2026-03-02T13:00:00.000Z',
    ],
    ['a whole day, from its midnight to the next', ['DTSTART;VALUE=DATE:20260302'], '2026-03-01T23:00:00.000Z', '2026-03-02T23:00:00.000Z'],
    ['a whole day of 23 hours in spring', ['DTSTART;VALUE=DATE:20260329'], '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['without end, at a time: no time at all', ['DTSTART:20260302T060000Z'], '2026-03-02T06:00:00.000Z', '2026-03-02T06:00:00.000Z'],
  ])('%s', (_what, lines, starts, ends) => expect(only(event(...lines))).toMatchObject({ starts, ends }));
});

test.each([
  ['no UID', calendar('BEGIN:VEVENT', 'DTSTART:20260302T060000Z', 'END:VEVENT'), /UID/],
  ['no start', event('SUMMARY:x'), /DTSTART/],
  ['an end before its start', event('DTSTART:20260302T060000Z', 'DTEND:20260301T060000Z'), /before it starts/],
])('an event with %s is refused, and says so', (_what, text, message) => expect(() => only(text)).toThrow(message));

test('names, categories, people and cancellation are kept', () => {
  expect(
    only(
      event(
        'DTSTART;VALUE=DATE:20260302',
        'SUMMARY:Leave\\, granted',
        'CATEGORIES:LEAVE',
        'ATTENDEE;CN=G:mailto:greta@example.org',
        'STATUS:CANCELLED',
        'SEQUENCE:3',
        'RRULE:FREQ=DAILY;COUNT=2',
      ),
    ),
  ).toMatchObject({
    summary: 'Leave, granted',
    category: 'LEAVE',
    attendees: ['greta@example.org'],
    status: 'cancelled',
    sequence: 3,
    rule: 'FREQ=DAILY;COUNT=2',
    calendar: 'leave',
  });
});

const SAMPLES = fileURLToPath(new URL('../../../../shared/data/calendars/icaljs_samples', import.meta.url));
const samples = existsSync(SAMPLES) ? readdirSync(SAMPLES) : [];
test.skipIf(samples.length === 0)('published samples are there to be read', () => expect(samples.length).toBeGreaterThan(10));
test.for(samples)('the published sample %s is read, or refused with a reason', (name) => {
  try {
    for (const one of parseCalendar(readFileSync(`${SAMPLES}/${name}`, 'utf8'), name, 'Europe/Berlin')) expect(one.ends >= one.starts).toBe(true);
  } catch (error) {
    expect(String(error)).toMatch(/CalendarError|ParserError/);
  }
});
