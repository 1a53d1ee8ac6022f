/** A new constitution put in force while decisions are made: each is made by one of the two, none is lost, and how long they wait. */
import { setImmediate as turn } from 'node:timers/promises';
import { compile } from '../../src/gate/constitution.ts';
import { decide, type Call } from '../../src/gate/decide.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { baseBundle, paymentFacts } from '../fixtures/constitution.ts';
import type { Figure } from './figures.ts';

const SWAPS = 10;
const BETWEEN = 200; // decisions

export async function swapFigures(): Promise<readonly Figure[]> {
  const before = baseBundle();
  const after = { ...before, articles: { ...before.articles, 'more.cedar': MORE } };
  const [old, next] = [before, after];
  let inForce = compile(old);
  const call: Call = {
    agent: AgentName.parse('finance-analyst'),
    onBehalfOf: null,
    tool: ToolName.parse('finance.pay_invoice'),
    resource: 'invoice/S-001:1',
    facts: paymentFacts(),
    currency: 'EUR',
  };
  const verdicts = { [inForce.digest]: 'permit', [compile(next).digest]: 'deny' };
  let [made, wrong, longest] = [0, 0, 0];
  for (let swap = 0; swap < SWAPS; swap++) {
    for (let n = 0; n < BETWEEN; n++) {
      const { digest } = inForce;
      if (decide(inForce, call).verdict !== verdicts[digest]) wrong++;
      made++;
      await turn();
    }
    const begun = performance.now();
    inForce = compile(swap % 2 === 0 ? next : old);
    decide(inForce, call); // the first one loads its slice
    longest = Math.max(longest, performance.now() - begun);
  }
  if (made !== SWAPS * BETWEEN || wrong > 0) throw new Error(`${wrong} of ${made} decisions were made by neither constitution`);
  return [
    { what: `swap to a new constitution under load: decisions by neither, of ${made}`, value: wrong, unit: 'times', most: 0 },
    { what: 'swap to a new constitution: the longest that a decision waits', value: longest, unit: 'ms' },
  ];
}

const MORE = `@id("bench.no") @article("B1") @title("No payments") @source("bench")
forbid (principal, action in Action::"Money", resource);`;
