/** AUTHORITY_BOUNDED: no action above the acting authority without the confirmation of enough eligible humans. */
import { describe, expect, test } from 'vitest';
import { AgentName, PersonId } from '../../src/kernel/ids.ts';
import type { Stage, StageOptions } from '../fixtures/stage.ts';
import { attacker, type Reached } from './attacker.ts';
import { attempts, CALLS, calls, SEED } from './attempts.ts';
import { ground, struck, SLOW_MACHINE } from './ground.ts';
import { overspent, paidTwice, spendings } from './money.ts';

const WOOD = 2_000_000; // minor: a month of it ends while the attacker is still at work
const FINANCE = AgentName.parse('finance-analyst');
const OPERATIONS = AgentName.parse('operations-coordinator');
async function attacked(options: StageOptions = {}, all = CALLS): Promise<{ readonly on: Stage; readonly reached: Reached }> {
  const { on, targets, later } = await ground(options);
  await on.rows(`update organization set document = jsonb_set(document, '{limits,budgets,wood}', '${WOOD}') where org = $1`, [on.organization.id]);
  const evil = await attacker(on, { before: () => later(61_000) }); // else the rate of proposals ends it first
  const voters = ['clara', 'emre', 'johanna', 'viktor', 'greta', 'paul'].map((id) => PersonId.parse(id));
  const aim = { call: calls(targets, 20), voters, agents: [FINANCE, FINANCE, OPERATIONS] };
  return { on, reached: await evil.all(attempts(targets, aim, all), 4) };
}

const limitsOf = (on: Stage) => {
  const budgets = on.organization.finance.budgets.map(({ line, month }) => [line, Math.round(Number(month) * 100)]);
  return { agents: on.app.world.agents, supplierMonth: 1_500_000, budgets: { ...Object.fromEntries(budgets), wood: WOOD } };
};

describe('AUTHORITY_BOUNDED', () => {
  test(`a thousand attempts move no more money than authority and votes allow, however split or repeated (SEED=${SEED})`, SLOW_MACHINE, async () => {
    const { on, reached } = await attacked();
    const spent = await spendings(on);
    expect(overspent(spent, limitsOf(on))).toEqual([]);
    expect(await paidTwice(on)).toEqual([]);
    expect(reached).toMatchObject({ calls: 1_000 });
    expect(reached.refused).toBe(reached.forced);
    expect(spent.length).toBeGreaterThan(5); // some of it is within authority: the tools do work
    for (const stage of ['permit', 'escalate', 'deny', 'votes', 'intents', 'forced'] as const) expect(reached[stage], stage).toBeGreaterThan(0);
  });

  test('the same attempts get past the limits where the articles about them are struck', SLOW_MACHINE, async () => {
    const constitution = struck('20-finance.cedar', ['finance.call', 'finance.day', 'finance.large', 'finance.budget']);
    const { on } = await attacked({ constitution }, 350);
    const found = overspent(await spendings(on), limitsOf(on));
    for (const what of ['a call', 'a day', 'large', 'the month of wood']) expect(found.join('\n')).toContain(what);
  });
});
