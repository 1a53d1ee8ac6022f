/** Events -> iCalendar (RFC 5545). Same input, same bytes. */
import type { Instant, LocalDate } from '../../kernel/time.ts';
import { addDays } from '../../kernel/time.ts';

interface Told {
  readonly uid: string;
  readonly summary: string;
  readonly at: Instant; // when it was written
  readonly sequence: number; // a higher one replaces a lower (RFC 5546)
}

export interface DayEvent extends Told {
  readonly day: LocalDate; // the whole day
}

export interface TimedEvent extends Told {
  readonly starts: Instant;
  readonly ends: Instant;
  readonly location: string;
  readonly cancelled: boolean; // it does not take place any more: calendars strike it
}

const text = (value: string): string =>
  value
    .replace(/[\\;,]/g, (mark) => `\\${mark}`)
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd');
const compact = (date: string): string => date.replace(/[-:]|\.\d+/g, '');

/** RFC 5545, 3.1: lines of at most 75 octets, never cut inside a character. */
function fold(line: string): string {
  const parts: string[] = [];
  let [part, octets] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      [part, octets] = ['', 0];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}

const when = (event: DayEvent | TimedEvent): readonly string[] =>
  'day' in event
    ? [`DTSTART;VALUE=DATE:${compact(event.day)}`, `DTEND;VALUE=DATE:${compact(addDays(event.day, 1))}`]
    : [
        `DTSTART:${compact(event.starts)}`,
        `DTEND:${compact(event.ends)}`,
        `LOCATION:${text(event.location)}`,
        `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
      ];

export function writeCalendar(events: readonly (DayEvent | TimedEvent)[]): string {
  const lines = events.flatMap((event) => [
    'BEGIN:VEVENT',
    `UID:${text(event.uid)}`,
    `DTSTAMP:${compact(event.at)}`,
    `SEQUENCE:${event.sequence}`,
    ...when(event),
    `SUMMARY:${text(event.summary)}`,
    'END:VEVENT',
  ]);
  return `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Charter//Charter//EN', ...lines, 'END:VCALENDAR'].map(fold).join('\r\n')}\r\n`;
}
