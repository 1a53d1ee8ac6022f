/** One thread of talk. Turns are rows; a signal only wakes. Ends when it has been quiet, and begins again with the next turn. */
import { allHandlersFinished, condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { OrgId } from '../src/kernel/ids.ts';
import { begin } from './review.ts';
import { woken } from './signals.ts';

const { takeTurn } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '8s',
  taskQueue: 'charter-models',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

export async function conversation(org: OrgId, thread: string): Promise<void> {
  let stirred = true;
  setHandler(woken, () => void (stirred = true));
  while (await condition(() => stirred, '10m')) {
    stirred = false;
    for (let turn = await takeTurn(org, thread); turn; turn = await takeTurn(org, thread)) {
      await Promise.all(turn.proposals.map((proposal) => begin(org, proposal)));
    }
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof conversation>(org, thread);
    }
  }
}
