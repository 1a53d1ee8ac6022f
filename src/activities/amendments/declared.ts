/** What the organization's files say beside the articles: limits, grants and terms. What is narrower holds at once, and is told. */
import type { Bundle } from '../../gate/constitution.ts';
import type { EventId, PersonId } from '../../kernel/ids.ts';
import type { Tx } from '../ports.ts';
import { record, type World } from '../world.ts';

/** In words that name no more than ids. */
export interface Told {
  readonly changes: readonly string[]; // hold from now on
  readonly waiting: readonly string[]; // are in the files, and wait for the owners
}

/** @param digest of the files, or of what was put to the vote. @param by the owner who changed the files; null where they were found changed */
export async function recordOrganization(
  world: World,
  tx: Tx,
  type: 'organization.loaded' | 'organization.changed',
  digest: string,
  told: Told,
  by: PersonId | null = null,
): Promise<EventId> {
  const times = await tx.times();
  await tx.forgetDrifts(['denied'], null, times.wall); // others may decide now, or a limit is another
  return record(world, tx, {
    org: tx.org,
    type,
    key: type === 'organization.loaded' ? [digest] : [digest, times.wall],
    causes: [],
    correlation: 'organization',
    times,
    groups: {
      ...(by === null ? {} : { actor: { subject: `person/${by}`, value: { person: by } } }),
      payload: { subject: 'organization', value: { digest, changes: [...told.changes], waiting: [...told.waiting] } },
    },
  });
}

/** A draft is what the files declare as of now: it is ratified up to this, and never beyond what they say later. */
export async function declare(world: World, tx: Tx, { limits, grants, terms }: Bundle, digest: string): Promise<void> {
  if (!limits || !grants || !terms) return;
  const told = await world.amendments.declare(tx, { limits, grants, terms });
  if (told.changes.length > 0) await recordOrganization(world, tx, 'organization.changed', digest, told);
}
