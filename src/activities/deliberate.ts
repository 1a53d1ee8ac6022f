/** Ask -> Answer and Proposals. Reads are judged one by one; what a step read, cost and proposed commits under the step's key. */
import { z } from 'zod';
import { deliberate, type Deliberation, type Request } from '../deliberate/deliberate.ts';
import { actionDigest, proposalId } from '../kernel/action.ts';
import type { Draft } from '../kernel/define.ts';
import { AskId, ProposalId, type EventId, type OrgId } from '../kernel/ids.ts';
import type { Ask, Classification, Proposal } from '../kernel/nouns.ts';
import { localTime, type Times } from '../kernel/time.ts';
import { cardOf, subjectOf } from './close.ts';
import { destinationFor } from './consult.ts';
import type { Tx } from './ports.ts';
import { HaltedError, haltScopes, unlessHalted } from './halted.ts';
import { meterOf } from './meter.ts';
import { judgedReads, keepLost, ReadDenied, recordReads, type JudgedRead } from './reads.ts';
import { answerRequest, requestAll } from './requests.ts';
import { found, once, record, type World } from './world.ts';

/** What a step made, in order: proposals, and asks of other agents. Their ids tell them apart. */
export const Made = z.array(z.union([ProposalId, AskId]));
export type Made = z.infer<typeof Made>;

/** Deliberates about one drift, or about what another agent asks. @returns the proposals and asks made, whether now or before */
export async function deliberateAsk(world: World, org: OrgId, id: AskId, signal: AbortSignal): Promise<Made> {
  const ask = await world.store.tx(org, async (tx) => {
    const stored = await tx.stage(`deliberate/${id}`);
    return stored ? Made.parse(stored.outcome) : found(await tx.ask(id), `ask \`${id}\``);
  });
  if (Array.isArray(ask)) return ask;
  const { made, reads } = await think(world, ask, { way: 'routine', earlier: [], classes: ofDomain(world, ask) }, signal);
  return world.store.tx(org, (tx) =>
    once(
      tx,
      ['deliberate', id],
      { id },
      (stored) => Made.parse(stored),
      async () => (await keep(world, tx, ask, made, reads)).ids,
    ),
  );
}

export const isAsk = (id: Made[number]): id is AskId => id.startsWith('ask-');
export const isProposal = (id: Made[number]): id is ProposalId => !isAsk(id);

export interface Thought {
  readonly made: Deliberation;
  readonly reads: readonly JudgedRead[];
}

/** How to think about it, besides what is asked. */
export interface Manner extends Pick<Request, 'way' | 'earlier' | 'asked' | 'classes'> {
  /** Hears what is written so far, and what was read for it so far. */
  readonly onText?: (soFar: string, reads: readonly JudgedRead[]) => void;
}

/** Deliberates, and keeps nothing yet; where it breaks off, what it read is kept all the same. */
export async function think(world: World, ask: Ask, manner: Manner, signal: AbortSignal): Promise<Thought> {
  const { onText, ...how } = manner;
  const agent = found(world.agents.get(ask.agent), `agent \`${ask.agent}\``);
  const { now, scopes, halted } = await world.store.tx(ask.org, async (tx) => {
    const of = await haltScopes(tx, ask, agent);
    return { now: localTime((await tx.times()).business, world.settings(ask.org).zone), scopes: of, halted: await tx.isHalted(of) };
  });
  const reads: JudgedRead[] = [];
  if (halted) return { made: ended(new HaltedError()), reads };
  const request = {
    ask,
    ...how,
    ...(onText ? { onText: (soFar: string) => onText(soFar, reads) } : {}),
    agent,
    colleagues: [...world.agents.values()].filter(({ name }) => name !== ask.agent),
    prompt: world.prompts.get(ask.agent) ?? '',
    reads: judgedReads(world, ask, agent, now, reads),
    model: world.model,
    destination: await destinationFor(world, ask, agent),
    meter: meterOf(world, ask.org),
    now,
  };
  try {
    return { made: await unlessHalted(world, ask.org, scopes, signal, (within) => deliberate({ ...request, signal: within })), reads };
  } catch (error) {
    if (error instanceof ReadDenied || error instanceof HaltedError) return { made: ended(error), reads };
    await keepLost(world, ask, reads);
    throw error;
  }
}

