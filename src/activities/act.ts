/** Decision -> Warrant -> Intent -> Receipt: each one transaction, each found again under its key. */
import { z } from 'zod';
import { execute, type Effect } from '../execute/execute.ts';
import { permits, readWarrant, signWarrant, warrantClaims, WarrantError } from '../warrant/warrant.ts';
import type { DecisionId } from '../kernel/ids.ts';
import { WarrantId, type EventId, type OrgId, type ProposalId } from '../kernel/ids.ts';
import { Outcome, type Proposal, type Receipt } from '../kernel/nouns.ts';
import { eventId } from '../ledger/seal.ts';
import { localTime, millis, type Instant, type Times } from '../kernel/time.ts';
import { closeProposal, subjectOf } from './close.ts';
import type { ProposalOnFile, Tx } from './ports.ts';
import { recordTakenBack } from './take-back.ts';
import { found, once, record, StageError, type World } from './world.ts';

/** Issues the warrant of a permit. @param round of judging, so that a second permit has a warrant of its own */
export function issueWarrant(world: World, org: OrgId, id: ProposalId, decisionId: DecisionId, round: number): Promise<WarrantId> {
  return world.store.tx(org, (tx) =>
    once(
      tx,
      ['warrant', id, round],
      { id, decisionId, round },
      (stored) => WarrantId.parse(stored),
      async () => {
        const { proposal } = found(await tx.proposal(id), `proposal \`${id}\``);
        const onFile = found(
          (await tx.decisions(id)).find(({ decision }) => decision.id === decisionId),
          `decision \`${decisionId}\``,
        );
        const votes = (await tx.votes(id)).filter(({ voidBecause, vote }) => voidBecause === null && vote.choice === 'approve');
        const times = await tx.times();
        const claims = warrantClaims(
          proposal,
          onFile.decision,
          votes.map(({ vote }) => vote),
          round,
          Math.floor(millis(times.wall) / 1000),
        );
        const jws = await signWarrant(claims, world.warrants);
        const event = await record(world, tx, {
          org,
          type: 'warrant.issued',
          key: [id, round],
          causes: [onFile.event],
          correlation: proposal.ask,
          times,
          groups: { execution: { subject: subjectOf(world.writes.get(proposal.tool)?.tool, proposal.args), value: { ...claims } } },
        });
        await tx.addWarrant(claims.jti, claims, jws, round, event, times.wall);
        return claims.jti;
      },
    ),
  );
}

/** `committed`: nothing may stop it any more. `stale`: the warrant ran out unused; judge again. `closed`: it will not be done. */
export const Intent = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('committed') }),
  z.strictObject({ state: z.literal('stale') }),
  z.strictObject({ state: z.literal('closed'), outcome: Outcome }),
]);
export type Intent = z.infer<typeof Intent>;

/**
 * Consumes a warrant: signature, action, expiry and halt are checked in the transaction that commits the intent.
 * An intent that is there already is resumed, whatever the age of its warrant.
 * @throws WarrantError `bad_signature`, `other_action`
 */
export function commitIntent(world: World, org: OrgId, id: ProposalId, warrantId: WarrantId): Promise<Intent> {
  return world.store.tx(org, async (tx): Promise<Intent> => {
    await tx.lock([`proposal/${id}`]);
    const onFile = found(await tx.proposal(id), `proposal \`${id}\``);
    if (await tx.intent(id)) return { state: 'committed' };
    if (onFile.outcome) return { state: 'closed', outcome: onFile.outcome };
    const times = await tx.times();
    const warrant = found(await tx.warrant(warrantId), `warrant \`${warrantId}\``);
    if (!(await stillPermits(world, tx, onFile.proposal, warrant.jws, times))) return { state: 'stale' };
    if (await haltedNow(world, tx, onFile.proposal)) {
      await closeProposal(world, tx, onFile, times, 'halted', [warrant.event]);
      return { state: 'closed', outcome: 'halted' };
    }
    const event = await record(world, tx, {
      org,
      type: 'intent.committed',
      key: [id],
      causes: [warrant.event],
      correlation: onFile.proposal.ask,
      times,
      groups: {
        execution: {
          subject: subjectOf(world.writes.get(onFile.proposal.tool)?.tool, onFile.proposal.args),
          value: { proposal: id, warrant: warrantId, action: onFile.proposal.actionDigest },
        },
      },
    });
    await tx.addIntent(id, warrantId, event, times.wall);
    await tx.moveReservations([id], 'spent');
    return { state: 'committed' };
  });
}

