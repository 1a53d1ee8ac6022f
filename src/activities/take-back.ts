/** What a halt takes back: payments that were instructed and have not left the house. */
import type { EventId, ProposalId } from '../kernel/ids.ts';
import { AgentName, Domain } from '../kernel/ids.ts';
import { eventId } from '../ledger/seal.ts';
import type { HaltScope } from './people.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

/** Takes back what a scope has not sent; each payment is an event, and its money is free again. */
export async function takeBack(world: World, tx: Tx, scope: HaltScope, reason: string, cause: EventId): Promise<readonly ProposalId[]> {
  const withdrawn = await world.takeBack(tx, scope, reason);
  await tx.moveReservations(withdrawn, 'released');
  for (const payment of withdrawn) {
    const receipt = await tx.receipt(payment);
    const onFile = await tx.proposal(payment);
    await record(world, tx, {
      org: tx.org,
      type: 'payment.withdrawn',
      key: [payment],
      causes: [cause, ...(receipt ? [receipt.event] : [])],
      correlation: onFile?.proposal.ask ?? payment,
      times: await tx.times(),
      groups: { execution: { subject: `payment/${payment}`, value: { payment, reason } } },
    });
  }
  return withdrawn;
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
