/** Ask -> Answer and Proposals. Reads are judged one by one; what a step read, cost and proposed commits under the step's key. */
import { z } from 'zod';
import { askOfTurn } from '../intake/ask.ts';
import { deliberate, type Deliberation, type Way } from '../deliberate/deliberate.ts';
import { decide } from '../gate/decide.ts';
import { actionDigest, proposalId } from '../kernel/action.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import type { Agent, AnyReadTool, Draft, ReadTool, Reads } from '../kernel/define.ts';
import { AskId, deriveId, ProposalId, type EventId, type OrgId, type ToolName } from '../kernel/ids.ts';
import type { Ask, Proposal, Verdict } from '../kernel/nouns.ts';
import { localTime, type LocalTime, type Times } from '../kernel/time.ts';
import { subjectOf } from './close.ts';
import { answerInSlack } from './slack/messages.ts';
import type { Tx } from './ports.ts';
import { baseFacts, gateFacts } from './facts.ts';
import { answerRequest, requestAll } from './requests.ts';
import { found, once, record, type World } from './world.ts';

/** A read tool with what its domain reads with. */
export interface BoundRead {
  readonly tool: AnyReadTool;
  readonly run: (input: unknown, tx: Tx) => Promise<unknown>;
}

/** Binds a domain's read tools to its ports. */
export const bindReads = <P>(tools: readonly ReadTool<z.ZodType, z.ZodType, P>[], ports: (tx: Tx) => P): readonly BoundRead[] =>
  tools.map((tool) => ({ tool, run: async (input, tx) => tool.output.parse(await tool.run(tool.input.parse(input), ports(tx))) }));

/** A read that the gate did not permit. */
export class ReadDenied extends Error {
  override readonly name = 'ReadDenied';
  readonly code = 'read_denied';
  constructor(tool: ToolName, why: readonly string[]) {
    super(`\`${tool}\` was not permitted: ${why.join('; ') || 'no article permits it'}.`);
  }
}

interface JudgedRead {
  readonly tool: ToolName;
  readonly input: Digest;
  readonly verdict: Verdict;
}

/** What a step made, in order: proposals, and asks of other agents. Their ids tell them apart. */
const Made = z.array(z.union([ProposalId, AskId]));
export type Made = z.infer<typeof Made>;

/** Deliberates about one drift, or about what another agent asks. @returns the proposals and asks made, whether now or before */
export async function deliberateAsk(world: World, org: OrgId, id: AskId, signal: AbortSignal): Promise<Made> {
  const ask = await world.store.tx(org, async (tx) => {
    const stored = await tx.stage(`deliberate/${id}`);
    return stored ? Made.parse(stored.outcome) : found(await tx.ask(id), `ask \`${id}\``);
  });
  if (Array.isArray(ask)) return ask;
  const { made, reads } = await think(world, ask, 'routine', signal);
  return world.store.tx(org, (tx) =>
    once(
      tx,
      ['deliberate', id],
      { id },
      (stored) => Made.parse(stored),
      () => keep(world, tx, ask, made, reads),
    ),
  );
}

/** What came of a turn. */
export interface TurnTaken {
  readonly proposals: readonly ProposalId[];
  readonly asks: readonly AskId[]; // of other agents
}

const isAsk = (id: Made[number]): id is AskId => id.startsWith('ask-');
export const isProposal = (id: Made[number]): id is ProposalId => !isAsk(id);

