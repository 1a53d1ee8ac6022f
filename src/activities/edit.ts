/** A person's own version of what an agent proposed: a new proposal for that person, judged from the start. */
import type { AnyWriteTool } from '../kernel/define.ts';
import { canonical, type Digest } from '../kernel/digest.ts';
import type { EventId, ProposalId } from '../kernel/ids.ts';
import { mistakes } from '../kernel/mistakes.ts';
import type { JsonObject, Proposal } from '../kernel/nouns.ts';
import { actionDigest, proposalId } from '../kernel/action.ts';
import { CHANGED, saysTooLittle, SHORTEST_REASON } from '../kernel/seen.ts';
import { requireAnswer } from './answers.ts';
import { closeProposal, subjectOf } from './close.ts';
import { propose } from './deliberate.ts';
import { waitingFor, type Late, type Speaker, type Waiting } from './people.ts';
import type { Tx } from './ports.ts';
import { found, record, type World } from './world.ts';

/** What was written cannot be proposed. */
export class EditError extends Error {
  override readonly name = 'EditError';
  constructor(
    readonly code: 'arguments_invalid' | 'nothing_changed' | 'reason_missing' | 'proposed_before',
    message: string,
  ) {
    super(message);
  }
}

/** A person's own version. */
export interface Version {
  readonly args: JsonObject;
  readonly reason: string;
  readonly seen: Digest | null; // of the material facts that the person was shown, where the surface knows it
}

export type EditResult = { readonly state: 'edited'; readonly proposal: ProposalId } | Late;

/**
 * Ends a proposal that waits for this person, voids its votes, and proposes the person's version of it. The editor is its
 * requester from then on: others decide it, within the editor's own authority.
 * @throws EditError; AnswerError where its tool offers no edit; AuthorityError as `castVote`
 */
export function editProposal(world: World, speaker: Speaker, id: ProposalId, { args, reason, seen }: Version): Promise<EditResult> {
  return world.store.tx(speaker.org, async (tx): Promise<EditResult> => {
    const waiting = await waitingFor(tx, speaker, id);
    if (waiting.state === 'late') return waiting;
    if (seen !== null && seen !== waiting.last.decision.material) return { state: 'late', what: CHANGED, outcome: null };
    const { proposal } = waiting.onFile;
    requireAnswer(world, tx.org, proposal.tool, 'edit');
    const { tool } = found(world.writes.get(proposal.tool), `tool \`${proposal.tool}\``);
    requireEdit(tool, proposal, args, reason);
    const ask = { ...found(await tx.ask(proposal.ask), `ask \`${proposal.ask}\``), onBehalfOf: speaker.person };
    const next = proposalId(actionDigest({ ...proposal, onBehalfOf: speaker.person, args }), ask);
    if (await tx.proposal(next)) throw new EditError('proposed_before', `You proposed the very same before: \`${next}\`. See what became of it.`);
    const event = await recordEdit(world, tx, speaker, waiting, { tool, args, reason, next });
    await voidVotes(world, tx, speaker, waiting, event);
    await closeProposal(world, tx, waiting.onFile, waiting.times, 'edited', [event]);
    return { state: 'edited', proposal: await propose(world, tx, ask, { tool: proposal.tool, args, rationale: reason }, waiting.times, [event]) };
  });
}

function requireEdit(tool: AnyWriteTool, proposal: Proposal, args: JsonObject, reason: string): void {
  const parsed = tool.input.safeParse(args);
  if (!parsed.success)
    throw new EditError('arguments_invalid', `\`${tool.name}\` does not take these arguments: ${mistakes(tool.input, args, parsed.error).join(' ')}`);
  if (canonical(args) === canonical(proposal.args))
    throw new EditError('nothing_changed', 'Nothing is different from what was proposed; approve or decline it.');
  if (saysTooLittle(reason))
    throw new EditError('reason_missing', `An edit needs a reason of at least ${SHORTEST_REASON} characters: who decides the new proposal reads it.`);
}

interface Edit {
  readonly tool: AnyWriteTool;
  readonly args: JsonObject;
  readonly reason: string;
  readonly next: ProposalId;
}

function recordEdit(world: World, tx: Tx, { person }: Speaker, { onFile, last, times }: Waiting, { tool, args, reason, next }: Edit): Promise<EventId> {
  return record(world, tx, {
    org: tx.org,
    type: 'proposal.edited',
    key: [onFile.proposal.id],
    causes: [onFile.event, last.event],
    correlation: onFile.proposal.ask,
    times,
    groups: {
      actor: { subject: `person/${person}`, value: { person } },
      payload: { subject: subjectOf(tool, args), value: { proposal: onFile.proposal.id, becomes: next, args, reason } },
    },
  });
}

async function voidVotes(world: World, tx: Tx, { person }: Speaker, { onFile, times }: Waiting, cause: EventId): Promise<void> {
  const because = `${person} edited what was asked`;
  for (const { vote, event } of (await tx.votes(onFile.proposal.id)).filter(({ voidBecause }) => voidBecause === null)) {
    await tx.voidVotes(onFile.proposal.id, [vote.person], because);
    await record(world, tx, {
      org: tx.org,
      type: 'vote.voided',
      key: [onFile.proposal.id, vote.person, event],
      causes: [event, cause],
      correlation: onFile.proposal.ask,
      times,
      groups: {
        payload: { subject: 'organization', value: { proposal: onFile.proposal.id, because } },
        subject: { subject: `person/${vote.person}`, value: { person: vote.person } },
      },
    });
  }
}
