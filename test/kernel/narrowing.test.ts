/** A task that was narrowed holds what every link of its chain left, and nothing else. */
import { expect, test } from 'vitest';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { Narrowing, outsideTask, type NarrowedLink } from '../../src/kernel/narrowing.ts';

const order = ToolName.parse('operations.reorder_stock');
const link = (narrowed: object, over = false): NarrowedLink => ({ by: AgentName.parse('finance-analyst'), narrowed: Narrowing.parse(narrowed), over });
const all = link({ tools: [order], perCall: 1_000, counterparties: ['S-001'] });

test.each<[string, readonly NarrowedLink[], number | null, string | null, readonly RegExp[]]>([
  ['nothing was narrowed', [], 9_999, 'S-9', []],
  ['all of it is within', [all], 1_000, 'S-001', []],
  ['a cent too much', [all], 1_001, 'S-001', [/at most 1000 .* this is 1001/]],
  ['an amount that nobody knows', [all], null, 'S-001', [/this is not known/]],
  ['somebody else', [all], 1, 'S-002', [/is not about `S-002`/]],
  ['somebody whom nobody knows', [all], 1, null, [/is not about/]],
  ['another tool', [link({ tools: ['operations.book_maintenance'] })], 0, null, [/does not hold `operations.reorder_stock`/]],
  ['its time is up', [link({}, true)], 0, null, [/has ended/]],
  ['a link that leaves more than the one before widens nothing', [link({ perCall: 9_000 }), link({ perCall: 100 })], 500, null, [/at most 100 /]],
  ['in whatever order they stand', [link({ perCall: 100 }), link({ perCall: 9_000 })], 500, null, [/at most 100 /]],
])('%s', (_law, links, amount, counterparty, said) => {
  const outside = outsideTask(links, order, amount, counterparty);
  expect(outside).toHaveLength(said.length);
  for (const [n, words] of said.entries()) expect(outside[n]).toMatch(words);
});
