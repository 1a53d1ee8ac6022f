/**
 * Two clocks. Wall: votes, warrants, sessions, rates, recorded time. Business: due dates, local hour, reviews, valid time.
 * They differ in the example and in tests alone.
 */
import { z } from 'zod';
import { kept } from './kept.ts';

/** RFC 3339 in UTC with milliseconds: `2026-03-02T06:30:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 }).brand('Instant');
export type Instant = z.infer<typeof Instant>;
/** A day in the organization's time zone: `2026-03-02`. */
export const LocalDate = z.iso
  .date()
  .refine((date) => !date.startsWith('0000'), 'there is no year 0000')
  .brand('LocalDate');
export type LocalDate = z.infer<typeof LocalDate>;

export const Times = z.strictObject({ wall: Instant, business: Instant });
export type Times = z.infer<typeof Times>;

export const instant = (ms: number): Instant => Instant.parse(new Date(ms).toISOString());
export const millis = (at: Instant): number => Date.parse(at);

export interface LocalTime {
  readonly date: LocalDate;
  readonly hour: number; // 0 to 23
  readonly minute: number;
  readonly weekday: number; // ISO 8601: 1 is Monday
}

const MOST_ZONES = 600; // the IANA database has fewer names

const clockOf = kept(
  MOST_ZONES,
  (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
);

/** What the clock on the wall of a place shows. @param zone an IANA name, such as `Europe/Berlin` */
export function localTime(at: Instant, zone: string): LocalTime {
  const parts = clockOf(zone).formatToParts(new Date(at));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const date = LocalDate.parse(`${part('year')}-${part('month')}-${part('day')}`);
  return { date, hour: Number(part('hour')), minute: Number(part('minute')), weekday: weekdayOf(date) };
}

/** ISO 8601 weekday, 1 is Monday. */
export const weekdayOf = (date: LocalDate): number => ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

export function addDays(date: LocalDate, days: number): LocalDate {
  return LocalDate.parse(new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10));
}

/** Whole days from `from` to `to`; negative where `to` is earlier. */
/** The Monday of a day's week (ISO 8601). */
export const weekOf = (day: LocalDate): LocalDate => addDays(day, 1 - weekdayOf(day));

export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/**
 * @param time `07:30`
 * The instant at which a place's clock shows a date and a time. A time that a change to summer time skips is the instant
 * just after the change; one that occurs twice is its first occurrence.
 */
export const instantAt = (date: LocalDate, time: string, zone: string): Instant => momentsIn(zone)(`${date}T${time}`);

const MOST_MOMENTS = 20_000; // of one zone: a rota asks for the same ones again and again
const momentsIn = kept(MOST_ZONES, (zone: string) => kept(MOST_MOMENTS, (clock: string) => momentAt(clock, zone)));

function momentAt(clock: string, zone: string): Instant {
  const wanted = Date.parse(`${clock}:00Z`);
  const shown = (ms: number) => {
    const local = localTime(instant(ms), zone);
    return Date.parse(`${local.date}T${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}:00Z`);
  };
  const candidates = [-14, -1, 0, 1, 14].map((hours) => wanted - (shown(wanted + hours * 3_600_000) - (wanted + hours * 3_600_000)));
  const exact = candidates.filter((ms) => shown(ms) === wanted);
  return instant(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates));
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** Milliseconds of an ISO 8601 duration in days, hours and minutes: `P1D`, `PT4H`; undefined where it is not one. */
export function durationMs(duration: string): number | undefined {
  const found = DURATION.exec(duration);
  if (!found || /[PT]$/.test(duration)) return undefined;
  const [days, hours, minutes] = [found[1], found[2], found[3]].map((n) => Number(n ?? 0));
  return ((days ?? 0) * 1_440 + (hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

/** `P2D` -> `2 days`; `PT1H30M` -> `1 hour 30 minutes`. What is no such duration is given back as it is. */
export function durationInWords(duration: string): string {
  const ms = durationMs(duration);
  if (ms === undefined) return duration;
  const minutes = ms / 60_000;
  const parts = [
    [Math.floor(minutes / 1_440), 'day'],
    [Math.floor((minutes % 1_440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`])).join(' ');
}
