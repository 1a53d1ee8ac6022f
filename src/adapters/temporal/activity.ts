/** The activity that is running, seen from inside of it. */
import { asyncLocalStorage } from '@temporalio/activity';

/** The workflow on whose behalf something is done here; empty outside of an activity. */
export function workflowNow(): { readonly workflow?: string } {
  const workflow = asyncLocalStorage.getStore()?.info.workflowExecution?.workflowId;
  return workflow === undefined ? {} : { workflow };
}
