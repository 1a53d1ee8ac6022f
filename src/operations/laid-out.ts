/** The inbox as one reader has it: bounded, in order, the rest behind groups. */
import { placeCards } from '../activities/attention.ts';
import type { World } from '../activities/world.ts';
import type { TaskCard } from '../client.ts';
import { ToolName, type OrgId, type PersonId } from '../kernel/ids.ts';
import { Money } from '../kernel/money.ts';

/** What waits, as one reader has it: cards first, then what is behind a group. */
export async function laidOut(world: World, org: OrgId, reader: PersonId | null, tasks: readonly TaskCard[]): Promise<readonly TaskCard[]> {
  const waits = tasks.map((one) => ({
    id: one.id,
    eligible: one.may.map(({ person }) => person),
    escalated: one.escalated !== null,
    nudged: one.nudged.map(({ person }) => person),
    minor: amountOf(world, one),
    expiresAt: one.expiresAt ?? '',
  }));
  const { grouped, order } = await placeCards(world, org, reader, waits);
  const byId = new Map(tasks.map((one) => [one.id, one]));
  return order.flatMap((id) => byId.get(id) ?? []).map((one) => ({ ...one, grouped: grouped.has(one.id) }));
}

function amountOf(world: World, { tool, args }: TaskCard): number {
  const name = world.writes.get(ToolName.parse(tool))?.tool.amount;
  const amount = Money.safeParse(name === undefined ? undefined : args[name]);
  return amount.success ? amount.data.minor : 0;
}
