/** What the gate would say of a call, without making it: the same facts, the same verdict, nothing kept. */
import { decide, material, type Judgment } from '../gate/decide.ts';
import { inNumbers, withinReach } from '../gate/approvals.ts';
import { factsRead } from '../gate/facts-read.ts';
import { provenance } from '../gate/provenance.ts';
import { actionDigest } from '../kernel/action.ts';
import type { z } from 'zod';
import { deriveId, type AgentName, type AskId, type OrgId, type PersonId, type ToolName } from '../kernel/ids.ts';
import type { Agent } from '../kernel/define.ts';
import { mistakes } from '../kernel/mistakes.ts';
import type { JsonObject, Need, Proposal } from '../kernel/nouns.ts';
import { durationMs, instant, localTime, millis, type Instant } from '../kernel/time.ts';
import { subjectOf } from './close.ts';
import { electorate } from './eligible.ts';
import { checkImported, importedEntry } from './check-imported.ts';
import { judgeRead, type BoundRead } from './reads.ts';
import { baseFacts, gateFacts, sayingTies, sourcesOf } from './facts.ts';
import { amountAsked, beyondAct, saying } from './service/beyond.ts';
import type { BoundWrite } from '../execute/execute.ts';
import type { Tx } from './ports.ts';
import { found, type World } from './world.ts';

export interface CheckedCall {
  readonly agent: AgentName;
  readonly tool: ToolName;
  readonly args: JsonObject;
  readonly onBehalfOf: PersonId | null;
  readonly ask?: AskId; // on file, with the chain that it came through
}

/** What was said of a call, and on what ground. */
export interface Checked {
  readonly judgment: Judgment;
  readonly facts: JsonObject; // as the gate took them; none where the arguments are malformed
  readonly barred: readonly string[]; // who may not vote on it
}

/** A judgment with the facts that the articles looked at, and for each role that could lift it who may, and until when. */
export interface Explained extends Judgment {
  readonly facts: JsonObject; // by path: `payment.amount_minor`
  readonly lifts: readonly (Pick<Need, 'role' | 'quorum'> & { readonly people: readonly PersonId[]; readonly until: Instant })[];
}

/** Malformed arguments are denied with what is wrong with them. Reads are judged as they are when an agent makes them. */
export const explainCall = (world: World, org: OrgId, call: CheckedCall): Promise<Explained> =>
  world.store.tx(org, async (tx) => {
    const { judgment, facts, barred } = await checkCallIn(world, tx, call);
    const { wall } = await tx.times();
    const lifts: Explained['lifts'][number][] = [];
    for (const need of judgment.needs) {
      const { eligible } = await electorate(tx, call.onBehalfOf, [need], barred);
      const until = instant(millis(wall) + (durationMs(need.within) ?? 0));
      lifts.push({ role: need.role, quorum: need.quorum, people: eligible.map(({ id }) => id), until });
    }
    const spoke = [...judgment.articles, ...(judgment.observed?.articles ?? [])].map(({ id }) => id);
    return { ...judgment, facts: factsRead(world.constitution(org), spoke, facts), lifts };
  });

/** The same, in the caller's transaction. */
export async function checkCallIn(world: World, tx: Tx, call: CheckedCall): Promise<Checked> {
  const agent = found(world.agents.get(call.agent), `agent \`${call.agent}\``);
  const read = world.reads.get(call.tool);
  if (read) return checkRead(world, tx, call, agent, read);
  const entry = importedEntry(world, tx, call);
  if (entry?.imported?.manifest) return checkImported(world, tx, call, entry.imported.manifest, entry.imported.agents.includes(call.agent));
  return checkWrite(world, tx, call, agent, found(world.writes.get(call.tool), `tool \`${call.tool}\``));
}

const malformed = (schema: z.ZodType, args: JsonObject, error: z.ZodError): Checked => ({
  judgment: { verdict: 'deny', kind: 'malformed', articles: [], needs: [], why: [...mistakes(schema, args, error)] },
  facts: {},
  barred: [],
});

const unasked = (org: OrgId): AskId => deriveId('ask', [org, 'check']);

async function checkRead(world: World, tx: Tx, call: CheckedCall, agent: Agent, { tool }: BoundRead): Promise<Checked> {
  const parsed = tool.input.safeParse(call.args);
  if (!parsed.success) return malformed(tool.input, call.args, parsed.error);
  const times = await tx.times();
  const now = localTime(times.business, world.settings(tx.org).zone);
  const judged = await judgeRead(world, tx, { ...call, org: tx.org, id: call.ask ?? unasked(tx.org) }, agent, tool, now, times);
  return { ...judged, barred: [] };
}

async function checkWrite(world: World, tx: Tx, call: CheckedCall, agent: Agent, { tool }: BoundWrite<Tx>): Promise<Checked> {
  const { org } = tx;
  const parsed = tool.input.safeParse(call.args);
  if (!parsed.success) return malformed(tool.input, call.args, parsed.error);
  const action = { org, agent: call.agent, onBehalfOf: call.onBehalfOf, tool: call.tool, args: call.args };
  const id = deriveId('prp', [org, 'check', actionDigest(action)]);
  const proposal: Proposal = { ...action, id, ask: call.ask ?? unasked(org), actionDigest: actionDigest(action), rationale: '' };
  const times = await tx.times();
  const local = localTime(times.business, world.settings(org).zone);
  const read = await tx.facts({ proposal, facts: tool.facts, domain: agent.domain, times, today: local.date });
  const { untrusted } = provenance({ governs: tool.governs, args: call.args, ...sourcesOf(read) });
  const outside = beyondAct(read, call.tool, amountAsked(tool, read.domainFacts));
  const granted = outside.length === 0 && agent.proposes.some(({ name }) => name === call.tool);
  const base = {
    ...baseFacts(read, world.agents, call.agent, local, call.onBehalfOf, untrusted, granted),
    approvals: {},
    approved_by: [],
    requester_is_sole: false,
  };
  const facts = gateFacts(tool.facts, base, read.domainFacts);
  const judged = decide(world.constitution(org), {
    agent: call.agent,
    onBehalfOf: call.onBehalfOf,
    tool: call.tool,
    resource: subjectOf(tool, call.args),
    facts,
    currency: world.settings(org).currency,
  });
  const terms = { slice: world.constitution(org).slice(call.tool), material: material(tool.facts, facts) };
  const { electors, barred } = read;
  const ballot = { requester: call.onBehalfOf, ...terms, operatorTokensCount: false, electors, barred, asked: null };
  return { judgment: saying(withinReach(inNumbers(sayingTies(judged, read), ballot), ballot, times.wall), outside), facts, barred };
}