/** Answers the oldest waiting turn of a thread. */
export async function takeTurn(world: World, org: OrgId, thread: string, signal: AbortSignal): Promise<TurnTaken | undefined> {
  const begun = await world.store.tx(org, async (tx) => {
    const turn = await tx.nextTurn(thread);
    if (!turn) return undefined;
    const id = deriveId('ask', [org, turn.id]);
    const ask = (await tx.ask(id)) ?? (await askTurn(world, tx, turn));
    return { turn, ask };
  });
  if (!begun) return undefined;
  const { made, reads } = await think(world, begun.ask, 'routine', signal);
  return world.store.tx(org, async (tx) => {
    const { turn, ask } = begun;
    const all = await once(
      tx,
      ['turn', turn.id],
      { id: turn.id },
      (stored) => Made.parse(stored),
      async () => {
        const kept = await keep(world, tx, ask, made, reads);
        const proposed = kept.filter(isProposal);
        const answer = made.answer ?? made.finding ?? '';
        await tx.answerTurn(turn.id, 'answered', answer, made.by, proposed);
        const times = await tx.times();
        const cause = await record(world, tx, {
          org,
          type: 'turn.answered',
          key: [turn.id],
          causes: [ask.cause],
          correlation: ask.id,
          times,
          groups: {
            actor: { subject: 'organization', value: { agent: ask.agent, by: made.by } },
            payload: { subject: `person/${turn.person}`, value: { answer, proposals: proposed } },
          },
        });
        const classes = reads.flatMap(({ tool, verdict }) => (verdict === 'permit' ? (world.reads.get(tool)?.tool.classification ?? 'restricted') : []));
        await answerInSlack(world, tx, { turn, answer, proposals: proposed.length, classes, cause, correlation: ask.id }, times);
        return kept;
      },
    );
    return { proposals: all.filter(isProposal), asks: all.filter(isAsk) };
  });
}

/** The ask of a turn, with its event. */
export async function askTurn(world: World, tx: Tx, turn: NonNullable<Awaited<ReturnType<Tx['nextTurn']>>>): Promise<Ask> {
  const times = await tx.times();
  const cause = await record(world, tx, {
    org: tx.org,
    type: 'turn.received',
    key: [turn.id],
    causes: [],
    correlation: deriveId('ask', [tx.org, turn.id]),
    times,
    groups: {
      actor: { subject: `person/${turn.person}`, value: { person: turn.person } },
      payload: { subject: `person/${turn.person}`, value: { text: turn.content } },
    },
  });
  const ask = askOfTurn(tx.org, turn.agent, turn.person, turn.id, turn.conversation, turn.content, cause);
  await tx.addAsk(ask, times.wall);
  return ask;
}

interface Thought {
  readonly made: Deliberation;
  readonly reads: readonly JudgedRead[];
}

/** Deliberates, and keeps nothing yet. */
export async function think(world: World, ask: Ask, way: Way, signal: AbortSignal): Promise<Thought> {
  const agent = found(world.agents.get(ask.agent), `agent \`${ask.agent}\``);
  const now = await world.store.tx(ask.org, async (tx) => localTime((await tx.times()).business, world.settings(ask.org).zone));
  const reads: JudgedRead[] = [];
  const request = {
    ask,
    way,
    agent,
    colleagues: [...world.agents.values()].filter(({ name }) => name !== ask.agent),
    prompt: world.prompts.get(ask.agent) ?? '',
    reads: judgedReads(world, ask, agent, now, reads),
    model: world.model,
    meter: world.meter(ask.org),
    now,
    signal,
  };
  if (ask.about.kind !== 'request') return { made: await deliberate(request), reads };
  return { made: await deliberate(request).catch(undone), reads };
}

/** An agent that may not read for another says so: whoever asked is not left waiting, and a chain that is too long ends here. */
function undone(error: unknown): Deliberation {
  if (!(error instanceof ReadDenied)) throw error;
  return { answer: error.message, drafts: [], by: 'gate', turns: 0, stopped: 'refusal' };
}

/** Reads as an agent has them: each is judged in this process, on facts that trusted records gave, and noted. */
function judgedReads(world: World, ask: Ask, agent: Agent, now: LocalTime, noted: JudgedRead[]): Reads {
  return {
    read: (tool, input) =>
      world.store.tx(ask.org, async (tx) => {
        const bound = found(world.reads.get(tool.name), `read tool \`${tool.name}\``);
        const times = await tx.times();
        const judgment = await judgeRead(world, tx, ask, agent, bound.tool, now, times);
        noted.push({ tool: tool.name, input: digest(input), verdict: judgment.verdict });
        if (judgment.verdict !== 'permit') throw new ReadDenied(tool.name, judgment.why);
        return tool.output.parse(await bound.run(input, tx));
      }),
  };
}

