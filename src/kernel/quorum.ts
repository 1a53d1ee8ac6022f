/** How far a question has come: one person counts once, in one of the roles that were asked. */
import type { Need, Role } from './nouns.ts';

type Place = Pick<Need, 'role' | 'quorum'>;

/** Somebody whose word counts, in any one of these roles. */
export interface Holder {
  readonly roles: readonly Role[];
}

/**
 * How many places of each need are filled, with people given to places so that as many as possible are: Kuhn's algorithm for a
 * matching (Naval Research Logistics Quarterly 2, 1955). A need is met where its count is its quorum.
 */
export function met(needs: readonly Place[], holders: readonly Holder[]): ReadonlyMap<Role, number> {
  const places = needs.flatMap(({ role, quorum }) => Array.from({ length: quorum }, () => role));
  const taken = new Map<number, Holder>(); // place -> who fills it
  const seat = (holder: Holder, tried: Set<number>): boolean =>
    places.some((role, place) => {
      if (tried.has(place) || !holder.roles.includes(role)) return false;
      tried.add(place);
      const sits = taken.get(place);
      if (sits !== undefined && !seat(sits, tried)) return false;
      taken.set(place, holder);
      return true;
    });
  for (const holder of holders) seat(holder, new Set());
  const counts = new Map(needs.map(({ role }) => [role, 0]));
  places.forEach((role, place) => taken.has(place) && counts.set(role, (counts.get(role) ?? 0) + 1));
  return counts;
}

/** Whether one more person would fill a place that is open, others moving up. */
export function helps(needs: readonly Place[], holders: readonly Holder[], another: Holder): boolean {
  const filled = (all: readonly Holder[]) => [...met(needs, all).values()].reduce((sum, count) => sum + count, 0);
  return filled([...holders, another]) > filled(holders);
}

/** A decline of somebody, in the roles that they hold of those that were asked. */
type Decline = Holder;

/** How many declined in a role. Everybody counts in each of their roles: to refuse takes no place. */
export const declined = ({ role }: Pick<Need, 'role'>, declines: readonly Decline[]): number => declines.filter(({ roles }) => roles.includes(role)).length;

/** How many declines end it. */
export const ending = ({ declines }: Pick<Need, 'declines'>): number => declines ?? 1;

/** The need whose declines have come to their number, if any has. */
export const refusedBy = <N extends Pick<Need, 'role' | 'declines'>>(needs: readonly N[], declines: readonly Decline[]): N | undefined =>
  needs.find((need) => declined(need, declines) >= ending(need));

/** What is still open of each need; needs that are met are left out. */
export function open<N extends Place>(needs: readonly N[], holders: readonly Holder[]): readonly (N & { readonly missing: number })[] {
  const filled = met(needs, holders);
  return needs.flatMap((need) => {
    const missing = need.quorum - (filled.get(need.role) ?? 0);
    return missing > 0 ? [{ ...need, missing }] : [];
  });
}
