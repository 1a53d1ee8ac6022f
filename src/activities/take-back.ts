/** Payments that were instructed and have not left the house, taken back: by a halt, or by a call that somebody asked for. */
import type { AnyWriteTool } from '../kernel/define.ts';
import type { Sealable } from '../kernel/events.ts';
import { AgentName, Domain, ProposalId, type EventId } from '../kernel/ids.ts';
import type { Proposal } from '../kernel/nouns.ts';
import { eventId } from '../ledger/seal.ts';
import type { HaltScope } from './people.ts';
import type { Tx } from './ports.ts';
import { found, record, type World } from './world.ts';

/** Takes back what a scope has not sent; each payment is an event, and its money is free again. */
export async function takeBack(world: World, tx: Tx, scope: HaltScope, reason: string, cause: EventId): Promise<readonly ProposalId[]> {
  const withdrawn = await world.takeBack(tx, scope, reason);
  await tx.moveReservations(withdrawn, 'released');
  for (const payment of withdrawn) await recordWithdrawn(world, tx, payment, reason, cause);
  return withdrawn;
}

/** Where a call took a payment back, that payment's own story says who had it done, and why. @param cause the receipt of the call */
export async function recordTakenBack(
  world: World,
  tx: Tx,
  tool: AnyWriteTool,
  { args, onBehalfOf, agent, rationale }: Proposal,
  cause: EventId,
): Promise<void> {
  if (tool.takesBack === undefined) return;
  const payment = found(ProposalId.safeParse(args[tool.takesBack]).data, `payment in \`${tool.takesBack}\``);
  const reason = typeof args['reason'] === 'string' ? args['reason'] : rationale;
  const who = { subject: onBehalfOf === null ? 'organization' : `person/${onBehalfOf}`, value: { by: onBehalfOf ?? agent } };
  await recordWithdrawn(world, tx, payment, reason, cause, who);
}

/** @param who had it taken back; a halt says that of itself */
async function recordWithdrawn(world: World, tx: Tx, payment: ProposalId, reason: string, cause: EventId, who?: Sealable): Promise<void> {
  const receipt = await tx.receipt(payment);
  const onFile = await tx.proposal(payment);
  await record(world, tx, {
    org: tx.org,
    type: 'payment.withdrawn',
    key: [payment],
    causes: [cause, ...(receipt ? [receipt.event] : [])],
    correlation: onFile?.proposal.ask ?? payment,
    times: await tx.times(),
    groups: { ...(who ? { actor: who } : {}), execution: { subject: `payment/${payment}`, value: { payment, reason } } },
  });
}

/**
 * An intent that was committed before a halt goes on, and its payment may be instructed after it: it is taken back here, before
 * anything is sent. The halt rows stay locked until the transaction ends.
 */
export async function takeBackHalted(world: World, tx: Tx): Promise<void> {
  for (const { scope, reason, at } of await tx.haltedScopes()) {
    const cause = eventId({ org: tx.org, type: 'halt.set', key: [scope, at] });
    await takeBack(world, tx, scopeOf(scope), reason, cause);
  }
}

function scopeOf(name: string): HaltScope {
  const [kind, whose = ''] = name.split('/');
  if (kind === 'agent') return { kind, agent: AgentName.parse(whose) };
  return kind === 'domain' ? { kind, domain: Domain.parse(whose) } : { kind: 'organization' };
}
