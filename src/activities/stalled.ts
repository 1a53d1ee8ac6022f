/** Stages that keep failing, for people to see. What is retried for ever in silence would be a payment that nobody misses in time. */
import { OrgId } from '../kernel/ids.ts';
import { troubleOf, wordsOf, type Trouble } from '../kernel/trouble.ts';
import type { World } from './world.ts';

/** Where the database itself is gone nothing can be kept: `/readyz` and `charter doctor` tell that. */
export const keepStalled =
  (world: World, failed: (error: unknown) => void) =>
  async (
    { org, stage, subject, tries }: { readonly org: string; readonly stage: string; readonly subject: string; readonly tries: number },
    error: unknown,
  ): Promise<void> => {
    try {
      const said = error === undefined ? null : wordsOf(error);
      await world.store.tx(OrgId.parse(org), async (tx) => tx.noteStalled(stage, subject, tries, said, (await tx.times()).wall));
    } catch (lost) {
      failed(lost);
    }
  };

const MOST_TOLD = 20; // of one stage in one round; whoever mends these sees the others after

/** Tells of what could not be done in this round, beside what could. @throws where the database is gone */
export async function tell(world: World, org: OrgId, stage: string, troubles: readonly Trouble[]): Promise<void> {
  if (troubles.length === 0) return;
  await world.store.tx(org, async (tx) => {
    const at = (await tx.times()).wall;
    for (const { subject, reason } of troubles.slice(0, MOST_TOLD)) await tx.noteStalled(stage, subject, null, wordsOf(reason), at);
  });
}

/**
 * A step that may not stop the others of its round: where it fails that is told, and the next round tries it again.
 * @returns what the step gave, or undefined
 * @throws where the database is gone: then nothing can be told, and no other step would fare better
 */
export async function step<T>(world: World, org: OrgId, stage: string, subject: string, work: () => Promise<T>): Promise<T | undefined> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await tell(world, org, stage, [troubleOf(subject, error)]);
    return undefined;
  }
  await world.store.tx(org, async (tx) => tx.noteStalled(stage, subject, 0, null, (await tx.times()).wall));
  return result;
}
