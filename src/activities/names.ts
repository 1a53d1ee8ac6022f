/** What people write by name, found; or refused with the names nearest to it, the same way everywhere. */
import type { Agent } from '../kernel/define.ts';
import type { PersonId } from '../kernel/ids.ts';
import { AgentName, Domain, DOMAINS, ToolName } from '../kernel/ids.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import type { Tx } from './ports.ts';
import type { World } from './world.ts';

/** @throws UnknownNameError `agent_unknown` */
export function agentNamed(world: World, word: string): Agent {
  const name = AgentName.safeParse(word);
  const agent = name.success ? world.agents.get(name.data) : undefined;
  if (!agent) throw new UnknownNameError('agent', word, [...world.agents.keys()], null);
  return agent;
}

/** @throws UnknownNameError `domain_unknown` */
export function domainNamed(word: string, among: readonly Domain[] = DOMAINS): Domain {
  const domain = Domain.safeParse(word);
  if (!domain.success || !among.includes(domain.data)) throw new UnknownNameError('domain', word, among, null);
  return domain.data;
}

/** One who is here: of those who left, records speak, and nobody acts for them. @throws UnknownNameError `person_unknown` */
export async function personNamed(tx: Tx, word: string): Promise<PersonId> {
  const active = (await tx.people()).filter(({ status }) => status === 'active');
  const found = active.find(({ id }) => id === word);
  if (!found)
    throw new UnknownNameError(
      'person',
      word,
      active.map(({ id }) => id),
      'charter people list',
    );
  return found.id;
}

/** @throws UnknownNameError `tool_unknown` */
export function toolNamed(word: string, among: readonly ToolName[]): ToolName {
  const name = ToolName.safeParse(word);
  if (!name.success || !among.includes(name.data)) throw new UnknownNameError('tool', word, among, null);
  return name.data;
}
