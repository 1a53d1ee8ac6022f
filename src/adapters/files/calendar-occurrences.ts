/** Events on file -> when they take place, over some days: rules (RRULE) are told out, and single occurrences that were moved stand for themselves. */
import ICAL from 'ical.js';
import { addDays, instant, instantAt, LocalDate, localTime, millis, type Instant } from '../../kernel/time.ts';

export interface StoredEvent {
  readonly uid: string;
  readonly recurrence: string; // the occurrence that it overrides, else empty
  readonly calendar: string;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly allDay: boolean;
  readonly rule: string | null;
  readonly cancelled: boolean;
}

export interface Occurrence {
  readonly calendar: string;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly allDay: boolean;
}

const MOST_OCCURRENCES = 5_000; // of one rule: a daily one for more than ten years

/** @param until the last day */
export function occurrences(events: readonly StoredEvent[], zone: string, from: LocalDate, until: LocalDate): readonly Occurrence[] {
  const [first, last] = [millis(instantAt(from, '00:00', zone)), millis(instantAt(addDays(until, 1), '00:00', zone))];
  const moved = new Set(events.filter(({ recurrence }) => recurrence !== '').map(({ uid, recurrence }) => `${uid}/${recurrence.slice(0, 10)}`));
  return events.flatMap((event) => {
    if (event.cancelled) return [];
    const { calendar, allDay, rule, uid } = event;
    const length = millis(event.ends) - millis(event.starts);
    const starts =
      rule === null ? [millis(event.starts)] : ruled(event.starts, rule, zone, last).filter((at) => !moved.has(`${uid}/${localTime(instant(at), zone).date}`));
    return starts.filter((at) => at < last && at + length > first).map((at) => ({ calendar, allDay, starts: instant(at), ends: instant(at + length) }));
  });
}

/** On the clock of the place: an appointment at nine stays at nine when the clock changes. */
function ruled(starts: Instant, rule: string, zone: string, last: number): readonly number[] {
  const { date, hour, minute } = localTime(starts, zone);
  const start = ICAL.Time.fromDateTimeString(`${date}T${two(hour)}:${two(minute)}:00`);
  const iterator = ICAL.Recur.fromString(rule).iterator(start);
  const all: number[] = [];
  for (let n = 0; n < MOST_OCCURRENCES; n++) {
    const next = iterator.next();
    if (!next) break;
    const day = LocalDate.parse(`${String(next.year).padStart(4, '0')}-${two(next.month)}-${two(next.day)}`);
    const at = millis(instantAt(day, `${two(next.hour)}:${two(next.minute)}`, zone));
    if (at >= last) break;
    all.push(at);
  }
  return all;
}

const two = (n: number): string => String(n).padStart(2, '0');
