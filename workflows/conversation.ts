/** One thread of talk. Turns are rows; a signal only wakes. Ends when it has been quiet, and begins again with the next turn. */
import { allHandlersFinished, condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { OrgId } from '../src/kernel/ids.ts';
import { askAgent, begin } from './review.ts';
import { woken } from './signals.ts';

const { takeTurn } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '8s',
  taskQueue: 'charter-models',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

export async function conversation(org: OrgId, thread: string): Promise<void> {
  let stirred = true;
  let asked = Promise.resolve(); // other agents; a person's next turn does not wait for them
  setHandler(woken, () => void (stirred = true));
  while (await condition(() => stirred, '10m')) {
    stirred = false;
    for (let turn = await takeTurn(org, thread); turn; turn = await takeTurn(org, thread)) {
      const { proposals, asks = [] } = turn; // a turn that an older version took has none
      asked = Promise.all([asked, ...asks.map((ask) => askAgent(org, ask))]).then(() => undefined);
      await Promise.all(proposals.map((proposal) => begin(org, proposal)));
    }
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await asked;
      await continueAsNew<typeof conversation>(org, thread);
    }
  }
  await asked;
}
