/** One proposal, from its first judgment to its receipt. Only ids travel; facts and votes stay in PostgreSQL. */
import { condition, continueAsNew, isCancellation, proxyLocalActivities, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../src/activities/activities.ts';
import type { OrgId, ProposalId } from '../src/kernel/ids.ts';
import type { Outcome } from '../src/kernel/nouns.ts';
import { woken } from './signals.ts';

// Three tries within two seconds, then the regular queue: a local activity that keeps retrying holds up everything else.
const local = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '12s',
  retry: { maximumAttempts: 3, initialInterval: '200ms', maximumInterval: '800ms' },
});
const queued = proxyActivities<Activities>({ startToCloseTimeout: '30s', heartbeatTimeout: '8s', retry: { initialInterval: '1s', maximumInterval: '30s' } });

type Stages = Pick<Activities, 'judge' | 'issueWarrant' | 'commitIntent' | 'perform'>;

const MOST_ROUNDS = 50; // of judging in one history; each waking is one

/** @param first round of this history: one that was woken often goes on in a new one */
export async function action(org: OrgId, proposal: ProposalId, first = 1): Promise<Outcome | 'handed'> {
  let stirred = false;
  setHandler(woken, () => void (stirred = true));
  for (let round = first; round < first + MOST_ROUNDS; round++) {
    stirred = false;
    const step = await steady((stages) => stages.judge(org, proposal, round));
    if (step.next === 'closed') return step.outcome;
    if (step.next === 'handed') return step.next; // the tool is the caller's, who fetches the warrant: then it is judged once more
    if (step.next === 'wait') {
      if (!step.known) await condition(() => stirred, step.waitMs); // a vote, a halt, or the end of its time: judged again in any case
      continue;
    }
    const warrant = await steady((stages) => stages.issueWarrant(org, proposal, step.decision, round));
    const intent = await steady((stages) => stages.commitIntent(org, proposal, warrant));
    if (intent.state === 'closed') return intent.outcome;
    if (intent.state === 'committed') return steady((stages) => stages.perform(org, proposal));
  }
  return continueAsNew<typeof action>(org, proposal, first + MOST_ROUNDS);
}

/**
 * A stage as a local activity; where that fails thrice, as a regular one that waits for the database to come back. Each
 * stage looks its key up first: what a lost try did commit is found, not done again.
 */
async function steady<T>(stage: (stages: Stages) => Promise<T>): Promise<T> {
  try {
    return await stage(local);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return stage(queued);
  }
}
