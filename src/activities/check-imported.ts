/** What the gate would say of a call of an imported tool that nobody has asked for yet: no word of a person vouches for its arguments. */
import { withinReach } from '../gate/approvals.ts';
import type { Constitution, Slice } from '../gate/constitution.ts';
import { decide, material } from '../gate/decide.ts';
import { actionDigest } from '../kernel/action.ts';
import { deriveId } from '../kernel/ids.ts';
import { imported } from '../kernel/imported.ts';
import type { ImportedTool } from '../kernel/manifest.ts';
import type { Proposal } from '../kernel/nouns.ts';
import { localTime } from '../kernel/time.ts';
import type { Checked, CheckedCall } from './check.ts';
import { baseFacts, gateFacts } from './facts.ts';
import { beyondAct } from './service/beyond.ts';
import { amountOfImported, importedCall } from './service/imported.ts';
import type { Tx } from './ports.ts';
import { found, type World } from './world.ts';

/** The ratified entry of a tool that is not our own, or undefined. */
export const importedEntry = (world: World, tx: Pick<Tx, 'org'>, { tool }: CheckedCall): Slice['tool'] | undefined => {
  const entry = world.constitution(tx.org).slices.get(tool)?.tool;
  return entry?.imported?.manifest ? entry : undefined;
};

/** The tools that are not our own, as they are in force. */
export const importedNames = ({ slices }: Constitution) => [...slices].flatMap(([name, { tool }]) => (tool.imported?.manifest ? [name] : []));

export async function checkImported(world: World, tx: Tx, call: CheckedCall, manifest: ImportedTool, granted: boolean): Promise<Checked> {
  const { org } = tx;
  const agent = found(world.agents.get(call.agent), `agent \`${call.agent}\``);
  const action = { ...call, org };
  const id = deriveId('prp', [org, 'check', actionDigest(action)]);
  const proposal: Proposal = { ...action, id, ask: call.ask ?? deriveId('ask', [org, 'check']), actionDigest: actionDigest(action), rationale: '' };
  const times = await tx.times();
  const local = localTime(times.business, world.settings(org).zone);
  const read = await tx.facts({ proposal, facts: null, domain: agent.domain, times, today: local.date });
  const followed = await importedCall(tx, world.constitution(org), proposal, local.date);
  const outside = beyondAct(read, call.tool, amountOfImported(manifest));
  const base = {
    ...baseFacts(read, world.agents, call.agent, local, call.onBehalfOf, followed?.untrusted ?? [], granted && outside.length === 0),
    approvals: {},
    approved_by: [],
    requester_is_sole: false,
  };
  const facts = gateFacts(imported, base, { ...followed?.values, ...(call.ask ? {} : { untrusted_read: false }) });
  const { currency } = world.settings(org);
  const judged = decide(world.constitution(org), { ...call, resource: manifest.name, facts, currency });
  const terms = { slice: world.constitution(org).slice(call.tool), material: material(imported, facts) };
  const judgment = withinReach(
    { ...judged, why: [...judged.why, ...outside, ...(followed?.why ?? [])] },
    { requester: call.onBehalfOf, ...terms, operatorTokensCount: false, electors: read.electors, barred: read.barred, asked: null },
    times.wall,
  );
  return { judgment, facts, barred: read.barred };
}
