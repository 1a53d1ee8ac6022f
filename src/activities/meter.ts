/** The money of models: the most that a try may cost is set aside before it, so that no number of tries at once passes a cap together. */
import type { Meter } from '../deliberate/ports.ts';
import type { AgentName, OrgId } from '../kernel/ids.ts';
import { minorOfMicros, money, show, type Money } from '../kernel/money.ts';
import type { Instant, Times } from '../kernel/time.ts';
import { eventId } from '../ledger/seal.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

export const WARN_AT = 0.8; // of the month's cap

/** Prices are in US dollars and counted one to one in the organization's currency, on the careful side. */
export const meterOf = (world: World, org: OrgId): Meter => ({
  reserve: (agent, most) =>
    world.store.tx(org, async (tx) => {
      const times = await tx.times();
      const month = monthOf(times.wall);
      await tx.lock([`model/${month}`]); // one after the other, each sees what those before it set aside
      const { all, own } = await tx.modelMoney(month, agent);
      await warn(world, tx, all, times);
      const why = tooMuch(world, org, agent, { all, own, most: most.micros });
      if (why !== undefined) return { ok: false, why };
      const id = await tx.reserveModelMoney(agent, month, most, times.wall);
      return { ok: true, settle: (usage) => world.store.tx(org, (later) => settle(world, later, id, agent, usage)) };
    }),
});

async function settle(world: World, tx: Tx, id: string, agent: AgentName, usage: Parameters<Tx['settleModelMoney']>[1]): Promise<void> {
  await tx.settleModelMoney(id, usage);
  const times = await tx.times();
  await tx.lock([`model/${monthOf(times.wall)}`]);
  await warn(world, tx, (await tx.modelMoney(monthOf(times.wall), agent)).all, times);
}

const monthOf = (wall: Instant): string => wall.slice(0, 7); // a calendar month in UTC

/** Why a try may not begin, in words; undefined where it may. All in millionths. */
function tooMuch(world: World, org: OrgId, agent: AgentName, { all, own, most }: { all: number; own: number; most: number }): string | undefined {
  const cap = world.settings(org).modelMonth;
  const over = (sum: number, limit: Money) => minorOfMicros(sum + most, cap.currency) > limit.minor;
  const left = (sum: number, limit: Money) => show(money(Math.max(0, limit.minor - minorOfMicros(sum, cap.currency)), cap.currency));
  const next = show(money(minorOfMicros(most, cap.currency), cap.currency));
  if (over(all, cap))
    return `Of the organization's ${show(cap)} for models this month ${left(all, cap)} are left, and the next call may cost ${next}. The owner may raise \`model.month\` in organization.yaml.`;
  const limit = world.agents.get(agent)?.limits.money ?? money(0, cap.currency);
  if (over(own, limit)) return `Of this agent's ${show(limit)} for models this month ${left(own, limit)} are left, and the next call may cost ${next}.`;
  return undefined;
}

/** Tells once a month that most of it is gone. */
async function warn(world: World, tx: Tx, micros: number, times: Times): Promise<void> {
  const cap = world.settings(tx.org).modelMonth;
  const spent = minorOfMicros(micros, cap.currency);
  const key = [monthOf(times.wall)];
  if (cap.minor === 0 || spent < cap.minor * WARN_AT || (await tx.recorded(eventId({ org: tx.org, type: 'cost.warned', key })))) return;
  await record(world, tx, {
    org: tx.org,
    type: 'cost.warned',
    key,
    causes: [],
    correlation: `cost/${monthOf(times.wall)}`,
    times,
    groups: {
      payload: {
        subject: 'organization',
        value: { month: monthOf(times.wall), spent: show(money(spent, cap.currency)), cap: show(cap) },
      },
    },
  });
}
