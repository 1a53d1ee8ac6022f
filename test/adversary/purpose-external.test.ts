/** PURPOSE_EXTERNAL: purpose, constitution, budgets and authority grants are outside every tool's reach. */
import { describe, expect, test } from 'vitest';
import { attacker, type Manners, type Reached } from './attacker.ts';
import { attempts, CALLS, calls, SEED } from './attempts.ts';
import { doingMore, ground, SLOW_MACHINE } from './ground.ts';
import { changed, declared, EFFECTS, SPINE, tables } from './records.ts';

const GOVERNED = ['organization', 'constitution', 'person', 'agent_level', 'halt', 'amendment', 'amendment_vote', 'token'];

async function attacked(manners: Manners = {}, all = CALLS) {
  const { on, targets, later } = await ground();
  const org = on.organization.id;
  const inForce = () =>
    JSON.stringify([on.app.world.constitution(org).digest, on.app.world.settings(org), [...on.app.world.agents], [...on.app.world.prompts]]);
  const before = { tables: await tables(on), inForce: inForce(), declared: declared() };
  const evil = await attacker(on, { before: () => later(61_000), ...manners });
  const reached: Reached = await evil.all(attempts(targets, { call: calls(targets, 6) }, all), 4);
  const after = { tables: await tables(on), inForce: inForce(), declared: declared() };
  const again = await on.startAgain(); // what the files and rows come to at the next start
  return { on, reached, before, after, again: again.world.constitution(org).digest };
}

describe('PURPOSE_EXTERNAL', () => {
  test(`a thousand attempts change nothing of what is ratified, declared or granted (SEED=${SEED})`, SLOW_MACHINE, async () => {
    const { on, reached, before, after, again } = await attacked();
    const touched = changed(before.tables, after.tables);
    expect(touched.filter((table) => !SPINE.includes(table) && !EFFECTS.includes(table))).toEqual([]);
    expect(touched.filter((table) => GOVERNED.includes(table))).toEqual([]);
    expect({ ...after, tables: null }).toEqual({ ...before, tables: null });
    expect(again).toBe(on.app.world.constitution(on.organization.id).digest);
    expect(reached).toMatchObject({ calls: CALLS, refused: reached.forced });
    for (const stage of ['drafted', 'deny', 'intents'] as const) expect(reached[stage], stage).toBeGreaterThan(9);
    expect(touched).toEqual(expect.arrayContaining(['payment', 'invoice', 'intent', 'receipt', 'event']));
  });

  test('the same attempts do where a tool reaches that far', SLOW_MACHINE, async () => {
    const raise = `update organization set document = jsonb_set(document, '{limits,supplier_month}', '900000000') where org = $1`;
    const { before, after } = await attacked({ world: doingMore(raise) }, 250);
    expect(changed(before.tables, after.tables)).toContain('organization');
  });
});
