/** What was called wrong, undone step by step, the last effect first: each by an action of its own that the gate judges. Only ids travel. */
import { condition, continueAsNew, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { OrgId, ProposalId, RollbackId } from '../src/kernel/ids.ts';
import { begin } from './review.ts';
import { woken } from './signals.ts';

const { stepRollback } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '8s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

const MOST_ROUNDS = 50; // in one history; each waking is one
const UNSEEN = '1h'; // for people who decide about a compensation; one whose end was not seen here wakes it by the sweep

export async function rollback(org: OrgId, id: RollbackId): Promise<void> {
  let stirred = false;
  const wake = () => void (stirred = true);
  setHandler(woken, wake);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    stirred = false;
    const step = await stepRollback(org, id);
    if (step.next === 'ended') return;
    if (step.next === 'begin') await watch(org, step.proposal, wake);
    await condition(() => stirred, step.next === 'wait' ? step.waitMs : UNSEEN);
  }
  await continueAsNew<typeof rollback>(org, id);
}

/** Begins it where it does not run, and wakes when it is over. */
async function watch(org: OrgId, proposal: ProposalId, wake: () => void): Promise<void> {
  const child = await begin(org, proposal);
  void child?.result().then(wake, wake); // however it ends, the rows say what came of it
}
