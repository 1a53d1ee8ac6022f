/** Levels of agents: raised by an amendment, lowered by an owner at once. */
import type { AgentName, EventId } from '../../kernel/ids.ts';
import { Level } from '../../kernel/nouns.ts';
import type { Speaker } from '../people.ts';
import type { Tx } from '../ports.ts';
import { record, type World } from '../world.ts';
import { requireOwner } from '../tokens.ts';
import { AmendmentError } from './propose.ts';

/** @throws AuthorityError `role_missing`; AmendmentError `agent_unknown`, `not_raised` where it is no lower */
export async function lowerLevel(
  world: World,
  speaker: Speaker,
  agent: AgentName,
  to: Level,
  reason: string,
): Promise<{ readonly from: Level; readonly to: Level }> {
  requireOwner(speaker, "lower an agent's level");
  const { from, open } = await world.store.tx(speaker.org, async (tx) => {
    await tx.lock(['amendments']);
    const now = await world.amendments.level(tx, agent);
    if (!now) throw new AmendmentError('agent_unknown', `There is no agent \`${agent}\`; see \`charter level show\`.`);
    if (Level.options.indexOf(to) >= Level.options.indexOf(now))
      throw new AmendmentError(
        'not_raised',
        `\`${agent}\` is at \`${now}\`; \`${to}\` is no lower. Raising is an amendment: \`charter level raise ${agent} ${to}\`.`,
      );
    await setLevel(world, tx, { agent, to, type: 'level.lowered', by: speaker, correlation: `level/${agent}`, causes: [], reason });
    return { from: now, open: (await tx.openProposals()).filter((one) => one.agent === agent) };
  });
  // Where a wake is lost the card waits on, and is judged under the lower level at the next vote on it.
  await Promise.allSettled(open.map(({ id }) => world.orchestrator.wakeAction(speaker.org, id)));
  return { from, to };
}

export async function setLevel(
  world: World,
  tx: Tx,
  change: {
    readonly agent: AgentName;
    readonly to: Level;
    readonly type: 'level.raised' | 'level.lowered';
    readonly by: Speaker | null; // null: the votes that are its causes
    readonly correlation: string;
    readonly causes: readonly EventId[];
    readonly reason: string;
  },
): Promise<void> {
  const { agent, to, type, by, correlation, causes, reason } = change;
  const times = await tx.times();
  await world.amendments.setLevel(tx, agent, to, times.wall);
  if (type === 'level.raised') await tx.forgetDrifts(['shadowed'], agent, times.wall); // what was only shadowed is asked about at the new level
  await record(world, tx, {
    org: tx.org,
    type,
    key: [agent, to, times.wall],
    causes,
    correlation,
    times,
    groups: {
      ...(by ? { actor: { subject: `person/${by.person}`, value: { person: by.person } } } : {}),
      payload: { subject: 'organization', value: { agent, level: to, reason } },
    },
  });
}
