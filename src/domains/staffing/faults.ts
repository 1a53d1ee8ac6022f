/** What is wrong with the rota of one person as it stands. Pure. */
import { weekOf, type LocalDate } from '../../kernel/time.ts';
import { spanOf, type Frame } from './hours.ts';
import { dutyKey, type Duty, type PersonFile } from './records.ts';
import { certificatesMissing, isAway, overlapping, restBeside, runThrough, workedInWeek, workedOn } from './rules.ts';

export interface Fault {
  readonly day: LocalDate;
  readonly duties: readonly Duty[]; // one of them goes, and it is mended
  readonly why: string;
}

const hours = (minutes: number): string => `${Number((minutes / 60).toFixed(1))} h`;
const named = (duties: readonly Duty[]): string => duties.map(({ shift, site }) => `\`${shift}\` at ${site}`).join(' and ');
const ahead = (frame: Frame, { duties }: PersonFile): readonly Duty[] =>
  duties
    .filter(({ day }) => day >= frame.today)
    .sort((a, b) => (spanOf(frame, a)?.starts ?? 0) - (spanOf(frame, b)?.starts ?? 0) || (dutyKey(a) < dutyKey(b) ? -1 : 1));
const firstOf = (faults: readonly Fault[]): readonly Fault[] => [...new Map([...faults].reverse().map((fault) => [fault.day, fault])).values()].reverse();

/** Two shifts at one time; one fault for a day. */
export const doubleBookings = (frame: Frame, file: PersonFile): readonly Fault[] =>
  firstOf(
    ahead(frame, file).flatMap((duty) => {
      const [other] = overlapping(frame, file.duties, duty);
      const both = other && [duty, other].sort((a, b) => (dutyKey(a) < dutyKey(b) ? -1 : 1));
      return both ? [{ day: duty.day, duties: both, why: `\`${file.person}\` is on ${named(both)} at once on ${duty.day}` }] : [];
    }),
  );

/** Too little rest before a shift, too long a day, too many days in a row; the first of them for a day. Two shifts at once are told as that. */
export function restFaults(frame: Frame, file: PersonFile): readonly Fault[] {
  const twice = new Set(doubleBookings(frame, file).map(({ day }) => day));
  const single = ahead(frame, file).filter(({ day }) => !twice.has(day));
  return firstOf(single.flatMap((duty) => tooLittleRest(frame, file, duty) ?? tooLong(frame, file, duty) ?? tooMany(frame, file, duty) ?? []));
}

function tooLittleRest(frame: Frame, { person, duties }: PersonFile, duty: Duty): Fault | undefined {
  const own = spanOf(frame, duty);
  const before = duties.filter((one) => (spanOf(frame, one)?.ends ?? Infinity) <= (own?.starts ?? 0)).sort((a, b) => ends(frame, b) - ends(frame, a))[0];
  const rest = before ? restBeside(frame, [before], duty) : Infinity;
  const limit = frame.settings.rest.hours * 60;
  if (!before || rest >= limit) return undefined;
  const why = `\`${person}\` would rest ${hours(rest)} between ${named([before])} and ${named([duty])} on ${duty.day}, ${hours(limit)} are owed (${frame.settings.rest.source})`;
  return { day: duty.day, duties: [before, duty], why };
}
const ends = (frame: Frame, duty: Duty): number => spanOf(frame, duty)?.ends ?? 0;

function tooLong(frame: Frame, { person, duties }: PersonFile, { day }: Duty): Fault | undefined {
  const { hours: limit, source } = frame.settings.longest_day;
  const worked = workedOn(frame, duties, day);
  if (worked <= limit * 60) return undefined;
  return { day, duties: duties.filter((one) => one.day === day), why: `\`${person}\` would work ${hours(worked)} on ${day}, ${limit} h at most (${source})` };
}

function tooMany(frame: Frame, { person, duties }: PersonFile, duty: Duty): Fault | undefined {
  const { days, source } = frame.settings.consecutive_days;
  const upTo = duties.filter(({ day }) => day <= duty.day);
  const run = runThrough(upTo, duty.day);
  if (run !== days + 1) return undefined; // the day that is one too many
  return { day: duty.day, duties: [duty], why: `\`${person}\` would work ${run} days in a row up to ${duty.day}, ${days} at most (${source})` };
}

/** Shifts that ask for a certificate that does not hold on their day. */
export const uncertified = (frame: Frame, file: PersonFile): readonly Fault[] =>
  ahead(frame, file).flatMap((duty) => {
    const missing = certificatesMissing(frame, file, duty);
    if (missing.length === 0) return [];
    const last = file.certificates.filter(({ certificate }) => missing.includes(certificate)).sort((a, b) => (a.until < b.until ? 1 : -1))[0];
    const state = last ? `lapsed on ${last.until}` : 'is not on file';
    return [
      {
        day: duty.day,
        duties: [duty],
        why: `\`${file.person}\` is on ${named([duty])} on ${duty.day} as \`${duty.skill}\`; the certificate \`${missing.join('`, `')}\` ${state}`,
      },
    ];
  });

/** Shifts of somebody who is away that day: a leave came in as granted, or a calendar says so, when the rota was made already. */
export const plannedWhileAway = (frame: Frame, file: PersonFile): readonly Fault[] =>
  ahead(frame, file)
    .filter(({ day }) => isAway(file, day))
    .map((duty) => ({ day: duty.day, duties: [duty], why: `\`${file.person}\` is on ${named([duty])} on ${duty.day}, and is away that day` }));

/** Weeks, from this one on, with more work than the contract says. Where somebody is on two shifts at once, that is told first. */
export const longWeeks = (frame: Frame, file: PersonFile): readonly { readonly week: LocalDate; readonly worked: number; readonly limit: number }[] => {
  const limit = (file.staff?.contractMinutes ?? 0) + Math.round(frame.settings.contract.over_hours * 60);
  const twice = new Set(doubleBookings(frame, file).map(({ day }) => weekOf(day)));
  const weeks = [...new Set(ahead(frame, file).map(({ day }) => weekOf(day)))].filter((week) => !twice.has(week));
  return weeks.map((week) => ({ week, worked: workedInWeek(frame, file.duties, week), limit })).filter(({ worked }) => worked > limit);
};