/** A drift, or another agent's question, may quote whatever the agent reads. */
export const ofDomain = (world: World, { agent }: Pick<Ask, 'agent'>): readonly Classification[] =>
  (world.agents.get(agent)?.reads ?? []).map(({ classification }) => classification);

/** How sensitive what was read is. */
export const classesOf = (world: World, reads: readonly JudgedRead[]): readonly Classification[] =>
  reads.flatMap(({ tool, verdict }) => (verdict === 'permit' ? (world.reads.get(tool)?.tool.classification ?? 'restricted') : []));

/** Nothing comes of it: an agent that may not read, or that a halt stopped, says so; whoever asked is not left waiting. */
const ended = (error: ReadDenied | HaltedError): Deliberation => ({
  answer: error.message,
  finding: error.message,
  drafts: [],
  by: 'gate',
  turns: 0,
  stopped: error.code === 'halted' ? 'halted' : 'denied',
});

/** What is on file of a thought. */
interface Kept {
  readonly ids: Made;
  readonly made: Deliberation; // that nothing came of, under a halt
}

/**
 * One batch of reads, then each draft as a proposal and each question as an ask. A proposal that was made before is found, not made
 * again. Under a halt nothing is proposed, however far the deliberation had come.
 */
export async function keep(world: World, tx: Tx, ask: Ask, thought: Deliberation, reads: readonly JudgedRead[]): Promise<Kept> {
  const made = (await mayPropose(world, tx, ask)) ? thought : ended(new HaltedError());
  const times = await tx.times();
  const value = { reads, by: made.by, stopped: made.stopped, finding: made.finding ?? null };
  const step = await recordReads(world, tx, ask, { key: [ask.id], value }, times);
  await tx.addReads(ask.id, ask.id, reads, step);
  const ids: Made = [];
  for (const draft of made.drafts) ids.push(await propose(world, tx, ask, draft, times, [step]));
  ids.push(...(await requestAll(world, tx, ask, made.asks ?? [], times, step)));
  if (ask.about.kind === 'request') await answerRequest(world, tx, ask, made.answer ?? made.finding ?? '', made.by, times, step);
  if (ask.about.kind === 'drift' && (made.stopped === 'halted' || made.stopped === 'denied')) await askAnew(tx, ask.about, times);
  return { ids, made };
}

/** Holds the halt's rows until the transaction ends: a halt that comes now finds what is kept here, and closes it. */
async function mayPropose(world: World, tx: Tx, ask: Ask): Promise<boolean> {
  const agent = found(world.agents.get(ask.agent), `agent \`${ask.agent}\``);
  return (await tx.haltedFor(await haltScopes(tx, ask, agent))) === false;
}

/** What was not thought to its end is forgotten, so that the next review asks again. */
async function askAnew(tx: Tx, { drift, episode }: Extract<Ask['about'], { kind: 'drift' }>, times: Times): Promise<void> {
  const row = (await tx.drifts([drift.reconciler])).find(({ key }) => key === drift.key);
  if (row && row.episode === episode && row.state === 'asked') await tx.saveDrift({ ...row, state: 'gone' }, times.wall);
}

/** One draft, put on file for the person that the ask names. The same again is found, not made. */
export async function propose(world: World, tx: Tx, ask: Ask, draft: Draft, times: Times, causes: readonly EventId[]): Promise<ProposalId> {
  const action = { org: ask.org, agent: ask.agent, onBehalfOf: ask.onBehalfOf, tool: draft.tool, args: draft.args };
  const id = proposalId(actionDigest(action), ask);
  const proposal: Proposal = { ...action, id, ask: ask.id, actionDigest: actionDigest(action), rationale: draft.rationale };
  if (await tx.proposal(id)) return id;
  const card = await cardOf(world, tx, proposal); // of a tool that there is
  const event = await record(world, tx, {
    org: tx.org,
    type: 'proposal.made',
    key: [id],
    causes,
    correlation: ask.id,
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: ask.agent, onBehalfOf: ask.onBehalfOf } },
      payload: {
        subject: subjectOf(world.writes.get(draft.tool)?.tool, draft.args),
        value: { tool: draft.tool, args: draft.args, rationale: draft.rationale, action: proposal.actionDigest },
      },
    },
  });
  await tx.addProposal({ proposal, card, outcome: null, event, createdAt: times.wall });
  return id;
}
