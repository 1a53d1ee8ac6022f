/** Reads: each is judged by the gate in this process, and noted, also where nothing comes of them. */
import type { z } from 'zod';
import { decide } from '../gate/decide.ts';
import { actionDigest } from '../kernel/action.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import type { Agent, AnyReadTool, ReadTool, Reads } from '../kernel/define.ts';
import { deriveId, type ToolName } from '../kernel/ids.ts';
import { JsonObject, type Ask, type Proposal, type Verdict } from '../kernel/nouns.ts';
import type { LocalTime, Times } from '../kernel/time.ts';
import { eventId } from '../ledger/seal.ts';
import { baseFacts, gateFacts } from './facts.ts';
import { beyond } from './service/beyond.ts';
import type { FactsRead, Tx } from './ports.ts';
import { found, record, type World } from './world.ts';

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

export interface JudgedRead {
  readonly tool: ToolName;
  readonly input: Digest;
  readonly verdict: Verdict;
}

/** The reads of a deliberation that broke off and is tried again: they took place. The same ones again are on file. */
export async function keepLost(world: World, ask: Ask, reads: readonly JudgedRead[]): Promise<void> {
  if (reads.length === 0) return;
  await world.store.tx(ask.org, async (tx) => {
    const key = [ask.id, digest(reads)];
    if (await tx.recorded(eventId({ org: ask.org, type: 'reads.judged', key }))) return;
    const event = await recordReads(world, tx, ask, { key, value: { reads, by: 'lost', stopped: 'lost', finding: null } }, await tx.times());
    await tx.addReads(key.join('/'), ask.id, reads, event);
  });
}

export const recordReads = (world: World, tx: Tx, ask: Ask, { key, value }: { readonly key: readonly string[]; readonly value: unknown }, times: Times) =>
  record(world, tx, {
    org: tx.org,
    type: 'reads.judged',
    key,
    causes: [ask.cause],
    correlation: ask.id,
    times,
    groups: { payload: { subject: 'organization', value: JsonObject.parse(value) } },
  });

/** Reads as an agent has them: each is judged in this process, on facts that trusted records gave, and noted. */
export function judgedReads(world: World, ask: Ask, agent: Agent, now: LocalTime, noted: JudgedRead[]): Reads {
  return {
    read: (tool, input) =>
      world.store.tx(ask.org, async (tx) => {
        const bound = found(world.reads.get(tool.name), `read tool \`${tool.name}\``);
        const times = await tx.times();
        const { judgment } = await judgeRead(world, tx, ask, agent, bound.tool, now, times);
        noted.push({ tool: tool.name, input: digest(input), verdict: judgment.verdict });
        if (judgment.verdict !== 'permit') throw new ReadDenied(tool.name, judgment.why);
        return tool.output.parse(await bound.run(input, tx));
      }),
  };
}

type Asking = Pick<Ask, 'id' | 'org' | 'agent' | 'onBehalfOf'>;

/** What trusted records say of an agent that is about to do something for an ask which is no proposal: to read, or to ask a model. */
export function factsOfAsk(tx: Tx, ask: Asking, agent: Agent, tool: ToolName, now: LocalTime, times: Times): Promise<FactsRead> {
  const { id, org, onBehalfOf } = ask;
  const call = { id: deriveId('prp', [org, id, tool]), org, ask: id, agent: ask.agent, onBehalfOf, tool, args: {} };
  const proposal: Proposal = { ...call, actionDigest: actionDigest(call), rationale: '' };
  return tx.facts({ proposal, facts: null, domain: agent.domain, times, today: now.date });
}

/** What the gate says of a read that an agent makes for an ask. */
export async function judgeRead(world: World, tx: Tx, ask: Asking, agent: Agent, tool: AnyReadTool, now: LocalTime, times: Times) {
  const read = await factsOfAsk(tx, ask, agent, tool.name, now, times);
  const granted = agent.reads.some(({ name }) => name === tool.name) && beyond(read, tool.name, 0).length === 0;
  const base = { ...baseFacts(read, world.agents, ask.agent, now, ask.onBehalfOf, [], granted), approvals: {}, approved_by: [], requester_is_sole: false };
  const facts = gateFacts(null, base, {});
  const judgment = decide(world.constitution(ask.org), {
    agent: ask.agent,
    onBehalfOf: ask.onBehalfOf,
    tool: tool.name,
    resource: 'records',
    facts,
    currency: world.settings(ask.org).currency,
  });
  return { judgment, facts };
}
