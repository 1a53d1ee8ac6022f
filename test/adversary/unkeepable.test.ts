/** What a model writes and no row can keep: the call is malformed, and the deliberation comes to its end instead of being tried for ever. */
import { expect, test } from 'vitest';
import { AgentName, PersonId } from '../../src/kernel/ids.ts';
import { attacker } from './attacker.ts';
import { ground } from './ground.ts';
import { count } from './records.ts';

const NUL = 'it came\u0000broken';
const HALF = 'it came \ud800 broken';

test('arguments with a NUL or half of a surrogate pair are malformed, and the turn is answered', async () => {
  const { on, targets } = await ground();
  const evil = await attacker(on);
  const [invoice] = targets.values['invoice'] ?? [];
  for (const [n, reason] of [NUL, HALF].entries()) {
    const calls = [
      { name: 'finance.hold_invoice', args: { invoice, reason } },
      { name: 'agents.ask', args: { agent: 'scheduler', about: reason, text: reason } },
      { name: `finance.${reason}`, args: { invoice } },
    ];
    await evil.attack({ agent: AgentName.parse('finance-analyst'), person: PersonId.parse('clara'), words: 'do it', calls, door: 'model', voters: [] }, n);
  }
  expect(await on.rows(`select state from turn where org = $1 and source = 'attack'`, [on.organization.id])).toEqual([
    { state: 'answered' },
    { state: 'answered' },
  ]);
  expect(evil.reached).toMatchObject({ drafted: 0, asked: 0 });
  expect(await count(on, 'proposal')).toBe(0);
});
