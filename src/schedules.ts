/** Reviews by the clock: explicit moments, written some weeks ahead, whose end upkeep moves on as the days pass. */
import type { Organization } from './adapters/files/organization.ts';
import type { Workflows } from './adapters/temporal/orchestrator.ts';
import { digest } from './kernel/digest.ts';
import { DOMAINS } from './kernel/ids.ts';
import { addDays, instant, instantAt, localTime, millis, type Times } from './kernel/time.ts';

const SCHEDULE_DAYS = 30; // ahead: a worker that is away so long misses none, and a schedule stays small

export interface ReviewSchedules {
  /** Writes the schedules of all domains; those that are not reviewed any more lose theirs. */
  write(times: Times): Promise<void>;
  /** Writes them on a new day, where the business clock was moved, and the first time in a process; otherwise does nothing. */
  extend(times: Times): Promise<void>;
}

export function reviewSchedules(organization: Organization, temporal: Pick<Workflows, 'scheduleReviews'>): ReviewSchedules {
  let written: string | undefined;
  const stateOf = ({ wall, business }: Times) =>
    digest({ day: localTime(business, organization.zone).date, offset: millis(business) - millis(wall), reviews: organization.reviews });
  const write = async (times: Times) => {
    for (const domain of DOMAINS)
      await temporal.scheduleReviews(organization.id, domain, momentsOf(organization, organization.reviews[domain]?.at ?? [], times));
    written = stateOf(times);
  };
  return {
    write,
    async extend(times) {
      if (stateOf(times) !== written) await write(times);
    },
  };
}

/** Moments of the wall clock at which the business clock will show these times of day. */
function momentsOf({ zone }: Organization, at: readonly string[], { wall, business }: Times) {
  const offset = millis(business) - millis(wall);
  const today = localTime(business, zone).date;
  return Array.from({ length: SCHEDULE_DAYS }, (_, n) => addDays(today, n))
    .flatMap((date) => at.map((time) => instantAt(date, time, zone)))
    .filter((moment) => moment > business)
    .map((moment) => instant(millis(moment) - offset));
}
