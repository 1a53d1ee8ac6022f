import { expect, test } from 'vitest';
import { heeded } from '../../src/evaluate/own.ts';
import { OwnCase, type Handled } from '../../src/kernel/evals.ts';
import { deriveId, ToolName } from '../../src/kernel/ids.ts';

const tool = (name: string) => ToolName.parse(name);
const paid = { tool: tool('d.pay_bill'), args: { bill: 'B-1', amount: { minor: 10, currency: 'EUR' } }, verdict: 'permit' } as const;
const held = { tool: tool('d.hold_bill'), args: { bill: 'B-1', reason: 'it does not add up' }, verdict: 'permit' } as const;
const now = (...proposed: Handled['proposed']): Handled => ({ drift: 'd.due', subject: 'B-1', proposed, said: '', stopped: 'done' });
const said = OwnCase.parse({
  id: deriveId('cas', ['org', 'one']),
  agent: 'an-agent',
  proposal: deriveId('prp', ['org', 'one']),
  drift: { reconciler: 'd.due', subject: 'B-1', why: 'it is due' },
  wrong: { tool: paid.tool, args: { amount: { currency: 'EUR', minor: 10 }, bill: 'B-1' } },
  reason: 'they never delivered',
  right: null,
  business: '2026-03-02T07:00:00.000Z',
  files: [],
});
const rather: OwnCase = { ...said, right: { tool: held.tool, args: { bill: 'B-1' } } };

test.each<{ law: string; one: OwnCase; handled: readonly Handled[]; holds: boolean | null }>([
  { law: 'the same call again is not heeded, in whatever order its arguments stand', one: said, handled: [now(paid)], holds: false },
  { law: 'nor where people are asked about it', one: said, handled: [now({ ...paid, verdict: 'escalate' })], holds: false },
  { law: 'nor beside what would have been right', one: rather, handled: [now(held, paid)], holds: false },
  { law: 'nor where it stopped before the end', one: said, handled: [{ ...now(), stopped: 'limit_turns' }], holds: false },
  { law: 'nothing at all is heeded where nothing was said to be right', one: said, handled: [now()], holds: true },
  { law: 'and not where a call was', one: rather, handled: [now()], holds: false },
  { law: 'the call that would have been right is heeded, whatever else it says', one: rather, handled: [now(held)], holds: true },
  { law: 'and not of another bill', one: rather, handled: [now({ ...held, args: { ...held.args, bill: 'B-2' } })], holds: false },
  { law: 'nor where the gate denies it', one: rather, handled: [now({ ...held, verdict: 'deny' })], holds: false },
  { law: 'the same call again is heeded where the gate denies it', one: said, handled: [now({ ...paid, verdict: 'deny' })], holds: true },
  { law: 'what was not seen was not tried', one: said, handled: [{ ...now(paid), subject: 'B-2' }], holds: null },
])('$law', ({ one, handled, holds }) => expect(heeded(one, handled).holds).toBe(holds));
