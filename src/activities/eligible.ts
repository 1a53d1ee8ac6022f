/** Who may decide what waits: active people who hold a role that is asked for, and never whoever asked. */
import type { PersonId } from '../kernel/ids.ts';
import type { Need, Role } from '../kernel/nouns.ts';
import type { Tx } from './ports.ts';

export interface ActivePerson {
  readonly id: PersonId;
  readonly roles: readonly Role[];
  readonly manager: PersonId | null;
}

export interface Electorate {
  readonly active: readonly ActivePerson[];
  readonly eligible: readonly ActivePerson[];
  readonly manager: PersonId | null; // of whoever asked
}

/** `manager` means the requester's own manager, or, where the organization itself asks, anybody who manages. */
export async function electorate(tx: Tx, requester: PersonId | null, needs: readonly Need[], barred: readonly string[]): Promise<Electorate> {
  const people = await tx.people();
  const manager = people.find(({ id }) => id === requester)?.manager ?? null;
  const roles = needs.map(({ role }) => role);
  const may = ({ id, roles: held }: ActivePerson) =>
    id !== requester &&
    !barred.includes(id) &&
    (held.some((role) => roles.includes(role) && (role !== 'manager' || requester === null)) || (roles.includes('manager') && id === manager));
  const active = people.filter(({ status }) => status === 'active');
  return { active, eligible: active.filter(may), manager };
}

/** `clara`, `emre`; or whom to give what. */
export const namesOf = (eligible: readonly ActivePerson[], needs: readonly Need[]): string =>
  eligible.length > 0
    ? eligible.map(({ id }) => `\`${id}\``).join(', ')
    : `nobody; give somebody the role ${needs.map(({ role }) => `\`${role}\``).join(' or ')}`;
