/** iCalendar (RFC 5545) -> events. Times in the zones that the file gives; a floating time is the organization's. */
import ICAL from 'ical.js';
import { instant, instantAt, LocalDate, type Instant } from '../../kernel/time.ts';

export interface CalendarEvent {
  readonly uid: string;
  readonly recurrence: string; // the occurrence that it overrides (RECURRENCE-ID), else empty
  readonly calendar: string; // the calendar's name, or the file's
  readonly summary: string;
  readonly category: string; // the first of CATEGORIES, else empty
  readonly starts: Instant;
  readonly ends: Instant; // exclusive
  readonly allDay: boolean;
  readonly rule: string | null; // RRULE, as it came
  readonly attendees: readonly string[]; // mail addresses, without `mailto:`
  readonly sequence: number;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
}

/** The calendar cannot be read. */
export class CalendarError extends Error {
  override readonly name = 'CalendarError';
  readonly code = 'calendar_invalid';
}

const MOST_EVENTS = 20_000;

/** @param zone the organization's, for floating times and whole days @throws CalendarError */
export function parseCalendar(text: string, name: string, zone: string): readonly CalendarEvent[] {
  const calendars = [ICAL.parse(text)]
    .map((one) => new ICAL.Component(one))
    .flatMap((one) => (one.name === 'vcalendar' ? [one] : one.getAllSubcomponents('vcalendar')));
  if (calendars.length === 0) throw new CalendarError('it holds no VCALENDAR');
  const events = calendars.flatMap((calendar) => {
    const called = textOf(calendar, 'x-wr-calname') || name.replace(/\.ics$/i, '');
    return calendar.getAllSubcomponents('vevent').map((component) => eventOf(component, called, zone));
  });
  if (events.length > MOST_EVENTS) throw new CalendarError(`it has ${events.length} events; a file takes ${MOST_EVENTS} at most`);
  return events;
}

function eventOf(component: ICAL.Component, calendar: string, zone: string): CalendarEvent {
  const uid = textOf(component, 'uid');
  const where = uid === '' ? 'an event' : `the event \`${uid}\``;
  if (uid === '') throw new CalendarError('an event has no UID; without one it could not be told from others');
  const start = timeOf(component, 'dtstart');
  if (!start) throw new CalendarError(`${where} has no DTSTART`);
  const end = timeOf(component, 'dtend') ?? after(start, component);
  const [starts, ends] = [at(start, zone), at(end, zone)];
  if (ends < starts) throw new CalendarError(`${where} ends (\`${end.time.toString()}\`) before it starts (\`${start.time.toString()}\`)`);
  const status = textOf(component, 'status').toLowerCase();
  return {
    uid,
    recurrence: timeOf(component, 'recurrence-id')?.time.toString() ?? '',
    calendar,
    summary: textOf(component, 'summary'),
    category: textOf(component, 'categories'),
    starts,
    ends,
    allDay: start.time.isDate,
    rule: component.getFirstPropertyValue('rrule')?.toString() ?? null,
    attendees: component.getAllProperties('attendee').map((one) => String(one.getFirstValue()).replace(/^mailto:/i, '')),
    sequence: Number(textOf(component, 'sequence') || 0),
    status: status === 'cancelled' || status === 'tentative' ? status : 'confirmed',
  };
}

const textOf = (component: ICAL.Component, property: string): string => component.getFirstPropertyValue(property)?.toString() ?? '';

/** A time as it stands, with the zone that its property names: the file need not define it (RFC 7809, 3.1). */
interface Stated {
  readonly time: ICAL.Time;
  readonly zone: string | undefined;
}

function timeOf(component: ICAL.Component, property: string): Stated | undefined {
  const found = component.getFirstProperty(property);
  const time = found?.getFirstValue();
  const zone = found?.getFirstParameter('tzid');
  return time instanceof ICAL.Time ? { time, zone: zone === '' ? undefined : zone } : undefined;
}

/** RFC 5545, 3.6.1: without DTEND it lasts its DURATION; else a day where it starts on a date, and no time where it starts at one. */
function after({ time, zone }: Stated, component: ICAL.Component): Stated {
  const end = time.clone();
  const duration = component.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) end.addDuration(duration);
  else if (time.isDate) end.adjust(1, 0, 0, 0);
  return { time: end, zone };
}

const two = (n: number): string => String(n).padStart(2, '0');
const known = (zone: string): boolean => Intl.supportedValuesOf('timeZone').includes(zone);

/** In a zone of the tz database by its name; in one that only the file defines by the file's rules; else in the organization's. */
function at({ time, zone }: Stated, own: string): Instant {
  const utc = time.zone?.tzid === 'UTC';
  const byFile = zone !== undefined && !known(zone) && time.zone?.tzid === zone;
  if (utc || byFile) return instant(time.toUnixTime() * 1000);
  const date = LocalDate.safeParse(`${String(time.year).padStart(4, '0')}-${two(time.month)}-${two(time.day)}`);
  if (!date.success) throw new CalendarError(`\`${time.toString()}\` is no time that there is; write it as 20260131T093000`);
  return instantAt(date.data, `${two(time.hour)}:${two(time.minute)}`, zone !== undefined && known(zone) ? zone : own);
}
