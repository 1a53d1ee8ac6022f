/** What is in force, in plain words, with the levels of today. */
import { explain } from '../../gate/explain.ts';
import type { Handbook } from '../../kernel/handbook.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { World } from '../world.ts';
import { AmendmentError } from './propose.ts';

/** @throws AmendmentError `not_ratified` */
export function handbook(world: World, org: OrgId): Promise<Handbook> {
  return world.store.tx(org, async (tx) => {
    const inForce = await world.amendments.inForce(tx);
    if (!inForce)
      throw new AmendmentError('not_ratified', 'Nothing is in force yet that could be explained: `charter constitution ratify --as OWNER` begins it.');
    const levels = (await world.amendments.levels(tx)).map(({ agent, level }) => [agent, level] as const);
    return explain(inForce.bundle, world.constitution(org), Object.fromEntries(levels));
  });
}
