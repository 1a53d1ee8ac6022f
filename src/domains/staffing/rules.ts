/**
 * The rules of the rota, each one function over one set of parameters: reconcilers, the gate's facts and the choice of people
 * all come here. An article of `30-staffing.cedar` compares the same measures with the same limits.
 */
import { z } from 'zod';
import { addDays, millis, weekOf, weekdayOf, type LocalDate } from '../../kernel/time.ts';
import { MINUTE, overlap, spanOf, type Frame } from './hours.ts';
import { sameOrNone, sameSlot, type Duty, type PersonFile, type Slot } from './records.ts';

/** What a shift means for a person; the fields are those of the fact sheet `duty`. */
export const Measures = z.strictObject({
  declared: z.boolean(),
  past: z.boolean(),
  person_active: z.boolean(),
  double_booked: z.boolean(),
  rest_minutes: z.int(),
  limit_rest_minutes: z.int(),
  day_minutes: z.int(),
  limit_day_minutes: z.int(),
  run_days: z.int(),
  limit_run_days: z.int(),
  skilled: z.boolean(),
  certified: z.boolean(),
  away: z.boolean(),
  consent_missing: z.boolean(),
  busy: z.boolean(),
  own_site: z.boolean(),
  week_minutes: z.int(),
  limit_week_minutes: z.int(),
  needed: z.boolean(),
});
export type Measures = z.infer<typeof Measures>;

export interface Rule {
  readonly id: string; // of the article
  readonly liftable: boolean; // people may allow it
  broken(measures: Measures): boolean;
  says(measures: Measures): string;
}

const hours = (minutes: number): string => `${Number((minutes / 60).toFixed(1))} h`;

export const RULES: readonly Rule[] = [
  { id: 'staffing.declared', liftable: false, broken: (m) => !m.declared, says: () => 'the shift is not declared, or not theirs to give' },
  { id: 'staffing.past', liftable: false, broken: (m) => m.past, says: () => 'the day is past' },
  { id: 'staffing.person', liftable: false, broken: (m) => !m.person_active, says: () => 'is not in the staff register' },
  { id: 'staffing.double', liftable: false, broken: (m) => m.double_booked, says: () => 'works another shift at that time' },
  {
    id: 'staffing.rest',
    liftable: false,
    broken: (m) => m.rest_minutes < m.limit_rest_minutes,
    says: (m) => `would rest ${hours(m.rest_minutes)} instead of ${hours(m.limit_rest_minutes)}`,
  },
  {
    id: 'staffing.day',
    liftable: false,
    broken: (m) => m.day_minutes > m.limit_day_minutes,
    says: (m) => `would work ${hours(m.day_minutes)} that day, at most ${hours(m.limit_day_minutes)}`,
  },
  {
    id: 'staffing.run',
    liftable: false,
    broken: (m) => m.run_days > m.limit_run_days,
    says: (m) => `would work ${m.run_days} days in a row, at most ${m.limit_run_days}`,
  },
  { id: 'staffing.skill', liftable: false, broken: (m) => !m.skilled, says: () => 'has not the skill' },
  { id: 'staffing.certificate', liftable: false, broken: (m) => !m.certified, says: () => 'has no certificate that is valid on the day' },
  { id: 'staffing.away', liftable: false, broken: (m) => m.away, says: () => 'is away' },
  { id: 'staffing.consent', liftable: false, broken: (m) => m.consent_missing, says: () => 'has to agree first' },
  { id: 'staffing.calendar', liftable: true, broken: (m) => m.busy, says: () => 'has an appointment' },
  { id: 'staffing.site', liftable: true, broken: (m) => !m.own_site, says: () => 'does not work at that site' },
  {
    id: 'staffing.hours',
    liftable: true,
    broken: (m) => m.week_minutes > m.limit_week_minutes,
    says: (m) => `would work ${hours(m.week_minutes)} that week, ${hours(m.limit_week_minutes)} by contract`,
  },
  { id: 'staffing.need', liftable: true, broken: (m) => !m.needed, says: () => 'nobody more is needed' },
];

export const brokenBy = (measures: Measures): readonly Rule[] => RULES.filter((rule) => rule.broken(measures));

/** Whether what was permitted may still be done: nothing is broken now that was not then, and lifted, and no week is longer than was allowed. */
export const stillHolds = (then: Measures, now: Measures): boolean =>
  brokenBy(now).every((rule) => rule.broken(then)) && (now.week_minutes <= then.week_minutes || now.week_minutes <= now.limit_week_minutes);

/** The shortest time between this shift and the nearest that do not overlap it, in minutes. Nothing near: a week. */
export function restBeside(frame: Frame, duties: readonly Slot[], slot: Slot): number {
  const own = spanOf(frame, slot);
  const gaps = others(duties, slot).flatMap((one) => {
    const span = spanOf(frame, one);
    return span && own && !overlap(span, own) ? [(span.starts >= own.ends ? span.starts - own.ends : own.starts - span.ends) / MINUTE] : [];
  });
  return Math.min(7 * 24 * 60, ...gaps);
}

