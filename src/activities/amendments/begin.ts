/** The first ratification: the files as they are, by the word of an owner; of an example, by nobody's. After it, there are amendments. */
import { digestOf, type Bundle } from '../../gate/constitution.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { OrgId, PersonId } from '../../kernel/ids.ts';
import type { World } from '../world.ts';
import { declare } from './declared.ts';
import { AmendmentError, checkDraft } from './propose.ts';
import { putRatified } from './weigh.ts';

/** @throws AmendmentError `draft_refused` */
export async function beginWith(world: World, org: OrgId, by: PersonId): Promise<Digest> {
  const { bundle, findings } = await checkDraft(world, org);
  if (findings.problems.length > 0)
    throw new AmendmentError('draft_refused', `The constitution cannot be put in force:\n${findings.problems.map((problem) => `- ${problem}`).join('\n')}`);
  return putFirst(world, org, bundle, by);
}

/** Where something is in force already it stays; two that begin at once put one thing in force. */
export function putFirst(world: World, org: OrgId, bundle: Bundle, by: PersonId | 'operator'): Promise<Digest> {
  return world.store.tx(org, async (tx) => {
    await tx.lock(['amendments']);
    const there = await world.amendments.inForce(tx);
    if (there) return there.digest;
    await declare(world, tx, bundle, digestOf(bundle));
    await putRatified(world, tx, bundle, by, [], 'constitution');
    return digestOf(bundle);
  });
}
