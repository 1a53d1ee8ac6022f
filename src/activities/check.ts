/** What the gate would say of a call, without making it: the same facts, the same verdict, nothing kept. */
import { decide, material, type Judgment } from '../gate/decide.ts';
import { withinReach } from '../gate/approvals.ts';
import { provenance } from '../gate/provenance.ts';
import { actionDigest } from '../kernel/action.ts';
import { deriveId, type AgentName, type OrgId, type PersonId, type ToolName } from '../kernel/ids.ts';
import type { JsonObject, Proposal } from '../kernel/nouns.ts';
import { localTime } from '../kernel/time.ts';
import { subjectOf } from './close.ts';
import { baseFacts, gateFacts, sourcesOf } from './facts.ts';
import { found, type World } from './world.ts';

export interface CheckedCall {
  readonly agent: AgentName;
  readonly tool: ToolName;
  readonly args: JsonObject;
  readonly onBehalfOf: PersonId | null;
}

/** Malformed arguments are denied with what is wrong with them. */
export function checkCall(world: World, org: OrgId, call: CheckedCall): Promise<Judgment> {
  return world.store.tx(org, async (tx) => {
    const { tool } = found(world.writes.get(call.tool), `tool \`${call.tool}\``);
    const parsed = tool.input.safeParse(call.args);
    if (!parsed.success)
      return {
        verdict: 'deny',
        kind: 'malformed',
        articles: [],
        needs: [],
        why: parsed.error.issues.map((issue) => `\`${issue.path.join('.')}\`: ${issue.message}`),
      };
    const action = { ...call, org };
    const id = deriveId('prp', [org, 'check', actionDigest(action)]);
    const proposal: Proposal = { ...action, id, ask: deriveId('ask', [org, 'check']), actionDigest: actionDigest(action), rationale: '' };
    const times = await tx.times();
    const agent = world.agents.get(call.agent);
    const local = localTime(times.business, world.settings(org).zone);
    const read = await tx.facts({ proposal, facts: tool.facts, domain: agent?.domain ?? 'finance', times, today: local.date });
    const { untrusted } = provenance({ governs: tool.governs, args: call.args, ...sourcesOf(read) });
    const granted = agent?.proposes.some(({ name }) => name === call.tool) ?? false;
    const base = { ...baseFacts(read, agent, local, call.onBehalfOf, untrusted, granted), approvals: {}, approved_by: [], requester_is_sole: false };
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
    return withinReach(judged, { requester: call.onBehalfOf, ...terms, operatorTokensCount: false, electors, barred, asked: null }, times.wall);
  });
}
