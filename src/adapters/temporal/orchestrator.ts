/** Temporal's client side: waking, starting, and the schedules of reviews. */
import {
  Client,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  type Connection,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Orchestrator } from '../../activities/ports.ts';
import type { Domain, OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';

export const TASK_QUEUE = 'charter';
export const MODEL_QUEUE = 'charter-models'; // model calls have slots of their own: they are slow, and nothing may wait behind them

export interface TemporalClient extends Orchestrator {
  readonly client: Client;
  /** Starts an action on this process's own connection; with a worker here, eagerly. */
  startAction(org: OrgId, proposal: string): Promise<void>;
  /** One schedule per domain, at these instants; replaces what it had. Without any the domain has no schedule. */
  scheduleReviews(org: OrgId, domain: Domain, at: readonly Instant[]): Promise<void>;
  /** The result of a review that was started, when it is there. */
  reviewResult(org: OrgId, domain: Domain, run: string): Promise<unknown>;
  /** Rejects where the server does not answer within two seconds. */
  answers(): Promise<void>;
  close(): Promise<void>;
}

/** What an app needs of Temporal. */
export type Workflows = Omit<TemporalClient, 'client' | 'startAction' | 'close'>;

/** @param connection of this process; a worker that shares it takes eagerly started workflows */
export function temporalClient(connection: Connection, namespace: string, dataConverter: DataConverter): TemporalClient {
  const client = new Client({ connection, namespace, dataConverter });
  const wake = (type: string, workflowId: string, args: unknown[]) =>
    client.workflow
      .signalWithStart(type, {
        workflowId,
        taskQueue: TASK_QUEUE,
        args,
        signal: 'woken',
        signalArgs: [],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      })
      .then(() => undefined);
  return {
    client,
    wakeAction: (org, proposal) => wake('action', `${org}/action/${proposal}`, [org, proposal]),
    wakeConversation: (org, thread) => wake('conversation', `${org}/conversation/${thread}`, [org, thread]),
    wakeAmendment: (org, amendment) => wake('amendment', `${org}/amendment/${amendment}`, [org, amendment]),
    wakeRollback: (org, rollback) => wake('rollback', `${org}/rollback/${rollback}`, [org, rollback]),
    wakeUpkeep: (org) => wake('upkeep', `${org}/upkeep`, [org]),
    async startAction(org, proposal) {
      await client.workflow.start('action', { workflowId: `${org}/action/${proposal}`, taskQueue: TASK_QUEUE, args: [org, proposal], requestEagerStart: true });
    },
    async startReview(org, domain, run) {
      try {
        await client.workflow.start('review', { workflowId: reviewId(org, domain, run), taskQueue: TASK_QUEUE, args: [org, domain, run] });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    reviewResult: (org, domain, run) => client.workflow.getHandle(reviewId(org, domain, run)).result(),
    scheduleReviews: (org, domain, at) => scheduleReviews(client, org, domain, at),
    answers: () => connection.withDeadline(Date.now() + 2_000, async () => void (await connection.workflowService.getSystemInfo({}))),
    close: () => connection.close(),
  };
}

const reviewId = (org: OrgId, domain: Domain, run: string): string => `${org}/review/${domain}/${run}`;

async function scheduleReviews(client: Client, org: OrgId, domain: Domain, at: readonly Instant[]): Promise<void> {
  const scheduleId = `${org}/review/${domain}`;
  const spec = { calendars: at.map(explicit) };
  const handle = client.schedule.getHandle(scheduleId);
  try {
    await (at.length === 0 ? handle.delete() : handle.update((previous) => ({ ...previous, spec })));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    if (at.length === 0) return;
    await client.schedule.create({
      scheduleId,
      spec,
      action: { type: 'startWorkflow', workflowType: 'review', taskQueue: TASK_QUEUE, workflowId: `${org}/review/${domain}/at`, args: [org, domain] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    });
  }
}

const MONTHS = ['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const;

/** One moment as a calendar of the schedule, in UTC. */
function explicit(at: Instant) {
  const time = new Date(at);
  return {
    year: time.getUTCFullYear(),
    month: MONTHS[time.getUTCMonth()] ?? 'JANUARY',
    dayOfMonth: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
  };
}
