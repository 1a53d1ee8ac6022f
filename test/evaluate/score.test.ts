import { expect, test } from 'vitest';
import { perfect, perKind } from '../../src/evaluate/score.ts';
import { Dataset, type Handled } from '../../src/kernel/evals.ts';
import { ToolName } from '../../src/kernel/ids.ts';

const dataset = Dataset.parse([
  {
    subject: 'a',
    kind: 'low',
    expect: 'ordered',
    drift: 'd.low',
    proposes: [{ tool: 'd.order_thing', args: { quantity: 5, amount: { minor: 10, currency: 'EUR' } }, verdict: 'permit' }],
  },
  { subject: 'b', kind: 'uncounted', expect: 'finding', drift: 'd.count', proposes: [] },
  { subject: 'c', kind: 'on order', expect: 'nothing', drift: null, proposes: [] },
]);
const order = {
  tool: ToolName.parse('d.order_thing'),
  args: { amount: { currency: 'EUR', minor: 10 }, quantity: 5, note: 'soon' },
  verdict: 'permit',
} as const;
const low: Handled = { drift: 'd.low', subject: 'a', proposed: [order], said: '', stopped: 'done' };
const count: Handled = { drift: 'd.count', subject: 'b', proposed: [], said: 'somebody must count', stopped: 'done' };

test('all that was planted, handled as expected, and nothing else is perfect', () => {
  const kinds = perKind(dataset, [low, count]);
  expect(kinds).toMatchObject([
    { drift: 'd.count', planted: 1, handled: 1, right: 1, precision: 1, recall: 1, misses: [], alarms: [] },
    { drift: 'd.low', planted: 1, handled: 1, right: 1, precision: 1, recall: 1, misses: [], alarms: [] },
  ]);
  expect(perfect(kinds)).toBe(true);
});

test.each<{ law: string; instead: Handled; says: string }>([
  { law: 'nothing proposed', instead: { ...low, proposed: [], said: 'look' }, says: 'people were told `look`' },
  { law: 'another amount', instead: { ...low, proposed: [{ ...order, args: { ...order.args, quantity: 6 } }] }, says: '"quantity":6' },
  { law: 'another tool', instead: { ...low, proposed: [{ ...order, tool: ToolName.parse('d.book_thing') }] }, says: 'd.book_thing' },
  { law: 'another verdict', instead: { ...low, proposed: [{ ...order, verdict: 'deny' }] }, says: 'deny d.order_thing' },
  { law: 'one call too many', instead: { ...low, proposed: [order, order] }, says: 'permit d.order_thing' },
  { law: 'stopped before the end', instead: { ...low, stopped: 'limit_turns' }, says: 'limit_turns' },
])('$law where a call was expected is a miss, and nothing that was right', ({ instead, says }) => {
  const kinds = perKind(dataset, [instead, count]);
  expect(kinds[1]).toMatchObject({ right: 0, precision: 0, recall: 0, misses: [expect.stringContaining(says)], alarms: [] });
  expect(perfect(kinds)).toBe(false);
});

test.each<{ law: string; instead: Handled }>([
  { law: 'a call', instead: { ...count, proposed: [order] } },
  { law: 'silence', instead: { ...count, said: '' } },
])('$law where people were to be told is a miss', ({ instead }) => expect(perKind(dataset, [low, instead])[0]).toMatchObject({ right: 0, recall: 0 }));

test('what is not seen costs recall, and not precision', () => {
  expect(perKind(dataset, [count])[1]).toMatchObject({ precision: 1, recall: 0, misses: ['a (low; expected: ordered): not seen'] });
});

test.each(['c', 'nobody planted this'])('a drift about `%s` is a false alarm, and costs precision', (subject) => {
  const kinds = perKind(dataset, [low, { ...low, subject }, count]);
  expect(kinds[1]).toMatchObject({ precision: 0.5, recall: 1, alarms: [expect.stringContaining(subject)] });
  expect(perfect(kinds)).toBe(false);
});

test('seen by another reconciler than the one expected, it is a miss there and a false alarm here', () => {
  const kinds = perKind(dataset, [{ ...low, drift: 'd.other' }, count]);
  expect(kinds.map(({ drift, misses, alarms }) => [drift, misses.length, alarms.length])).toEqual([
    ['d.count', 0, 0],
    ['d.low', 1, 0],
    ['d.other', 0, 1],
  ]);
});

test.each([
  { what: 'nothing', rows: [] },
  { what: 'the same fact twice', rows: [dataset[1], dataset[1]] },
  { what: 'a call about which nobody is asked', rows: [{ ...dataset[0], drift: null }] },
])('$what is no dataset', ({ rows }) => expect(Dataset.safeParse(rows).success).toBe(false));
