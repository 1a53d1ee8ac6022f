/**
 * What people are told of their own shifts. Whoever is planned by their own word is asked (`consents.ts`, article S8); whoever gives a shift
 * up is planned for nothing, and a no of theirs would keep two shifts at once, or too little rest, on the rota: they are told.
 */
import type { PersonId } from '../kernel/ids.ts';
import { addDays, localTime, type LocalDate } from '../kernel/time.ts';
import type { Tx } from './ports.ts';
import type { World } from './world.ts';

const TOLD_DAYS = 14; // it is to be read by whoever comes back from a holiday, and then it is old

/** A change of somebody's shifts without their own word on it. `key` is the proposal that made it. */
export interface ToldChange {
  readonly key: string;
  readonly person: PersonId;
  readonly what: string; // which shift goes to whom, which comes from whom
  readonly until: LocalDate; // the last day that it is about
}

export interface RotaTold {
  /** What was told after one day and is about another one or a later one; the soonest first. */
  list(tx: Tx, after: LocalDate, about: LocalDate): Promise<readonly ToldChange[]>;
}

/** What is still to be read. */
export async function toldNow(world: World, tx: Tx): Promise<readonly ToldChange[]> {
  const today = localTime((await tx.times()).business, world.settings(tx.org).zone).date;
  return world.told.list(tx, addDays(today, -TOLD_DAYS), today);
}
