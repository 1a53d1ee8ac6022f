/** Whether a call of another runtime is let in at all: so many in a minute for a person, in a tier, of a tool. What is beyond is not judged. */
import type { Delegation } from '../../kernel/delegation.ts';
import { digest } from '../../kernel/digest.ts';
import { RateError, USUAL_SERVICE, type ServiceTerms } from '../../kernel/service-terms.ts';
import { instant, millis, type Instant } from '../../kernel/time.ts';
import type { World } from '../world.ts';
import type { CallKind } from './ports.ts';

const WINDOW_MS = 60_000;
const FORGOTTEN_MS = 3_600_000; // by then a call under the same key is a new one to the rates; what came of it is on file

/** What lets the same call in again without counting it anew. */
export const admissionOf = (by: Delegation, route: 'judge' | 'act', key: string): string => digest([by.id, route, key]);

/**
 * Lets a call in, or says when to come again. It commits by itself and before the call is judged, so that callers wait for one another no longer
 * than a count takes; the locks make the count exact, however many come at once.
 * @param id of `admissionOf`: what was let in before is let in again
 * @throws RateError
 */
export async function admit(world: World, by: Delegation, tool: string, id: string): Promise<void> {
  const full = await world.store.tx(by.org, async (tx) => {
    const { wall } = await tx.times();
    const rates = ratesOf((await tx.service.terms()) ?? USUAL_SERVICE, by, tool);
    await tx.lock(rates.map(({ kind, of }) => `rate/${kind}/${of}`));
    if (await tx.service.wasAdmitted(id)) return undefined;
    for (const rate of rates) {
      const freed = await freedAt(rate, wall, (since, rank) => tx.service.admittedAt(rate.kind, rate.of, since, rank));
      if (freed !== undefined) return { ...rate, waitMs: freed - millis(wall) };
    }
    await tx.service.admit({ id, person: by.person, tier: by.tier, tool }, wall);
    return undefined;
  });
  if (!full) return;
  const seconds = Math.min(60, Math.max(1, Math.ceil(full.waitMs / 1_000)));
  throw new RateError(`${full.words} at most ${full.most} times a minute here; this call was not judged. Call again in ${seconds} s.`, seconds);
}

interface CallRate {
  readonly kind: CallKind;
  readonly of: string;
  readonly most: number;
  readonly words: string;
}

const ratesOf = ({ calls_per_minute: rates }: ServiceTerms, { person, tier }: Delegation, tool: string): readonly CallRate[] => [
  { kind: 'person', of: person, most: rates.person, words: `For \`${person}\` all agents together call` },
  { kind: 'tier', of: tier, most: rates.tiers[tier], words: `In tier \`${tier}\` all callers together call` },
  {
    kind: 'tool',
    of: tool,
    most: Object.entries(rates.tools).find(([name]) => name === tool)?.[1] ?? rates.tool,
    words: `All callers together call \`${tool}\``,
  },
];

/** When there is room again, in milliseconds since 1970; undefined where there is room. */
async function freedAt({ most }: CallRate, wall: Instant, nth: (since: Instant, rank: number) => Promise<Instant | undefined>): Promise<number | undefined> {
  if (most === 0) return millis(wall) + WINDOW_MS;
  const last = await nth(instant(millis(wall) - WINDOW_MS), most);
  return last === undefined ? undefined : millis(last) + WINDOW_MS;
}

/** Forgets what no rate counts any more. */
export const forgetAdmitted = (world: World, org: Delegation['org']): Promise<number> =>
  world.store.tx(org, async (tx) => tx.service.forgetAdmitted(instant(millis((await tx.times()).wall) - FORGOTTEN_MS)));
