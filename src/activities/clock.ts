/** The example's business clock: moved by hand, and what falls due on the way is done. */
import { DOMAINS, type Domain, type OrgId, type PersonId } from '../kernel/ids.ts';
import { addDays, instantAt, localTime, millis, type Instant } from '../kernel/time.ts';
import { housekeeping, type DueReview } from './housekeeping.ts';
import { record, type World } from './world.ts';

/** What happens at the same times every day, on the organization's clock; times as `15:00`. */
export interface Daily {
  readonly cutoff: string; // the day's payments leave
  readonly reviews: Readonly<Partial<Record<Domain, readonly string[]>>>; // at most 24 for one domain, as organization.yaml takes them
}

export interface Stop {
  readonly at: Instant;
  readonly reviews: readonly Domain[]; // that are due at it
}

/**
 * Where the clock stops on its way, in order and each once: every scheduled review, every cut-off, every midnight (the bank's
 * statement comes overnight), and the end, where every domain is reviewed that was not since midnight. At most 98 a day.
 */
export function stopsBetween(from: Instant, to: Instant, zone: string, { cutoff, reviews }: Daily): readonly Stop[] {
  const last = localTime(to, zone).date;
  const midnight = instantAt(last, '00:00', zone);
  const stops = new Map<Instant, Set<Domain>>();
  const stop = (at: Instant, ...due: Domain[]) => {
    if (at <= from || at >= to) return;
    stops.set(at, new Set([...(stops.get(at) ?? []), ...due]));
  };
  for (let day = localTime(from, zone).date; day <= last; day = addDays(day, 1)) {
    stop(instantAt(day, '00:00', zone));
    stop(instantAt(day, cutoff, zone));
    for (const [domain, times] of entries(reviews)) for (const time of times) stop(instantAt(day, time, zone), domain);
  }
  const ordered = [...stops].sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, due]) => ({ at, reviews: [...due] }));
  const today = new Set(ordered.filter(({ at }) => at >= midnight).flatMap(({ reviews: due }) => due));
  return [
    ...ordered,
    {
      at: to,
      reviews: entries(reviews)
        .map(([domain]) => domain)
        .filter((domain) => !today.has(domain)),
    },
  ];
}

const entries = (reviews: Daily['reviews']): (readonly [Domain, readonly string[]])[] =>
  DOMAINS.flatMap((domain) => (reviews[domain] ? [[domain, reviews[domain]] as const] : []));

export interface Stepped {
  readonly business: Instant;
  readonly sent: readonly string[]; // files of the example bank
  readonly filed: number; // domains whose records changed, by the example bank's answer among others
  readonly reviews: readonly DueReview[];
}

/** Moves the clock to a stop, sends what its cut-off lets out, has the example bank answer, and files the answer. A clock that is there already stays. */
export async function stepClock(world: World, org: OrgId, stop: Stop, by: PersonId | 'operator'): Promise<Stepped> {
  const { from, to, event } = await moveClock(world, org, stop.at, by);
  await housekeeping(world, org);
  const sent = await world.exampleBank.answer(org, from, to);
  const changed = await housekeeping(world, org);
  const causes = (domain: Domain) => [event, ...changed.filter((review) => review.domain === domain).flatMap(({ trigger }) => trigger.causes)];
  const reviews = stop.reviews.map((domain) => ({ domain, run: `clock-${to}`, trigger: { kind: 'clock' as const, by, causes: causes(domain) } }));
  await world.orchestrator.wakeUpkeep(org);
  return { business: to, sent, filed: changed.length, reviews };
}

async function moveClock(world: World, org: OrgId, until: Instant, by: PersonId | 'operator') {
  return world.store.tx(org, async (tx) => {
    const before = await tx.times();
    await tx.advanceClock(Math.max(0, millis(until) - millis(before.business)));
    const after = await tx.times();
    const event = await record(world, tx, {
      org,
      type: 'clock.advanced',
      key: [before.wall, before.business, until],
      causes: [],
      correlation: 'clock',
      times: after,
      groups: {
        actor: { subject: by === 'operator' ? 'organization' : `person/${by}`, value: { by } },
        payload: { subject: 'organization', value: { from: before.business, to: after.business } },
      },
    });
    return { from: before.business, to: after.business, event };
  });
}
