/** Desired + observed -> Drift -> Ask. A review of one domain; it asks, and never acts. */
import { z } from 'zod';
import { askOfDrift, episodeToAsk } from '../intake/ask.ts';
import { digest } from '../kernel/digest.ts';
import type { Reconciler } from '../kernel/define.ts';
import { AskId, deriveId, ProposalId, type AgentName, type Domain, type EventId, type OrgId } from '../kernel/ids.ts';
import type { Drift } from '../kernel/nouns.ts';
import { localTime, type LocalDate, type LocalTime, type Times } from '../kernel/time.ts';
import { closeProposal } from './close.ts';
import { stillWaits } from './people.ts';
import type { DriftRow, Tx } from './ports.ts';
import { triggerOf } from './triggers.ts';
import { found, once, record, type World } from './world.ts';

/** A reconciler with the ports it reads through. */
export interface BoundReconciler {
  readonly name: string;
  readonly domain: Domain;
  readonly drifts: (tx: Tx, now: LocalTime) => Promise<readonly Drift[]>;
}

const MOST_KEYS = 10_000; // of one reconciler in one review; more is a fault of the records, and said

const MOST_REMEMBERED = 2_000; // answers of one review; then it reads anew

/** Reads that are asked for again in one transaction are answered with what was read: reconcilers of a domain look at the same rows. */
function remembering<P extends object>(reads: P): P {
  const answers = new Map<string, unknown>();
  return new Proxy(reads, {
    get(target, name, receiver) {
      const read: unknown = Reflect.get(target, name, receiver);
      if (typeof read !== 'function') return read;
      return (...args: unknown[]): unknown => {
        const asked = `${String(name)} ${JSON.stringify(args)}`;
        if (!answers.has(asked)) {
          if (answers.size >= MOST_REMEMBERED) answers.clear();
          answers.set(asked, Reflect.apply(read, target, args));
        }
        return answers.get(asked);
      };
    },
  });
}

/** Binds a domain's reconcilers to what it reads with; within one transaction they share what was read. */
export function bindReconcilers<P extends object>(reconcilers: readonly Reconciler<unknown, unknown, P>[], ports: (tx: Tx) => P): readonly BoundReconciler[] {
  const shared = new WeakMap<Tx, P>();
  const readsOf = (tx: Tx): P => {
    const reads = shared.get(tx) ?? remembering(ports(tx));
    shared.set(tx, reads);
    return reads;
  };
  return reconcilers.map((reconciler) => ({
    name: reconciler.name,
    domain: reconciler.domain,
    async drifts(tx, now) {
      const given = readsOf(tx);
      const keys = await reconciler.keys(given, now);
      if (keys.length > MOST_KEYS) throw new RangeError(`\`${reconciler.name}\` has ${keys.length} keys; a review takes ${MOST_KEYS} at most.`);
      const all: Drift[] = [];
      for (const key of keys) {
        const [desired, observed] = [await reconciler.desired(key, given, now), await reconciler.observed(key, given, now)];
        all.push(
          ...reconciler
            .drift(key, desired, observed, now)
            .map((drift) => ({ ...drift, key: `${reconciler.name}/${drift.subject}`, reconciler: reconciler.name })),
        );
      }
      return all;
    },
  }));
}

export const Reviewed = z.strictObject({ asks: z.array(AskId), drifts: z.int(), gone: z.int(), overtaken: z.array(ProposalId).default([]) });
export type Reviewed = z.infer<typeof Reviewed>;

/** @param run names this review: asked again under the same name, it answers the same */
export async function reconcile(world: World, org: OrgId, domain: Domain, run: string): Promise<Reviewed> {
  const reviewed = await world.store.tx(org, (tx) =>
    once(
      tx,
      ['reconcile', domain, run],
      { domain, run },
      (stored) => Reviewed.parse(stored),
      async () => {
        await tx.lock([`reconcile/${domain}`]); // two reviews of a domain at once: the second sees what the first asked
        const times = await tx.times();
        const trigger = triggerOf(org, domain, run);
        const known = await tx.recorded(trigger);
        const cause = await record(world, tx, {
          org,
          type: 'review.started',
          key: [domain, run],
          causes: known ? [trigger] : [],
          correlation: `review/${domain}/${run}`,
          times,
          groups: { payload: { subject: 'organization', value: { domain, trigger: known ? 'asked' : 'schedule' } } },
        });
        return compare(world, tx, domain, times, cause);
      },
    ),
  );
  await Promise.allSettled(reviewed.overtaken.map((id) => world.orchestrator.wakeAction(org, id))); // one that is not woken ends when its time is over
  return reviewed;
}

