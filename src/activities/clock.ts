/** The example's business clock: moved by hand, and what falls due on the way is done. */
import type { OrgId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { housekeeping } from './housekeeping.ts';
import { record, type World } from './world.ts';

export interface Advanced {
  readonly business: Instant;
  readonly sent: readonly string[]; // payment files that left
  readonly filed: number; // records that came in, the example bank's answer among them
}

/** Moves the clock, sends what its cut-offs let out, has the example bank answer, files the answer, and reviews it. */
export async function advanceClock(world: World, org: OrgId, ms: number, by: string): Promise<Advanced> {
  const before = await world.store.tx(org, async (tx) => {
    const from = await tx.times();
    await tx.advanceClock(ms);
    const to = await tx.times();
    await record(world, tx, {
      org,
      type: 'clock.advanced',
      key: [from.wall, ms],
      causes: [],
      correlation: 'clock',
      times: to,
      groups: {
        actor: { subject: by === 'operator' ? 'organization' : `person/${by}`, value: { by } },
        payload: { subject: 'organization', value: { from: from.business, to: to.business } },
      },
    });
    return { from, to };
  });
  await housekeeping(world, org);
  const sent = await world.exampleBank(org, before.from.business, before.to.business);
  const reviews = await housekeeping(world, org);
  await world.orchestrator.startReview(org, 'finance', `clock-${before.to.business}`);
  await world.orchestrator.wakeUpkeep(org);
  return { business: before.to.business, sent, filed: reviews.length };
}
