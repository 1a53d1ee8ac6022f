/** What Temporal itself costs: as many local activities as a governed action has, and nothing in them. */
import { proxyLocalActivities } from '@temporalio/workflow';

const { nothing } = proxyLocalActivities<{ nothing(step: string): Promise<string> }>({ startToCloseTimeout: '10s' });

export async function bare(): Promise<string> {
  let last = '';
  for (const step of ['judge', 'warrant', 'intent', 'perform']) last = await nothing(step);
  return last;
}
