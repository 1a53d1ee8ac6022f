/** What reconcilers of one domain read in one transaction. */
import { expect, test } from 'vitest';
import { bindReconcilers } from '../../src/activities/reconcile.ts';
import type { Tx } from '../../src/activities/ports.ts';
import { defineReconciler } from '../../src/kernel/define.ts';
import { localTime, instant } from '../../src/kernel/time.ts';

interface Reads {
  bill(number: string): Promise<string>;
}

const late = (name: string) =>
  defineReconciler<Reads>()({
    name,
    domain: 'finance',
    keys: () => Promise.resolve(['b-1', 'b-2']),
    desired: () => Promise.resolve('paid'),
    observed: (bill, reads) => reads.bill(bill),
    drift: (bill, desired, observed) => (desired === observed ? [] : [{ subject: bill, why: `${bill} is ${observed}`, arose: null, facts: { observed } }]),
  });

test('are read once, by whichever of them; another transaction reads anew', async () => {
  const asked: string[] = [];
  const states = new Map([['b-1', 'open']]);
  const reads: Reads = {
    bill(number) {
      asked.push(number);
      return Promise.resolve(states.get(number) ?? 'paid');
    },
  };
  const [first, second] = bindReconcilers([late('finance.a'), late('finance.b')], () => reads);
  const now = localTime(instant(0), 'Europe/Berlin');
  const found = async (tx: Tx) => [...((await first?.drifts(tx, now)) ?? []), ...((await second?.drifts(tx, now)) ?? [])].map(({ key }) => key);
  const transaction = (): Tx => Object.create(null);
  expect(await found(transaction())).toEqual(['finance.a/b-1', 'finance.b/b-1']);
  expect(asked).toEqual(['b-1', 'b-2']);
  states.set('b-2', 'open');
  expect(await found(transaction())).toEqual(['finance.a/b-1', 'finance.a/b-2', 'finance.b/b-1', 'finance.b/b-2']);
});
