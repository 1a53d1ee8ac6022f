import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact } from '../../../src/domains/finance/exact.ts';
import { threeWayMatch } from '../../../src/domains/finance/match.ts';
import type { Invoice } from '../../../src/domains/finance/records.ts';
import { bill, eur, line, order, receipt, tolerance } from './samples.ts';

const reasons = (invoice: Invoice, { received = '10', before = [] as Invoice[], of = order } = {}) =>
  threeWayMatch(invoice, of, [receipt(received)], before, tolerance).reasons;

test('what was ordered, received and billed alike matches', () => expect(reasons(bill('1'))).toEqual([]));

test.each([
  { law: 'more billed than ordered does not match', invoice: bill('1', [line('11')]), received: '11', says: 'billed 11, ordered 10' },
  { law: 'more billed than received does not match', invoice: bill('1'), received: '9.5', says: 'billed 10, received 9.5' },
  { law: 'two lines of an item count together', invoice: bill('1', [line('6'), line('6')]), received: '12', says: 'billed 12, ordered 10' },
  { law: 'what was not ordered does not match', invoice: bill('1', [line('1', 10_000, 'ASH')]), received: '10', says: '`ASH` was not ordered' },
  {
    law: 'a price above tolerance does not match',
    invoice: bill('1', [line('9', 10_201)]),
    received: '10',
    says: 'billed at 102.01 EUR, ordered at 100.00 EUR',
  },
  {
    law: 'a tax above any rate does not match',
    invoice: bill('1', [line('10')], { tax: eur(500_000), total: eur(600_000) }),
    received: '10',
    says: 'above any rate of VAT',
  },
  {
    law: 'a sum above the order by more than the tolerance does not match',
    invoice: bill('1', [line('10', 10_150)]),
    received: '10',
    says: 'billed 1,015.00 EUR net, ordered 1,000.00 EUR',
  },
  {
    law: 'a quantity that is no decimal is for people, and breaks nothing',
    invoice: bill('1', [{ ...line('10'), quantity: '1e1' }]),
    received: '10',
    says: '`1e1` is not a decimal',
  },
  {
    law: 'another currency does not match',
    invoice: bill('1', [line('10')], { net: { minor: 100_000, currency: 'USD' } }),
    received: '10',
    says: 'not all that was billed is in EUR',
  },
])('$law', ({ invoice, received, says }) => expect(reasons(invoice, { received }).join('\n')).toContain(says));

test('a bill on top of others is measured by what was ordered, however cheap it is and however much came', () => {
  const before = [bill('0', [line('6', 5_000)])];
  expect(reasons(bill('1', [line('6', 5_000)]), { received: '12', before })).toEqual(['`OAK`: billed 6 on top of 6 before, ordered 10']);
});

test('a price at the edge of tolerance matches', () => expect(reasons(bill('1', [line('9', 10_200)]))).toEqual([]));

test('an invoice of another supplier does not match the order it names', () => {
  expect(reasons({ ...bill('1'), supplier: 'S-002' }).join()).toContain('is with `S-001`, not with `S-002`');
});

test('without an order of ours nothing matches', () => {
  expect(threeWayMatch(bill('1'), undefined, [], [], tolerance).reasons).toEqual(['there is no order `PO-1` of ours']);
  expect(threeWayMatch(bill('1', [line('10')], { order: null }), undefined, [], [], tolerance).reasons).toEqual(['the invoice names no order of ours']);
});

test('however an order is split into bills, no more than was received matches', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 14 }), (parts, received) => {
      const matched: Invoice[] = [];
      for (const [n, part] of parts.entries()) {
        const one = bill(String(n), [line(String(part))]);
        if (reasons(one, { received: String(received), before: matched }).length === 0) matched.push(one);
      }
      const billed = matched.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + Number(quantity), 0);
      expect(billed).toBeLessThanOrEqual(Math.min(10, received));
    }),
  );
});

test('decimals are exact to nine places, and nothing else is a decimal', () => {
  expect(exact('0.1') + exact('0.2')).toBe(exact('0.3'));
  expect(exact('-1.000000001')).toBe(-1_000_000_001n);
  for (const not of ['', '1,5', '1e3', '.5', '0x10', '1.0000000001', 'NaN', '１']) expect(() => exact(not), not).toThrow(RangeError);
});
