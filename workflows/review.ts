/** One review of one domain: what has drifted is asked about, and what is proposed goes its own way. */
import { ParentClosePolicy, proxyActivities, startChild, workflowInfo, WorkflowIdReusePolicy, type ChildWorkflowHandle } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../src/activities/activities.ts';
import type { AskId, Domain, OrgId, ProposalId } from '../src/kernel/ids.ts';
import { action } from './action.ts';

const { reconcile, deliberate } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '8s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

const AT_ONCE = 4; // deliberations of one review; the playbook is quick, and the database is shared

export interface ReviewResult {
  readonly drifts: number;
  readonly asks: number;
  readonly proposals: number;
}

/** @param run names this review; a second one under the same name asks nothing anew. A schedule names none: each of its runs is new. */
export async function review(org: OrgId, domain: Domain, run: string = workflowInfo().workflowId): Promise<ReviewResult> {
  const { asks, drifts } = await reconcile(org, domain, run);
  let proposals = 0;
  for (let from = 0; from < asks.length; from += AT_ONCE) {
    const batch = await Promise.all(asks.slice(from, from + AT_ONCE).map((ask) => askAgent(org, ask)));
    proposals += batch.reduce((total, count) => total + count, 0);
  }
  return { drifts, asks: asks.length, proposals };
}

/**
 * One ask, and whatever its agent asks of others: an agent stands in a chain once, so it ends. Older versions made proposals alone,
 * whose ids are no asks, and their histories go on as they were. @returns how many proposals came of it
 */
export async function askAgent(org: OrgId, ask: AskId): Promise<number> {
  const made = await deliberate(org, ask);
  const counts = await Promise.all(made.map((id) => (isAsk(id) ? askAgent(org, id) : begin(org, id).then(() => 1))));
  return counts.reduce((total, count) => total + count, 0);
}

const isAsk = (id: AskId | ProposalId): id is AskId => id.startsWith('ask-');

/** Each proposal is a workflow of its own, that outlives whoever begins it. One that runs already is left alone. @returns the one that was begun */
export async function begin(org: OrgId, proposal: ProposalId): Promise<ChildWorkflowHandle<typeof action> | undefined> {
  try {
    return await startChild(action, {
      workflowId: `${org}/action/${proposal}`,
      args: [org, proposal],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}
