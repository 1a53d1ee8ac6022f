/** Which days an organization works: its weekdays, without the public holidays that it declares. */
import { z } from 'zod';
import { LocalDate, weekdayOf } from './time.ts';

const Weekday = z.int().min(1).max(7); // ISO 8601: 1 is Monday

/** Beyond `from` and `through` nobody has said anything: whether such a day is worked is not known. */
export const WorkCalendar = z
  .strictObject({
    from: LocalDate,
    through: LocalDate,
    weekdays: z.array(Weekday).min(1).max(7).default([1, 2, 3, 4, 5]),
    holidays: z.record(LocalDate, z.string().min(1).max(80)), // date -> name
  })
  .refine(({ from, through }) => from <= through, { path: ['through'], message: 'is before `from`' })
  .refine(({ from, through, holidays }) => Object.keys(holidays).every((day) => from <= day && day <= through), {
    path: ['holidays'],
    message: 'has a day that is not between `from` and `through`',
  });
export type WorkCalendar = z.infer<typeof WorkCalendar>;

/** Whether a day is a working day; undefined where the calendar does not reach. */
export function isWorkingDay(day: LocalDate, calendar: WorkCalendar | null): boolean | undefined {
  if (!calendar || day < calendar.from || day > calendar.through) return undefined;
  return calendar.weekdays.includes(weekdayOf(day)) && !Object.hasOwn(calendar.holidays, day);
}

/** A day is worked where both say so; where one of them says nothing, nothing is known. */
export function narrowerCalendar(one: WorkCalendar | undefined, other: WorkCalendar | undefined): WorkCalendar | undefined {
  if (!one || !other) return undefined;
  const [from, through] = [one.from > other.from ? one.from : other.from, one.through < other.through ? one.through : other.through];
  if (from > through) return undefined;
  const holidays = Object.entries({ ...other.holidays, ...one.holidays }).filter(([day]) => from <= day && day <= through);
  const weekdays = one.weekdays.filter((day) => other.weekdays.includes(day));
  return weekdays.length === 0 ? undefined : { from, through, weekdays, holidays: Object.fromEntries(holidays) };
}

/** A difference, by name. `undefined` on a side: nothing was said there. */
export interface CalendarDifference {
  readonly name: string;
  readonly how: 'added' | 'removed' | 'changed';
  readonly words: string;
}

export function calendarDifferences(before: WorkCalendar | undefined, after: WorkCalendar | undefined): readonly CalendarDifference[] {
  const [old, now] = [before?.holidays ?? {}, after?.holidays ?? {}];
  const days = LocalDate.array().parse([...new Set([...Object.keys(old), ...Object.keys(now)])].sort());
  const changed = (name: string, label: string, was: string | undefined, is: string | undefined): CalendarDifference[] =>
    was === is
      ? []
      : [
          {
            name: `calendar/${name}`,
            how: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
            words: `${label} ${was ?? 'unknown'} -> ${is ?? 'unknown'}`,
          },
        ];
  const reach = (calendar: WorkCalendar | undefined) => calendar && `${calendar.from} to ${calendar.through}`;
  return [
    ...changed('reach', 'working days are known from', reach(before), reach(after)),
    ...changed('weekdays', 'weekdays that are worked (1 is Monday):', before?.weekdays.join(', '), after?.weekdays.join(', ')),
    ...days.flatMap((day): CalendarDifference[] => {
      const [was, is] = [old[day], now[day]];
      if (was === is) return [];
      const words = is === undefined ? `${day} is no holiday any more` : `${day} is a holiday: ${is}`;
      return [{ name: `calendar/${day}`, how: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed', words }];
    }),
  ];
}
