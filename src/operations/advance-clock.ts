/** `charter clock advance`: day by day, each with its cut-off, the bank's answer, and the reviews of every domain. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LONGEST_STEP_MS, stepClock, type Stepped } from '../activities/clock.ts';
import { beginReview } from '../activities/triggers.ts';
import type { Outputs } from '../client.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Installation } from './installation.ts';

const REVIEWS_MS = 20_000; // of one day; they go on after it, and the day does not wait for them
const SETTLING_MS = 5_000; // for what reviews proposed: a payment that needs nobody is instructed before its cut-off
const POLL_MS = 100;

/** @param ms at most 31 days */
export async function advanceClock(installation: Installation, ms: number, by: PersonId | 'operator'): Promise<Outputs['advance_clock']> {
  const { world, org, domains } = installation;
  const sent: string[] = [];
  let filed = 0;
  for (let left = ms; ; left -= LONGEST_STEP_MS) {
    const stepped = await stepClock(world, org, Math.min(left, LONGEST_STEP_MS), by, domains);
    sent.push(...stepped.sent);
    filed += stepped.filed;
    await reviewed(installation, stepped);
    if (left <= LONGEST_STEP_MS) return { business: stepped.business, sent, filed };
  }
}

async function reviewed({ world, org, views, ...installation }: Installation, { reviews }: Stepped): Promise<void> {
  for (const { domain, run, trigger } of reviews) await beginReview(world, org, domain, run, trigger);
  const all = Promise.allSettled(reviews.map(({ domain, run }) => installation.reviewed(domain, run)));
  await Promise.race([all, sleep(REVIEWS_MS, undefined, { ref: false })]);
  for (const end = Date.now() + SETTLING_MS; Date.now() < end; await sleep(POLL_MS)) if ((await views.underWay(org)) === 0) return;
}
