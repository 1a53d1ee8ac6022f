/** The first ratification: the files as they are, by the word of an owner; of an example, by nobody's. After it, there are amendments. */
import { compile, ConstitutionError, digestOf, type Bundle } from '../../gate/constitution.ts';
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

/**
 * In a development ledger: what the files say is in force, by nobody's word. What cannot be read or compiled is not; what was in force before is.
 * @returns what is wrong with the draft; undefined where it is in force now
 */
export async function putDraft(world: World, org: OrgId): Promise<string | undefined> {
  const { bundle, problems } = await world.drafts.read();
  const wrong = problems.length > 0 ? problems.join('\n') : doesNotCompile(bundle);
  if (wrong !== undefined) return wrong;
  await world.store.tx(org, async (tx) => {
    await tx.lock(['amendments']);
    const there = await world.amendments.inForce(tx);
    if (there?.digest === digestOf(bundle)) return;
    await declare(world, tx, bundle, digestOf(bundle));
    await putRatified(world, tx, bundle, 'operator', [], 'constitution');
  });
  return undefined;
}

function doesNotCompile(bundle: Bundle): string | undefined {
  try {
    compile(bundle);
    return undefined;
  } catch (error) {
    if (error instanceof ConstitutionError) return error.message;
    throw error;
  }
}
