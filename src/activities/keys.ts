/** A rotation of the installation's keys, put on record by whichever round of upkeep sees it first. */
import type { OrgId } from '../kernel/ids.ts';
import { digest } from '../kernel/digest.ts';
import { record, type World } from './world.ts';

/** The keys that there are when an organization begins are no rotation. @returns how many are new since it was looked last */
export async function noteKeys(world: World, org: OrgId): Promise<number> {
  const cards = await world.keyCards();
  return world.store.tx(org, async (tx) => {
    await tx.lock(['keys']);
    const known = await tx.knownKeys();
    const fresh = cards.filter(({ kid }) => !known.includes(kid));
    if (fresh.length === 0) return 0;
    await tx.knowKeys(fresh);
    if (known.length === 0) return fresh.length;
    const counting = cards.filter(({ until }) => until !== null).map(({ purpose, kid, until }) => ({ purpose, kid, until }));
    await record(world, tx, {
      org,
      type: 'keys.rotated',
      key: [digest(fresh.map(({ kid }) => kid).sort())],
      causes: [],
      correlation: 'organization',
      times: await tx.times(),
      groups: {
        payload: { subject: 'organization', value: { from: fresh[0]?.from ?? '', keys: fresh.map(({ purpose, kid }) => ({ purpose, kid })), counting } },
      },
    });
    return fresh.length;
  });
}
