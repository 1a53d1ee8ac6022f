/** A proposal's card, and its end: its outcome, the money it held, and when its drift may be asked about again. */
import type { AnyWriteTool, CardLine } from '../kernel/define.ts';
import type { EventId, ProposalId } from '../kernel/ids.ts';
import type { JsonObject, Outcome, Proposal } from '../kernel/nouns.ts';
import type { LocalDate, Times } from '../kernel/time.ts';
import { cardOfImported, importedTool } from './service/imported.ts';
import type { ProposalOnFile, Tx } from './ports.ts';
import { found, record, type World } from './world.ts';

/** `invoice/S-014:2026-0193`: what a call acts on, and the subject whose key seals what is said of it. */
export function subjectOf(tool: AnyWriteTool | undefined, args: JsonObject): string {
  const id = tool && args[tool.resource.argument];
  return tool && typeof id === 'string' ? `${tool.resource.type.toLowerCase()}/${id}` : 'organization';
}

/** A call in business language, beside what the records say today. */
export async function cardOf(world: World, tx: Tx, proposal: Proposal): Promise<readonly CardLine[]> {
  if (!world.writes.has(proposal.tool) && importedTool(world.constitution(tx.org), proposal.tool)) return cardOfImported(proposal.tool, proposal.args);
  const { tool } = found(world.writes.get(proposal.tool), `write tool \`${proposal.tool}\``);
  return tool.card(tool.input.parse(proposal.args), await world.cardContext(tx, proposal));
}

/** What an outcome makes of the drift: nagged about never, forgotten never. */
const AFTER: Readonly<Record<Outcome, 'asked' | 'declined' | 'gone'>> = {
  done: 'asked', // until it is seen gone
  failed: 'asked', // again when a fact changes
  denied: 'asked',
  shadowed: 'asked',
  declined: 'declined', // again when a governing fact changes, or on the day that whoever declined named
  expired: 'declined', // the same, with the organization's quiet time
  halted: 'gone', // the next review asks anew
  overtaken: 'gone',
  edited: 'asked', // the person's version of it is open
};

/**
 * @param quietUntil business day on which the drift may be asked about again; null: only when a governing fact changes
 * @param because why it ended so, where more than one thing could end it
 */
export async function closeProposal(
  world: World,
  tx: Tx,
  onFile: ProposalOnFile,
  times: Times,
  outcome: Outcome,
  causes: readonly EventId[],
  quietUntil: LocalDate | null = null,
  because?: string,
): Promise<EventId> {
  const { proposal } = onFile;
  await tx.closeProposal(proposal.id, outcome, times.wall);
  if (outcome !== 'done') await tx.moveReservations([proposal.id], 'released');
  const ask = found(await tx.ask(proposal.ask), `ask \`${proposal.ask}\``);
  if (ask.about.kind === 'drift') {
    const { drift, episode } = ask.about;
    const row = (await tx.drifts([drift.reconciler])).find(({ key }) => key === drift.key);
    if (row && row.episode === episode && row.state === 'asked') await tx.saveDrift({ ...row, state: AFTER[outcome], quietUntil }, times.wall);
  }
  if (ask.about.kind === 'rollback' && outcome === 'done') await leaveBe(tx, ask.about.undoes, times);
  return record(world, tx, {
    org: tx.org,
    type: 'proposal.closed',
    key: [proposal.id],
    causes: [onFile.event, ...causes],
    correlation: proposal.ask,
    times,
    groups: {
      payload: {
        subject: 'organization',
        value: { proposal: proposal.id, outcome, ...(quietUntil === null ? {} : { quietUntil }), ...(because === undefined ? {} : { because }) },
      },
    },
  });
}

/** What was undone is not done again by the next review: its drift is as one that was declined, until a governing fact changes. */
async function leaveBe(tx: Tx, undone: ProposalId, times: Times): Promise<void> {
  const original = found(await tx.proposal(undone), `proposal \`${undone}\``);
  const about = (await tx.ask(original.proposal.ask))?.about;
  if (about?.kind !== 'drift') return;
  const row = (await tx.drifts([about.drift.reconciler])).find(({ key }) => key === about.drift.key);
  if (row?.episode === about.episode) await tx.saveDrift({ ...row, state: 'declined', quietUntil: null }, times.wall);
}
