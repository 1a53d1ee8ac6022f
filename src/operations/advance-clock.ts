/** `charter clock advance`: from stop to stop, past every cut-off, bank statement and review on the way, in their order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { stepClock, stopsBetween, type Stepped } from '../activities/clock.ts';
import { beginReview } from '../activities/triggers.ts';
import type { Outputs } from '../client.ts';
import type { PersonId } from '../kernel/ids.ts';
import { instant, millis } from '../kernel/time.ts';
import type { Installation } from './installation.ts';

const DAY_MS = 86_400_000;
const PATIENCE_MS = 60_000; // for all reviews of a day; whoever called waits two minutes (`call.ts`)
const REVIEWS_MS = 20_000; // at one stop; they go on after it, and the clock does not wait for them
const SETTLING_MS = 5_000; // for what reviews proposed: a payment that needs nobody is instructed before its cut-off
const POLL_MS = 100;

/** @param ms at most 31 days. @throws BankError before the clock is moved, where the example bank's file cannot be read */
export async function advanceClock(installation: Installation, ms: number, by: PersonId | 'operator'): Promise<Outputs['advance_clock']> {
  const { world, org, daily } = installation;
  await world.exampleBank.ready(org);
  const { business: from } = await world.store.tx(org, (tx) => tx.times());
  const sent: string[] = [];
  let filed = 0;
  let business = from;
  let patience = PATIENCE_MS * Math.ceil(ms / DAY_MS);
  for (const stop of stopsBetween(from, instant(millis(from) + ms), world.settings(org).zone, daily)) {
    const stepped = await stepClock(world, org, stop, by);
    business = stepped.business;
    sent.push(...stepped.sent);
    filed += stepped.filed;
    patience -= await reviewed(installation, stepped, Math.max(0, patience));
  }
  return { business, sent, filed };
}

/** @returns milliseconds that it took */
async function reviewed({ world, org, views, ...installation }: Installation, { reviews }: Stepped, patience: number): Promise<number> {
  const began = Date.now();
  for (const { domain, run, trigger } of reviews) await beginReview(world, org, domain, run, trigger);
  const all = Promise.allSettled(reviews.map(({ domain, run }) => installation.reviewed(domain, run)));
  await Promise.race([all, sleep(Math.min(REVIEWS_MS, patience), undefined, { ref: false })]);
  for (const end = Date.now() + Math.min(SETTLING_MS, patience); Date.now() < end; await sleep(POLL_MS)) if ((await views.underWay(org)) === 0) break;
  return Date.now() - began;
}