async function compare(world: World, tx: Tx, domain: Domain, times: Times, cause: EventId): Promise<Reviewed> {
  const bound = world.reconcilers.filter((reconciler) => reconciler.domain === domain);
  const agent = found(
    [...world.agents.values()].find((candidate) => candidate.domain === domain),
    `agent for \`${domain}\``,
  ).name;
  const now = localTime(times.business, world.settings(tx.org).zone);
  const seen: Drift[] = [];
  for (const reconciler of bound) seen.push(...(await reconciler.drifts(tx, now)));
  const before = new Map((await tx.drifts(bound.map(({ name }) => name))).map((row) => [row.key, row]));
  const asks: AskId[] = [];
  const older = seen.filter((drift) => fromBefore(drift, world.settings(tx.org).since) && !before.has(drift.key));
  if (older.length > 0) await reportOlder(world, tx, domain, agent, older, times, cause);
  const put = new Set(older.map(({ key }) => key));
  for (const drift of seen.filter(({ key }) => !put.has(key))) {
    const ask = await askAbout(world, tx, agent, drift, before.get(drift.key), times, cause);
    if (ask) asks.push(ask);
  }
  const present = new Set(seen.map(({ key }) => key));
  const gone = [...before.values()].filter((row) => row.state !== 'gone' && !present.has(row.key));
  const overtaken: ProposalId[] = [];
  for (const row of gone) overtaken.push(...(await overtake(world, tx, row, times, await forget(world, tx, row, times, cause))));
  return { asks, drifts: seen.length, gone: gone.length, overtaken };
}

const fromBefore = ({ arose }: Drift, since: LocalDate | null): boolean => since !== null && arose !== null && arose < since;

const MOST_NAMED = 50; // older drifts in the words of one report; each is on record

/** What is older than the organization's start is told once, together, and asked about only when its facts change. */
async function reportOlder(world: World, tx: Tx, domain: Domain, agent: AgentName, older: readonly Drift[], times: Times, cause: EventId): Promise<void> {
  const since = world.settings(tx.org).since ?? '';
  const named = older.slice(0, MOST_NAMED).map(({ why }) => why);
  const report: Drift = {
    key: `${domain}.older/${digest(older.map(({ key }) => key)).slice(0, 16)}`,
    reconciler: `${domain}.older`,
    subject: domain,
    why: `${older.length} from before ${since}, which nobody is asked about one by one: ${named.join('; ')}${older.length > MOST_NAMED ? '; and more' : ''}`,
    arose: null,
    facts: { older: older.map(({ key }) => key) },
  };
  await askAbout(world, tx, agent, report, undefined, times, cause); // an ask that no agent is given: people read it
  for (const drift of older) {
    await tx.saveDrift(
      { key: drift.key, reconciler: drift.reconciler, episode: 1, state: 'declined', factsDigest: digest(drift.facts), quietUntil: null },
      times.wall,
    );
  }
}

async function askAbout(
  world: World,
  tx: Tx,
  agent: AgentName,
  drift: Drift,
  before: DriftRow | undefined,
  times: Times,
  cause: EventId,
): Promise<AskId | undefined> {
  const facts = digest(drift.facts);
  const settled = before ? await tx.settled(drift.key, before.episode) : true;
  const today = localTime(times.business, world.settings(tx.org).zone).date;
  const episode = episodeToAsk(before && { ...before, settled }, facts, today);
  if (episode === undefined) return undefined;
  const seen = await record(world, tx, {
    org: tx.org,
    type: 'drift.seen',
    key: [drift.key, episode],
    causes: [cause],
    correlation: deriveId('ask', [tx.org, drift.key, episode]),
    times,
    groups: {
      subject: { subject: 'organization', value: { drift: drift.key, about: drift.subject } },
      payload: { subject: 'organization', value: { why: drift.why, facts: drift.facts } },
    },
  });
  const ask = askOfDrift(tx.org, agent, drift, episode, seen);
  await tx.addAsk(ask, times.wall);
  await tx.saveDrift({ key: drift.key, reconciler: drift.reconciler, episode, state: 'asked', factsDigest: facts, quietUntil: null }, times.wall);
  return ask.id;
}

/** What still waits for people about a drift that is gone: nobody is asked for what is not so any more, nor twice for what is so in another way. */
async function overtake(world: World, tx: Tx, { key, episode }: DriftRow, times: Times, cause: EventId): Promise<readonly ProposalId[]> {
  const closed: ProposalId[] = [];
  for (const id of await tx.openFor(key, episode)) {
    const waiting = await stillWaits(tx, id);
    if (waiting.state === 'late') continue; // what is permitted goes its way
    await closeProposal(world, tx, waiting.onFile, times, 'overtaken', [cause]);
    closed.push(id);
  }
  return closed;
}

async function forget(world: World, tx: Tx, row: DriftRow, times: Times, cause: EventId): Promise<EventId> {
  await tx.saveDrift({ ...row, state: 'gone' }, times.wall);
  return record(world, tx, {
    org: tx.org,
    type: 'drift.gone',
    key: [row.key, row.episode],
    causes: [cause],
    correlation: deriveId('ask', [tx.org, row.key, row.episode]),
    times,
    groups: { subject: { subject: 'organization', value: { drift: row.key } } },
  });
}
