/** A change of the rota, and what it means for whoever it concerns: judged on the rota as it will be. Pure. */
import type { PersonId } from '../../kernel/ids.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { Frame } from './hours.ts';
import { sameSlot, Skill, slotOf, type Duty, type PersonFile, type Slot } from './records.ts';
import { measure, wordOn, type Measures } from './rules.ts';

/** Somebody more on a slot; or a slot goes from one to another, who may give one in return. */
export type Change =
  | { readonly kind: 'assign'; readonly duty: Duty }
  | { readonly kind: 'swap'; readonly slot: Slot; readonly from: PersonId; readonly to: PersonId; readonly back: Slot | null };

/** Who takes what, and gives what for it. `held`: whoever gives something has it. */
export interface Effect {
  readonly takes: readonly { readonly duty: Duty; readonly gives: Slot | null }[];
  readonly gives: readonly Duty[];
  readonly held: boolean;
}

export function effectOf(change: Change, files: readonly PersonFile[]): Effect {
  const dutiesOf = (person: PersonId) => files.find((file) => file.person === person)?.duties ?? [];
  const has = (person: PersonId, slot: Slot): Duty | undefined => dutiesOf(person).find((duty) => sameSlot(duty, slot));
  if (change.kind === 'assign') return { takes: [{ duty: change.duty, gives: null }], gives: [], held: !has(change.duty.person, change.duty) };
  const { slot, from, to, back } = change;
  const given = has(from, slot);
  const returned = back && has(to, back);
  if (!given || from === to || has(to, slot) || (back && (!returned || has(from, back)))) return { takes: [], gives: [], held: false };
  const there = { duty: { ...given, person: to }, gives: back };
  return returned
    ? { takes: [there, { duty: { ...returned, person: from }, gives: slotOf(slot) }], gives: [given, returned], held: true }
    : { takes: [there], gives: [given], held: true };
}

/** The files as they are after it. */
export const after = (files: readonly PersonFile[], { takes, gives }: Effect): readonly PersonFile[] =>
  files.map((file) => ({
    ...file,
    duties: [
      ...file.duties.filter((duty) => !gives.some((given) => given.person === file.person && sameSlot(given, duty))),
      ...takes.flatMap(({ duty }) => (duty.person === file.person ? [duty] : [])),
    ],
  }));

export const applied = (files: readonly PersonFile[], changes: readonly Change[]): readonly PersonFile[] =>
  changes.reduce((now, change) => {
    const effect = effectOf(change, now);
    return effect.held ? after(now, effect) : now;
  }, files);

/** Somebody whose shifts a change moves without their own word on it. */
export interface Told {
  readonly person: PersonId;
  readonly gives: Slot | null;
  readonly takes: Slot | null;
  readonly other: PersonId | null; // who takes the one, and gave the other
}

/** Whoever gives a shift up, and whoever takes one on and was not asked: they are told. Who gave their word on this very change knows of it. */
export function toTell({ takes, gives }: Effect, files: readonly PersonFile[], today: LocalDate): readonly Told[] {
  const people = [...new Set([...gives, ...takes.map(({ duty }) => duty)].map(({ person }) => person))].sort();
  return people.flatMap((person) => {
    const taken = takes.find(({ duty }) => duty.person === person);
    const given = gives.find((duty) => duty.person === person);
    const file = files.find((one) => one.person === person);
    if (taken && file && wordOn(file, taken.duty, taken.gives, today) === 'given') return [];
    const other = people.find((one) => one !== person) ?? null;
    return [{ person, gives: given ? slotOf(given) : null, takes: taken ? slotOf(taken.duty) : null, other }];
  });
}

/**
 * The worst that a change means for anybody who takes something on.
 * @param files of everybody concerned @param needed whether the slot is short; a swap leaves that as it is
 * @param only one of them, where a person is asked about their own part
 */
export function judged(frame: Frame, change: Change, files: readonly PersonFile[], needed: boolean, only?: PersonId): Measures {
  const effect = effectOf(change, files);
  const then = after(files, effect);
  const all = effect.takes.flatMap(({ duty, gives }) => {
    const file = then.find(({ person }) => person === duty.person) ?? stranger(duty.person);
    return only === undefined || only === duty.person ? [measure(frame, file, duty, { declared: effect.held, needed, gives })] : [];
  });
  const [first, ...rest] = all;
  return first ? rest.reduce(worse, first) : nothing(frame, change);
}

/** Nobody takes anything: whoever should give it has it not. */
function nothing(frame: Frame, change: Change): Measures {
  const person = change.kind === 'assign' ? change.duty.person : change.to;
  const slot = change.kind === 'assign' ? change.duty : change.slot;
  const duty: Duty = { ...slotOf(slot), person, skill: change.kind === 'assign' ? change.duty.skill : NO_SKILL };
  return measure(frame, stranger(person), duty, { declared: false, needed: false, gives: null });
}
const NO_SKILL = Skill.parse('none');

const stranger = (person: PersonId): PersonFile => ({
  person,
  active: false,
  staff: null,
  duties: [],
  certificates: [],
  away: [],
  busy: [],
  consents: [],
});

/** Of each measure the worse one. */
export function worse(a: Measures, b: Measures): Measures {
  const [most] = [a, b].sort((x, y) => y.week_minutes - y.limit_week_minutes - (x.week_minutes - x.limit_week_minutes));
  return {
    declared: a.declared && b.declared,
    past: a.past || b.past,
    person_active: a.person_active && b.person_active,
    double_booked: a.double_booked || b.double_booked,
    rest_minutes: Math.min(a.rest_minutes, b.rest_minutes),
    limit_rest_minutes: a.limit_rest_minutes,
    day_minutes: Math.max(a.day_minutes, b.day_minutes),
    limit_day_minutes: a.limit_day_minutes,
    run_days: Math.max(a.run_days, b.run_days),
    limit_run_days: a.limit_run_days,
    skilled: a.skilled && b.skilled,
    certified: a.certified && b.certified,
    away: a.away || b.away,
    consent_missing: a.consent_missing || b.consent_missing,
    busy: a.busy || b.busy,
    own_site: a.own_site && b.own_site,
    week_minutes: most?.week_minutes ?? a.week_minutes,
    limit_week_minutes: most?.limit_week_minutes ?? a.limit_week_minutes,
    needed: a.needed && b.needed,
  };
}
