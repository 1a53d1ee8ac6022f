/** The gate for runtimes that are not ours: what is handed on, what is judged without acting, and what is on record of it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorityError } from '../activities/people.ts';
import { judgeCall, refuseCall } from '../activities/service/calls.ts';
import { fetchWarrant, postReceipt } from '../activities/service/hand-over.ts';
import { delegateOf, endDelegation, handOn, type Giver, type Handing } from '../activities/service/delegate.ts';
import { webhookSecret } from '../activities/service/notify.ts';
import { keepUnjudged, openReads } from '../activities/service/unjudged.ts';
import { actionOnFile, proposeCall, type ActionOnFile } from '../activities/service/act.ts';
import { EVERYTHING, type Seen } from '../activities/sight.ts';
import { found, StageError } from '../activities/world.ts';
import { ClientError, type ActionNow, type CallEvent, type Caller, type Client, type DelegationCard, type Input } from '../client.ts';

import type { Delegation } from '../kernel/delegation.ts';
import { ToolName, type EventId, type ProposalId } from '../kernel/ids.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { RateError, USUAL_SERVICE } from '../kernel/service-terms.ts';
import type { Money } from '../kernel/money.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { taskNamed } from './named.ts';
import { seenTask, seenTool, sightFor, sightOfPerson } from './seeing.ts';
import { woken } from './woken.ts';

type OfService = Pick<
  Client,
  'delegate' | 'end_delegation' | 'judge_call' | 'act' | 'action' | 'warrant' | 'receipt' | 'unjudged' | 'service_terms' | 'refuse_call' | 'call_events'
>;

const LOOK_AGAIN_MS = 200; // while somebody waits for an answer: five small queries a second
const PAGE = 100; // events, where nobody says how many

export function serviceOperations(installation: Installation, who: Callers): OfService {
  const { world, org, views } = installation;
  /** Whoever hands on shows a token of a person, or of what was handed on to them. */
  const giverOf = async (caller: Caller): Promise<Giver> => {
    const delegation = await heldBy(caller);
    return delegation ? { kind: 'delegate', delegation } : { kind: 'person', speaker: await who.byToken(caller) };
  };
  const heldBy = async (caller: Caller): Promise<Delegation | undefined> => {
    if (caller.kind !== 'person') return undefined;
    try {
      return await delegateOf(world, org, caller.token);
    } catch (error) {
      if (error instanceof AuthorityError && error.code === 'token_unknown') return undefined;
      throw error;
    }
  };
  const delegated = async (caller: Caller): Promise<Delegation> => {
    if (caller.kind === 'person') return delegateOf(world, org, caller.token);
    throw new ClientError('person_needed', 3, 'This takes the token of a delegation: `POST /v1/delegations`.');
  };
  /** What came to nothing, by a fault of whoever asked or of ours, is on record as well. */
  const kept = async <T>(by: Delegation, path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const flood = error instanceof RateError;
      await Promise.allSettled([refuseCall(world, org, { id: randomUUID(), path, because: inWords(error), by, flood })]); // where that fails as well, the error says why
      throw error;
    }
  };
  const mine = async (by: Delegation, id: ProposalId): Promise<ActionNow> => nowOf(found(await actionOnFile(world, org, id, by), `action \`${id}\` of yours`));
  return {
    async delegate(caller, input) {
      const giver = await giverOf(caller);
      const { delegation, token } = await handOn(world, org, giver, handingOf(input, world.settings(org).currency));
      return {
        ...cardOf(await chainOf(installation, delegation), world.settings(org).currency),
        token,
        webhookSecret: await webhookSecret(world, org, delegation.id),
      };
    },
    end_delegation: async (caller, { id }) => ({ ended: await endDelegation(world, org, await giverOf(caller), id) }),
    async judge_call(caller, { key, tool, args, trace }) {
      const by = await delegated(caller);
      return kept(by, '/v1/decisions', () => judgeCall(world, by, { key, tool, args, trace: trace ?? null }));
    },
    async act(caller, { key, tool, args, trace, rationale, notify }) {
      const by = await delegated(caller);
      const id = await kept(by, '/v1/actions', () => proposeCall(world, by, { key, tool, args, trace: trace ?? null, rationale, notify: notify ?? null }));
      await woken(world.orchestrator.wakeAction(org, id));
      return mine(by, id);
    },
    async action(caller, { id, waitMs, from }) {
      const held = await heldBy(caller);
      if (!held) (await sightFor(installation, who, caller)).must(seenTask(world, await taskNamed(installation, id, EVERYTHING)), `The action \`${id}\``);
      const until = Date.now() + waitMs;
      for (;;) {
        const now = nowOf(found(await actionOnFile(world, org, id, held ?? null), `action \`${id}\` of yours`));
        if (now.settled || (from !== undefined && now.state !== from) || Date.now() + LOOK_AGAIN_MS > until) return now;
        await sleep(LOOK_AGAIN_MS);
      }
    },
    async warrant(caller, { id }) {
      const by = await delegated(caller);
      await mine(by, id);
      const fetched = await kept(by, '/v1/actions/warrant', () => fetchWarrant(world, org, id));
      if (!fetched) await woken(world.orchestrator.wakeAction(org, id)); // people may be asked anew
      return { ...(await mine(by, id)), warrant: fetched?.warrant ?? null, again: fetched?.again ?? false };
    },
    async receipt(caller, { id, effect }) {
      const by = await delegated(caller);
      await mine(by, id);
      await kept(by, '/v1/actions/receipt', () => postReceipt(world, org, id, effect));
      return mine(by, id);
    },
    async unjudged(caller, { calls }) {
      const by = await delegated(caller);
      const events: EventId[] = [];
      for (const call of calls) events.push(await kept(by, '/v1/unjudged', () => keepUnjudged(world, by, call)));
      return { events };
    },
    async service_terms(caller) {
      if (!(await heldBy(caller))) await who.known(caller);
      return world.store.tx(org, async (tx) => ({
        organization: org,
        currency: world.settings(org).currency,
        failOpen: await openReads(world, tx),
        callsPerMinute: ((await tx.service.terms()) ?? USUAL_SERVICE).calls_per_minute,
      }));
    },
    async refuse_call(caller, { id, path, because }) {
      if ((await who.known(caller)) !== 'operator') throw new ClientError('operator_needed', 3, 'A surface alone says that it refused a call.');
      await refuseCall(world, org, { id, path, because, by: null, flood: true });
      return { recorded: true };
    },
    async call_events(caller, { limit = PAGE, ...filter }) {
      const held = await heldBy(caller);
      const sight = held ? await sightOfPerson(world, org, held.person) : await sightFor(installation, who, caller);
      const { events, next } = await views.calls(org, { ...filter, ...(held ? { within: held.id } : {}) }, limit);
      return { events: events.filter((event) => sight.sees(seenCall(installation, event))), next };
    },
  };
}

