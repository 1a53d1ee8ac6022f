/** One amendment: checked, then open to the owners' votes until it is ratified, declined or out of time. Only ids travel. */
import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { AmendmentId, OrgId } from '../src/kernel/ids.ts';
import type { AmendmentState } from '../src/kernel/amendment.ts';
import { woken } from './signals.ts';

const { checkAmendment, weighAmendment } = proxyActivities<Activities>({
  startToCloseTimeout: '5m', // the check replays recorded decisions in a process of its own
  heartbeatTimeout: '8s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

const MOST_ROUNDS = 50; // of counting in one history; each waking is one

export async function amendment(org: OrgId, id: AmendmentId): Promise<AmendmentState> {
  let stirred = false;
  setHandler(woken, () => void (stirred = true));
  const checked = await checkAmendment(org, id);
  if (checked.next === 'closed') return checked.state;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    stirred = false;
    const step = await weighAmendment(org, id); // at once too: after Temporal's state was lost the votes may be there already
    if (step.next === 'closed') return step.state;
    await condition(() => stirred, step.waitMs);
  }
  return continueAsNew<typeof amendment>(org, id); // checked once: the next history finds it
}