/** False where the time, the keys or the constitution have moved on: judged again. A warrant that never fitted throws. */
async function stillPermits(world: World, tx: Tx, proposal: Proposal, jws: string, times: Times): Promise<boolean> {
  const now = millis(times.wall);
  try {
    const claims = await readWarrant(jws, world.warrants, now);
    permits(claims, proposal, Math.floor(now / 1000));
    return claims.constitution === (await tx.constitution());
  } catch (error) {
    if (error instanceof WarrantError && (error.code === 'expired' || error.code === 'key_retired')) return false;
    throw error;
  }
}

/** The halt rows stay locked until this transaction ends: a halt is before the intent, or after it, never beside it. */
async function haltedNow(world: World, tx: Tx, proposal: Proposal): Promise<boolean> {
  const chain = (await tx.askChain(proposal.ask)).map(({ agent }) => agent);
  const scopes = [proposal.agent, ...chain].flatMap((agent) => [`agent/${agent}`, `domain/${world.agents.get(agent)?.domain ?? 'unknown'}`]);
  const halted = await tx.haltedFor([...new Set(['organization', ...scopes])]); // whoever asked for it is halted: so is it
  return halted ?? true; // a missing row is a missing fact
}

/** Runs the tool of a committed intent and keeps its receipt, in one transaction. Run again, it returns the same. */
export async function perform(world: World, org: OrgId, id: ProposalId): Promise<Outcome> {
  return world.store.tx(org, async (tx): Promise<Outcome> => {
    await tx.lock([`proposal/${id}`]);
    const receipt = await tx.receipt(id);
    if (receipt) return receipt.outcome;
    const onFile = found(await tx.proposal(id), `proposal \`${id}\``);
    const intent = await tx.intent(id);
    if (!intent) throw new StageError('not_open', `Proposal \`${id}\` has no committed intent; nothing was done.`);
    await requireStanding(world, tx, onFile.proposal, intent);
    const bound = found(world.writes.get(onFile.proposal.tool), `tool \`${onFile.proposal.tool}\``);
    const times = await tx.times();
    const effect = await tx.attempt(() => execute(bound, onFile.proposal, tx, { proposal: id, today: localTime(times.business, world.settings(org).zone) }));
    const event = await keepReceipt(world, tx, onFile, intent, effect, times);
    if (effect.outcome === 'done') await recordTakenBack(world, tx, bound.tool, onFile.proposal, event);
    await closeProposal(world, tx, onFile, times, effect.outcome, [event]);
    return effect.outcome;
  });
}

/**
 * An intent counts where the log has its event, and its warrant is ours and for this very action, whatever its age: a row that somebody
 * wrote past us begins nothing.
 * @throws StageError `not_open`, `not_found`; WarrantError `bad_signature`, `key_retired`, `other_action`
 */
export async function requireStanding(
  world: World,
  tx: Tx,
  proposal: Proposal,
  { warrant, event, at }: { readonly warrant: WarrantId; readonly event: EventId; readonly at: Instant },
): Promise<void> {
  const due = eventId({ org: tx.org, type: 'intent.committed', key: [proposal.id] });
  if (event !== due || !(await tx.recorded(due)))
    throw new StageError('not_open', `The intent of \`${proposal.id}\` is not in the log; nothing was done. See who wrote that row.`);
  const claims = await readWarrant(found(await tx.warrant(warrant), `warrant \`${warrant}\``).jws, world.warrants, millis(at));
  permits(claims, proposal, claims.iat); // it was in time when it was consumed, and so was its key
}

/** @param effect what the tool did, ours or the caller's */
export async function keepReceipt(
  world: World,
  tx: Tx,
  { proposal }: ProposalOnFile,
  intent: { warrant: WarrantId; event: EventId },
  effect: Effect,
  times: Times,
) {
  const value = effect.outcome === 'done' ? { output: effect.output } : { code: effect.code, message: effect.message };
  const event = await record(world, tx, {
    org: tx.org,
    type: 'receipt.given',
    key: [proposal.id],
    causes: [intent.event],
    correlation: proposal.ask,
    times,
    groups: { execution: { subject: subjectOf(world.writes.get(proposal.tool)?.tool, proposal.args), value: { outcome: effect.outcome, ...value } } },
  });
  const receipt: Receipt = { proposal: proposal.id, warrant: intent.warrant, event, ...effect };
  await tx.addReceipt(receipt, times.wall);
  return event;
}
