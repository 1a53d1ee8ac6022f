/** What has to be seen to whether or not anybody asks: payments at their cut-off, new records, and anything left standing. */
import { allHandlersFinished, condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { OrgId } from '../src/kernel/ids.ts';
import { woken } from './signals.ts';

const { tend } = proxyActivities<Activities>({ startToCloseTimeout: '2m', heartbeatTimeout: '8s', retry: { initialInterval: '1s', maximumInterval: '30s' } });

const EVERY = '10s'; // a changed record is reviewed within a minute; a wake does it at once
const ROUNDS = 500; // then a new history

export async function upkeep(org: OrgId): Promise<void> {
  let stirred = false;
  setHandler(woken, () => void (stirred = true));
  for (let round = 0; round < ROUNDS && !workflowInfo().continueAsNewSuggested; round++) {
    stirred = false;
    await tend(org);
    await condition(() => stirred, EVERY);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof upkeep>(org);
}
