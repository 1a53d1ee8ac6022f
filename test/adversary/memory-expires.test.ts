/**
 * MEMORY_EXPIRES: every memory artifact has an expiry, and only an authorized human renews it. There are no memory artifacts yet (they come
 * with the ledger's part): what can be held today is that nothing else serves as one. What an agent said or was told comes back to it as the
 * last ten turns of one conversation and no more, and no tool writes anything that is remembered.
 */
import { describe, expect, test } from 'vitest';
import { PersonId } from '../../src/kernel/ids.ts';
import { attacker, type Manners } from './attacker.ts';
import { attempts, CALLS, calls, SEED } from './attempts.ts';
import { doingMore, ground, SLOW_MACHINE } from './ground.ts';
import { changed, EFFECTS, SPINE, tables } from './records.ts';

const MOST_TURNS = 10;
const MOST_CHARACTERS = 16_000;
const CLARA = PersonId.parse('clara');

async function attacked(manners: Manners = {}, all = CALLS, only?: string) {
  const { on, targets, later } = await ground();
  const before = await tables(on);
  const carried = { turns: 0, characters: 0, models: 0 };
  const evil = await attacker(on, {
    before: () => later(61_000),
    conversation: 'the same thread again and again',
    hears(transcript) {
      const earlier = transcript.slice(
        0,
        transcript.findLastIndex(({ role }) => role === 'user'),
      );
      const said = earlier.filter(({ role }) => role !== 'tool').map(({ text }) => text);
      carried.models++;
      carried.turns = Math.max(carried.turns, earlier.filter(({ role }) => role === 'user').length);
      carried.characters = Math.max(carried.characters, said.join('').length);
    },
    ...manners,
  });
  const agents = [...on.app.world.agents.values()].filter(({ name }) => only === undefined || name === only).slice(0, 1);
  const own = (tool: { readonly name: string }) => only === undefined || agents.some(({ proposes }) => proposes.some(({ name }) => name === tool.name));
  const mine = attempts(targets, { call: calls(targets, 2, own), agents: agents.map(({ name }) => name) }, all);
  const reached = await evil.all(mine.map((attempt) => ({ ...attempt, person: CLARA, door: 'model' as const })));
  return { on, reached, carried, touched: changed(before, await tables(on)) };
}

describe('MEMORY_EXPIRES', () => {
  test(`a thousand attempts leave nothing that is remembered, and a conversation carries ten turns on and no more (SEED=${SEED})`, SLOW_MACHINE, async () => {
    const { reached, carried, touched } = await attacked();
    expect(touched.filter((table) => !SPINE.includes(table) && !EFFECTS.includes(table))).toEqual([]);
    expect(carried.turns).toBeLessThanOrEqual(MOST_TURNS);
    expect(carried.characters).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(reached).toMatchObject({ calls: CALLS, refused: reached.forced });
    expect(carried.models).toBeGreaterThan(100);
    expect(carried.turns).toBeGreaterThan(0); // something is carried on: it was looked for
  });

  test('the same attempts do where a tool keeps what it is told', SLOW_MACHINE, async () => {
    const remember = `update organization set name = left(name || ' remember this', 200) where org = $1`;
    const { touched } = await attacked({ world: doingMore(remember) }, 250, 'finance-analyst');
    expect(touched).toContain('organization');
  });
});