/** What the gate says of a read that an agent makes for an ask. */
export async function judgeRead(
  world: World,
  tx: Tx,
  ask: Pick<Ask, 'id' | 'org' | 'agent' | 'onBehalfOf'>,
  agent: Agent,
  tool: AnyReadTool,
  now: LocalTime,
  times: Times,
) {
  const call = {
    id: deriveId('prp', [ask.org, ask.id, tool.name]),
    org: ask.org,
    ask: ask.id,
    agent: ask.agent,
    onBehalfOf: ask.onBehalfOf,
    tool: tool.name,
    args: {},
  };
  const proposal: Proposal = { ...call, actionDigest: actionDigest(call), rationale: '' };
  const read = await tx.facts({ proposal, facts: null, domain: agent.domain, times, today: now.date });
  const granted = agent.reads.some(({ name }) => name === tool.name);
  const base = { ...baseFacts(read, world.agents, ask.agent, now, ask.onBehalfOf, [], granted), approvals: {}, approved_by: [], requester_is_sole: false };
  return decide(world.constitution(ask.org), {
    agent: ask.agent,
    onBehalfOf: ask.onBehalfOf,
    tool: tool.name,
    resource: 'records',
    facts: gateFacts(null, base, {}),
    currency: world.settings(ask.org).currency,
  });
}

/** One batch of reads, then each draft as a proposal and each question as an ask. A proposal that was made before is found, not made again. */
export async function keep(world: World, tx: Tx, ask: Ask, made: Deliberation, reads: readonly JudgedRead[]): Promise<Made> {
  const times = await tx.times();
  const step = await record(world, tx, {
    org: tx.org,
    type: 'reads.judged',
    key: [ask.id],
    causes: [ask.cause],
    correlation: ask.id,
    times,
    groups: {
      payload: {
        subject: 'organization',
        value: { reads: reads.map((read) => ({ ...read })), by: made.by, stopped: made.stopped, finding: made.finding ?? null },
      },
    },
  });
  await tx.addReads(ask.id, ask.id, reads, step);
  const ids: Made = [];
  for (const draft of made.drafts) ids.push(await propose(world, tx, ask, draft, times, step));
  ids.push(...(await requestAll(world, tx, ask, made.asks ?? [], times, step)));
  if (ask.about.kind === 'request') await answerRequest(world, tx, ask, made.answer ?? made.finding ?? '', made.by, times, step);
  return ids;
}

/** One draft, put on file for the person that the ask names. The same again is found, not made. */
export async function propose(world: World, tx: Tx, ask: Ask, draft: Draft, times: Times, cause: EventId): Promise<ProposalId> {
  const { tool } = found(world.writes.get(draft.tool), `write tool \`${draft.tool}\``);
  const action = { org: ask.org, agent: ask.agent, onBehalfOf: ask.onBehalfOf, tool: draft.tool, args: draft.args };
  const id = proposalId(actionDigest(action), ask);
  const proposal: Proposal = { ...action, id, ask: ask.id, actionDigest: actionDigest(action), rationale: draft.rationale };
  if (await tx.proposal(id)) return id;
  const event = await record(world, tx, {
    org: tx.org,
    type: 'proposal.made',
    key: [id],
    causes: [cause],
    correlation: ask.id,
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: ask.agent, onBehalfOf: ask.onBehalfOf } },
      payload: {
        subject: subjectOf(tool, draft.args),
        value: { tool: draft.tool, args: draft.args, rationale: draft.rationale, action: proposal.actionDigest },
      },
    },
  });
  const card = tool.card(tool.input.parse(draft.args), await world.cardContext(tx, proposal));
  await tx.addProposal({ proposal, card, outcome: null, event, createdAt: times.wall });
  return id;
}
