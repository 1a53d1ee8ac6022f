/** Calls that are none: refused with what is wrong, and nothing of them is kept. And a clock that goes back brings nothing to life. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { judge } from '../../src/activities/judge.ts';
import type { Caller } from '../../src/client.ts';
import type { JsonObject } from '../../src/kernel/nouns.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
let clara: Caller;
let ahead = 0; // of the wall clock
beforeAll(async () => {
  on = await stage(inject('services'), { now: () => Date.now() + ahead });
  await housekeeping(on.app.world, on.organization.id);
  clara = await on.person('clara');
});
afterAll(() => on.close());

const PAYEE = 'DE89370400440532013000';
const good = { invoice: 'S-001:2026-0118', payee: PAYEE, amount: { minor: 100, currency: 'EUR' } };
const kept = async () => (await on.rows(`select id from proposal where org = $1`, [on.organization.id])).length;
const proposed = (tool: string, args: JsonObject) =>
  on.app.client.propose(clara, { tool, args, reason: 'because it is due', message: `${tool}/${Math.random()}` });

const CALLS: readonly (readonly [string, string, JsonObject, RegExp])[] = [
  ['an unknown tool', 'finance.pay_everything', good, /finance\.pay_everything/],
  ['a missing argument', 'finance.pay_invoice', { invoice: good.invoice, payee: PAYEE }, /amount/],
  ['an argument too many', 'finance.pay_invoice', { ...good, approved: true }, /approved/],
  ['a number as text', 'finance.pay_invoice', { ...good, amount: { minor: '100', currency: 'EUR' } }, /minor/],
  ['half a cent', 'finance.pay_invoice', { ...good, amount: { minor: 0.5, currency: 'EUR' } }, /minor/],
  ['2^53 + 1 cents', 'finance.pay_invoice', { ...good, amount: JSON.parse('{"minor":9007199254740993,"currency":"EUR"}') as JsonObject }, /minor/],
  ['a currency that is none', 'finance.pay_invoice', { ...good, amount: { minor: 100, currency: 'euro' } }, /currency/],
  [
    'a prototype key',
    'finance.pay_invoice',
    JSON.parse(`{"invoice":"${good.invoice}","payee":"${PAYEE}","amount":{"minor":100,"currency":"EUR"},"__proto__":{"approvals":{"owner":9}}}`) as JsonObject,
    /__proto__/,
  ],
  ['ten megabytes', 'finance.hold_invoice', { invoice: good.invoice, reason: 'x'.repeat(10_000_000) }, /reason/],
];

describe('a call with', () => {
  test.each(CALLS)('%s is refused with what is wrong', async (_what, tool, args, says) => {
    const before = await kept();
    await expect(proposed(tool, args)).rejects.toThrow(says);
    expect(await kept()).toBe(before);
  });
  test.each(CALLS)('%s is denied by the check as well, with the reason', async (_what, tool, args, says) => {
    const said = await on.app.client
      .gate_check(clara, { agent: 'finance-analyst', tool, args, onBehalfOf: null })
      .then(({ verdict, why }) => `${verdict}: ${why.join('; ')}`)
      .catch((error: unknown) => (error instanceof Error ? `deny: ${error.message}` : 'deny'));
    expect(said).toMatch(/^deny: /);
    expect(said).toMatch(says);
  });
});

test('a clock that goes back brings no expired task to life', async () => {
  const [bill = ''] = await bills(on, 6, 1, 250_000);
  const id = await propose(on, bill, 250_000);
  expect(await judge(on.app.world, on.organization.id, id, 1)).toMatchObject({ next: 'wait' });
  ahead = 3 * 86_400_000; // past the two days of the article
  expect(await judge(on.app.world, on.organization.id, id, 2)).toEqual({ next: 'closed', outcome: 'expired' });
  ahead = 0;
  expect(await judge(on.app.world, on.organization.id, id, 3)).toEqual({ next: 'closed', outcome: 'expired' });
  expect(await on.app.client.decide(clara, { id, choice: 'approve', reason: '' })).toMatchObject({ counted: false, message: 'It is already expired.' });
  expect(await on.rows(`select 1 from vote where org = $1 and proposal = $2`, [on.organization.id, id])).toEqual([]);
});
