/** The example's business clock: moved by hand, and what falls due on the way is done. */
import type { Domain, OrgId, PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { housekeeping, type DueReview } from './housekeeping.ts';
import { record, type World } from './world.ts';

export const LONGEST_STEP_MS = 86_400_000; // a day: a longer way is walked day by day, so that no cut-off and no review is passed over

export interface Stepped {
  readonly business: Instant;
  readonly sent: readonly string[]; // payment files that left
  readonly filed: number; // domains whose records changed, by the example bank's answer among others
  readonly reviews: readonly DueReview[]; // of every domain that is reviewed
}

/** Moves the clock by at most a day, sends what its cut-offs let out, has the example bank answer, and files the answer. */
export async function stepClock(world: World, org: OrgId, ms: number, by: PersonId | 'operator', domains: readonly Domain[]): Promise<Stepped> {
  const { from, to, event } = await world.store.tx(org, async (tx) => {
    const before = await tx.times();
    await tx.advanceClock(ms);
    const after = await tx.times();
    const moved = await record(world, tx, {
      org,
      type: 'clock.advanced',
      key: [before.wall, before.business, ms],
      causes: [],
      correlation: 'clock',
      times: after,
      groups: {
        actor: { subject: by === 'operator' ? 'organization' : `person/${by}`, value: { by } },
        payload: { subject: 'organization', value: { from: before.business, to: after.business } },
      },
    });
    return { from: before.business, to: after.business, event: moved };
  });
  await housekeeping(world, org);
  const sent = await world.exampleBank(org, from, to);
  const changed = await housekeeping(world, org);
  const causes = (domain: Domain) => [event, ...changed.filter((review) => review.domain === domain).flatMap(({ trigger }) => trigger.causes)];
  const reviews = domains.map((domain) => ({ domain, run: `clock-${to}`, trigger: { kind: 'clock' as const, by, causes: causes(domain) } }));
  await world.orchestrator.wakeUpkeep(org);
  return { business: to, sent, filed: changed.length, reviews };
}
