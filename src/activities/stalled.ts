/** Stages that keep failing, for people to see. What is retried for ever in silence would be a payment that nobody misses in time. */
import { OrgId } from '../kernel/ids.ts';
import type { World } from './world.ts';

const LONGEST_ERROR = 300; // characters

/** Where the database itself is gone nothing can be kept: `/readyz` and `charter doctor` tell that. */
export const keepStalled =
  (world: World, failed: (error: unknown) => void) =>
  async (
    { org, stage, subject, tries }: { readonly org: string; readonly stage: string; readonly subject: string; readonly tries: number },
    error: unknown,
  ): Promise<void> => {
    try {
      const said = error === undefined ? null : (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_ERROR);
      await world.store.tx(OrgId.parse(org), async (tx) => tx.noteStalled(stage, subject, tries, said, (await tx.times()).wall));
    } catch (lost) {
      failed(lost);
    }
  };