export const workedOn = (frame: Frame, duties: readonly Slot[], day: LocalDate): number =>
  duties.reduce((sum, duty) => sum + (duty.day === day ? (spanOf(frame, duty)?.work ?? 0) : 0), 0);

export const workedInWeek = (frame: Frame, duties: readonly Slot[], week: LocalDate): number =>
  duties.reduce((sum, duty) => sum + (weekOf(duty.day) === week ? (spanOf(frame, duty)?.work ?? 0) : 0), 0);

/** Days in a row with work, through this one. */
export function runThrough(duties: readonly Slot[], day: LocalDate): number {
  const days = new Set(duties.map((duty) => duty.day));
  const reach = (step: 1 | -1): number => {
    let n = 0;
    while (n < 62 && days.has(addDays(day, step * (n + 1)))) n++;
    return n;
  };
  return days.has(day) ? 1 + reach(-1) + reach(1) : 0;
}

export const overlapping = (frame: Frame, duties: readonly Duty[], slot: Slot): readonly Duty[] => {
  const own = spanOf(frame, slot);
  return others(duties, slot).filter((one) => {
    const span = spanOf(frame, one);
    return span !== undefined && own !== undefined && overlap(span, own);
  });
};

/** Certificates that the skill asks for and the person has not got on the day. */
export const certificatesMissing = ({ settings }: Frame, { certificates }: PersonFile, { skill, day }: Pick<Duty, 'skill' | 'day'>): readonly string[] =>
  settings.certificates
    .filter((asked) => asked.skill === skill)
    .filter(({ certificate }) => !certificates.some((one) => one.certificate === certificate && one.from <= day && day <= one.until))
    .map(({ certificate }) => certificate);

export const isAway = ({ away }: PersonFile, day: LocalDate): boolean => away.some(({ from, until }) => from <= day && day <= until);

/** Within the notice period, and on a day off, a change takes the person's own word. */
export const consentNeeded = ({ settings: { consent }, today }: Frame, { staff }: PersonFile, { day }: Slot): boolean =>
  day <= addDays(today, consent.notice_days) || (consent.on_day_off && !(staff?.weekdays.includes(weekdayOf(day)) ?? false));

/** How the person's word on a slot stands; `late`: they were asked, and the day to answer by is past. */
export const WORDS = ['none', 'asked', 'late', 'given', 'refused'] as const;
export type Word = (typeof WORDS)[number];

/** @param gives what they give in return, as they were told */
export function wordOn({ consents }: PersonFile, slot: Slot, gives: Slot | null, today: LocalDate): Word {
  const own = consents.filter((one) => sameSlot(one, slot) && sameOrNone(one.gives, gives));
  const answered = own.find(({ state }) => state !== 'asked');
  const open = own.find(({ state }) => state === 'asked');
  if (answered) return answered.state;
  return open ? (open.answerBy < today ? 'late' : 'asked') : 'none';
}

/** What is known of a change besides the person. */
export interface Context {
  readonly declared: boolean; // whoever gives something away has it
  readonly needed: boolean;
  readonly gives: Slot | null; // what the person gives in return
}

/**
 * What a shift means for a person.
 * @param file with the rota as it will be: the shift is among the person's
 */
export function measure(frame: Frame, file: PersonFile, duty: Duty, context: Context): Measures {
  const { settings, today } = frame;
  const span = spanOf(frame, duty);
  return {
    declared: context.declared && span !== undefined,
    past: duty.day < today,
    person_active: file.active && file.staff !== null,
    double_booked: overlapping(frame, file.duties, duty).length > 0,
    rest_minutes: restBeside(frame, file.duties, duty),
    limit_rest_minutes: Math.round(settings.rest.hours * 60),
    day_minutes: workedOn(frame, file.duties, duty.day),
    limit_day_minutes: Math.round(settings.longest_day.hours * 60),
    run_days: runThrough(file.duties, duty.day),
    limit_run_days: settings.consecutive_days.days,
    skilled: file.staff?.skills.includes(duty.skill) ?? false,
    certified: certificatesMissing(frame, file, duty).length === 0,
    away: isAway(file, duty.day),
    consent_missing: consentNeeded(frame, file, duty) && wordOn(file, duty, context.gives, today) !== 'given',
    busy: span !== undefined && file.busy.some(({ starts, ends }) => overlap(span, { starts: millis(starts), ends: millis(ends) })),
    own_site: file.staff?.sites.includes(duty.site) ?? false,
    week_minutes: workedInWeek(frame, file.duties, weekOf(duty.day)),
    limit_week_minutes: (file.staff?.contractMinutes ?? 0) + Math.round(settings.contract.over_hours * 60),
    needed: context.needed,
  };
}

const others = <S extends Slot>(duties: readonly S[], slot: Slot): readonly S[] => duties.filter((one) => !sameSlot(one, slot));
