/** The rota against the need: where people are missing, now and were somebody on leave. Pure. */
import { addDays, weekdayOf, type LocalDate } from '../../kernel/time.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Frame } from './hours.ts';
import { openingKey, sameSlot, type Duty, type Leave, type Opening, type PersonFile, type Site } from './records.ts';

export interface Cover extends Opening {
  readonly minimum: number;
  readonly assigned: readonly PersonId[];
}

/** A day on which a site is closed, by its own calendar. */
export interface Closed {
  readonly site: Site;
  readonly day: LocalDate;
}

/** How many of a skill a slot needs; a closed site needs nobody. */
export function minimumOf({ settings }: Frame, closed: readonly Closed[], { site, day, shift, skill }: Opening): number {
  if (closed.some((one) => one.site === site && one.day === day)) return 0;
  return settings.need
    .filter((need) => need.site === site && need.shift === shift && need.skill === skill && need.weekdays.includes(weekdayOf(day)))
    .reduce((sum, { minimum }) => sum + minimum, 0);
}

export const coverOf = (frame: Frame, closed: readonly Closed[], duties: readonly Duty[], opening: Opening): Cover => ({
  ...opening,
  minimum: minimumOf(frame, closed, opening),
  assigned: duties
    .filter((duty) => sameSlot(duty, opening) && duty.skill === opening.skill)
    .map(({ person }) => person)
    .sort(),
});

/** Every slot and skill with a need, day by day. */
export function coverage(frame: Frame, closed: readonly Closed[], files: readonly PersonFile[], from: LocalDate, until: LocalDate): readonly Cover[] {
  const duties = files.flatMap((file) => file.duties);
  const kinds = new Map(frame.settings.need.map(({ site, shift, skill }) => [`${site}/${shift}/${skill}`, { site, shift, skill }]));
  const all: Cover[] = [];
  for (let day = from; day <= until; day = addDays(day, 1))
    for (const kind of kinds.values()) {
      const cover = coverOf(frame, closed, duties, { ...kind, day });
      if (cover.minimum > 0) all.push(cover);
    }
  return all;
}

export const isShort = ({ minimum, assigned }: Cover): boolean => assigned.length < minimum;

/** What a leave would take out of the rota, and which slots would be short by it. */
export function leaveEffect(
  frame: Frame,
  closed: readonly Closed[],
  files: readonly PersonFile[],
  { person, from, until }: Pick<Leave, 'person' | 'from' | 'until'>,
): { readonly duties: readonly Duty[]; readonly gaps: readonly Opening[] } {
  const all = files.flatMap((file) => file.duties);
  const inLeave = (duty: Duty) => duty.person === person && duty.day >= from && duty.day <= until;
  const duties = all.filter((duty) => inLeave(duty) && duty.day >= frame.today);
  const rest = all.filter((duty) => !inLeave(duty));
  const gaps = duties.map(({ site, day, shift, skill }) => ({ site, day, shift, skill })).filter((opening) => isShort(coverOf(frame, closed, rest, opening)));
  return { duties, gaps: [...new Map(gaps.map((gap) => [openingKey(gap), gap])).values()] };
}