const inWords = (error: unknown): string =>
  error instanceof StageError || error instanceof UnknownNameError || error instanceof RateError ? error.message.slice(0, 500) : 'It could not be judged.';

/** A call is as sensitive as its tool; whoever it was made for sees it. One that nobody signed, or that names no tool of ours, is for the owners. */
function seenCall({ world }: Installation, { tool, person }: CallEvent): Seen {
  const name = ToolName.safeParse(tool);
  const parties = person === null ? [] : [person];
  return name.success ? { ...seenTool(world, name.data), parties } : { domain: null, classification: 'confidential', parties };
}

function handingOf({ key, to, agent, task, tools, limits = {}, tier = 'delegated', expires }: Input<'delegate'>, currency: string): Handing {
  const minor = (money: Money | undefined): number | null => {
    if (money && money.currency !== currency)
      throw new ClientError('bad_input', 2, `\`${money.currency}\` is not the organization's currency; say the limit in ${currency}.`);
    if (money && money.minor < 0) throw new ClientError('bad_input', 2, `\`${money.minor}\` is no limit; it is 0 or more.`);
    return money?.minor ?? null;
  };
  return { key, to, agent: agent ?? null, task, tools: tools ?? null, perCall: minor(limits.perCall), perDay: minor(limits.perDay), tier, expires };
}

const chainOf = ({ world, org }: Installation, { path }: Delegation): Promise<readonly Delegation[]> =>
  world.store.tx(org, async (tx) => {
    const links: Delegation[] = [];
    for (const id of path) links.push(...[await tx.service.delegation(id)].flatMap((link) => link ?? []));
    return links;
  });

function nowOf({ id, tool, state, decision, receipt, trace }: ActionOnFile): ActionNow {
  const last = decision && { verdict: decision.verdict, kind: decision.kind, articles: decision.articles, needs: decision.needs, why: decision.why };
  const came =
    receipt &&
    (receipt.outcome === 'done'
      ? { outcome: receipt.outcome, output: receipt.output }
      : { outcome: receipt.outcome, code: receipt.code, message: receipt.message });
  return {
    id,
    tool,
    state,
    settled: !(state === 'judged_next' || state === 'waits_for_people' || state === 'permitted'),
    decision: last,
    receipt: came,
    trace,
  };
}

/** What it comes to along the chain. */
function cardOf(links: readonly Delegation[], currency: string): DelegationCard {
  const last = links.at(-1);
  if (!last) throw new TypeError('A delegation has a chain.');
  const least = (limits: readonly (number | null)[]): Money | null => {
    const said = limits.flatMap((limit) => limit ?? []);
    return said.length === 0 ? null : { minor: Math.min(...said), currency };
  };
  const named = links.flatMap(({ tools }) => (tools === null ? [] : [tools]));
  return {
    id: last.id,
    person: last.person,
    agent: last.agent,
    chain: last.workers,
    task: last.task,
    tools: named[0]?.filter((tool) => named.every((tools) => tools.includes(tool))) ?? null,
    limits: { perCall: least(links.map(({ perCall }) => perCall)), perDay: least(links.map(({ perDay }) => perDay)) },
    tier: last.tier,
    expires: last.expiresAt,
  };
}
