/**
 * What waits -> cards. New ones are bounded for a person and business day; what is over the bound waits in a group, and becomes a card
 * on a later day in order of money and expiry. Nothing is dropped: a group is opened and decided one by one. Pure.
 */
import type { PersonId, ProposalId } from '../kernel/ids.ts';
import type { LocalDate } from '../kernel/time.ts';

/** A task that waits, as far as its place matters. */
export interface Waits {
  readonly id: ProposalId;
  readonly eligible: readonly PersonId[]; // who may still vote
  readonly escalated: boolean;
  readonly nudged: readonly PersonId[]; // asked by name
  readonly minor: number; // the money it moves
  readonly expiresAt: string;
}

/** A card that a person was shown first on some day, whatever became of it since. */
export interface Shown {
  readonly person: PersonId;
  readonly proposal: ProposalId;
  readonly day: LocalDate;
  readonly urgent: boolean;
}

export interface NewCard {
  readonly proposal: ProposalId;
  readonly urgent: boolean;
}

/** The most money first, of equals what expires first. */
export const inOrder = (a: Waits, b: Waits): number =>
  b.minor - a.minor || (a.expiresAt < b.expiresAt ? -1 : a.expiresAt > b.expiresAt ? 1 : a.id < b.id ? -1 : 1);

/** The bounds of a day. Urgent cards have a bound of their own, so that neither a flood nor a full day hides what is about to expire. */
export interface Day {
  readonly today: LocalDate;
  readonly perDay: number;
}

/** What becomes a card for a person today and was none before. */
export function newCards(person: PersonId, tasks: readonly Waits[], shown: readonly Shown[], { today, perDay }: Day): readonly NewCard[] {
  const own = shown.filter((card) => card.person === person);
  const known = new Set(own.map(({ proposal }) => proposal));
  const fresh = tasks.filter(({ id, eligible }) => eligible.includes(person) && !known.has(id)).sort(inOrder);
  const isUrgent = ({ escalated, nudged }: Waits) => escalated || nudged.includes(person);
  const left = (urgent: boolean) => Math.max(0, perDay - own.filter((card) => card.day === today && card.urgent === urgent).length);
  return [true, false].flatMap((urgent) =>
    fresh
      .filter((task) => isUrgent(task) === urgent)
      .slice(0, left(urgent))
      .map(({ id }) => ({ proposal: id, urgent })),
  );
}

/** What waits in a group: for a reader who may decide it, beyond the reader's own bound; for others, beyond everybody's. */
export function grouped(reader: PersonId | null, tasks: readonly Waits[], shown: readonly Shown[], day: Day): ReadonlySet<ProposalId> {
  const people = [...new Set(tasks.flatMap(({ eligible }) => eligible))];
  const key = (person: PersonId, proposal: ProposalId) => `${person}/${proposal}`;
  const cards = new Set([
    ...shown.map(({ person, proposal }) => key(person, proposal)),
    ...people.flatMap((person) => newCards(person, tasks, shown, day).map(({ proposal }) => key(person, proposal))),
  ]);
  const beyond = ({ id, eligible }: Waits): boolean => {
    const whose = reader !== null && eligible.includes(reader) ? [reader] : eligible;
    return whose.length > 0 && !whose.some((person) => cards.has(key(person, id)));
  };
  return new Set(tasks.filter(beyond).map(({ id }) => id));
}
