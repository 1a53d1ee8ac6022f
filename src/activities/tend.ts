/** One round of upkeep: files what was dropped, sends what is due, wakes what stands still, escalates what is about to expire, and schedules the reviews to come. */
import { z } from 'zod';
import type { OrgId } from '../kernel/ids.ts';
import { escalateLate } from './attention.ts';
import { housekeeping } from './housekeeping.ts';
import { noteKeys } from './keys.ts';
import { forgetAdmitted } from './service/admit.ts';
import { sendWord } from './service/notify.ts';
import { step } from './stalled.ts';
import { wakeStale } from './amendments/stale.ts';
import { beginReview } from './triggers.ts';
import { keepLastWeek } from './weeks.ts';
import type { World } from './world.ts';

export const Tended = z.strictObject({ reviews: z.int(), woken: z.int(), escalated: z.int() });
export type Tended = z.infer<typeof Tended>;

/** Safe at any time and any number of times: each of its parts finds what is done already, and none stops another. */
export async function tend(world: World, org: OrgId): Promise<Tended> {
  const reviews = await housekeeping(world, org);
  for (const { domain, run, trigger } of reviews) await step(world, org, 'start_review', domain, () => beginReview(world, org, domain, run, trigger));
  const [stuck, threads, amendments, rollbacks] = await world.store.tx(
    org,
    async (tx) => [await tx.stuckProposals(), await tx.waitingConversations(), await world.amendments.stuck(tx), await tx.rollbacks.stuck()] as const,
  );
  await step(world, org, 'wake_actions', 'actions', async () => {
    for (const proposal of stuck) await world.orchestrator.wakeAction(org, proposal);
  });
  await step(world, org, 'wake_conversations', 'conversations', async () => {
    for (const thread of threads) await world.orchestrator.wakeConversation(org, thread);
  });
  await step(world, org, 'wake_amendments', 'amendments', async () => {
    for (const amendment of amendments) await world.orchestrator.wakeAmendment(org, amendment);
  });
  await step(world, org, 'wake_rollbacks', 'rollbacks', async () => {
    for (const rollback of rollbacks) await world.orchestrator.wakeRollback(org, rollback);
  });
  await step(world, org, 'schedule_reviews', 'reviews', () => world.extendSchedules(org));
  await step(world, org, 'note_keys', 'keys', () => noteKeys(world, org));
  const stale = await step(world, org, 'judge_anew', 'tasks', () => wakeStale(world, org, false));
  await step(world, org, 'report_week', 'levels', () => keepLastWeek(world, org));
  const escalated = await step(world, org, 'escalate', 'tasks', () => escalateLate(world, org));
  await step(world, org, 'send_words', 'actions', () => sendWord(world, org));
  await step(world, org, 'forget_calls', 'calls', () => forgetAdmitted(world, org));
  return { reviews: reviews.length, woken: stuck.length + threads.length + amendments.length + rollbacks.length + (stale ?? 0), escalated: escalated ?? 0 };
}

/** After Temporal's state was lost, or at any start: every open action, amendment and rollback runs again, from its rows. */
export async function restore(world: World, org: OrgId): Promise<number> {
  const [open, threads, amendments, rollbacks] = await world.store.tx(
    org,
    async (tx) => [await tx.openProposals(), await tx.waitingConversations(), await world.amendments.open(tx), await tx.rollbacks.open()] as const,
  );
  for (const { id } of open) await world.orchestrator.wakeAction(org, id);
  for (const thread of threads) await world.orchestrator.wakeConversation(org, thread);
  for (const amendment of amendments) await world.orchestrator.wakeAmendment(org, amendment);
  for (const rollback of rollbacks) await world.orchestrator.wakeRollback(org, rollback);
  await world.orchestrator.wakeUpkeep(org);
  return open.length + threads.length + amendments.length + rollbacks.length;
}
