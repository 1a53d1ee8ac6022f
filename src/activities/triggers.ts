/** What a review begins with: a person, records that changed, the clock. A Schedule's review has no event before its own. */
import type { Domain, EventId, OrgId, PersonId } from '../kernel/ids.ts';
import { eventId } from '../ledger/seal.ts';
import { once, record, type World } from './world.ts';
import { z } from 'zod';

export interface Trigger {
  readonly kind: 'person' | 'records' | 'clock';
  readonly by: PersonId | 'operator' | null;
  readonly causes: readonly EventId[];
}

const MOST_CAUSES = 100; // files of one round; the others are in the log beside them

/** Keeps why a review begins, then begins it. The same name again keeps nothing more and begins nothing twice. */
export async function beginReview(world: World, org: OrgId, domain: Domain, run: string, trigger: Trigger): Promise<void> {
  await world.store.tx(org, (tx) =>
    once(
      tx,
      ['trigger', domain, run],
      { domain, run },
      (stored) => z.string().parse(stored),
      async () =>
        record(world, tx, {
          org,
          type: 'review.asked',
          key: [domain, run],
          causes: trigger.causes.slice(0, MOST_CAUSES),
          correlation: `review/${domain}/${run}`,
          times: await tx.times(),
          groups: {
            actor: { subject: trigger.by === null || trigger.by === 'operator' ? 'organization' : `person/${trigger.by}`, value: { by: trigger.by } },
            payload: { subject: 'organization', value: { domain, trigger: trigger.kind } },
          },
        }),
    ),
  );
  await world.orchestrator.startReview(org, domain, run);
}

/** The event before a review, where there is one. */
export const triggerOf = (org: OrgId, domain: Domain, run: string): EventId => eventId({ org, type: 'review.asked', key: [domain, run] });
