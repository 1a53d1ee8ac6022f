/** After a swap: what waits for people under articles that have changed is judged again, and its votes become void, with the reason. */
import type { OrgId } from '../../kernel/ids.ts';
import type { World } from '../world.ts';

/**
 * Only those whose own slice changed; the others keep their votes. Gives how many were woken.
 * @param all limits, grants or terms changed: what is asked of people may be less or more for any of them, and no vote is void by it
 */
export async function wakeStale(world: World, org: OrgId, all: boolean): Promise<number> {
  const waiting = await world.store.tx(org, (tx) => world.amendments.waiting(tx));
  if (waiting.length === 0) return 0;
  const constitution = world.constitution(org);
  const stale = waiting.filter(({ tool, slice }) => all || constitution.slice(tool) !== slice);
  for (const { id } of stale) await world.orchestrator.wakeAction(org, id);
  return stale.length;
}
