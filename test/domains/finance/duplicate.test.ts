import { expect, test } from 'vitest';
import { billedBefore, duplicateOf, type Billed } from '../../../src/domains/finance/duplicate.ts';
import type { Invoice } from '../../../src/domains/finance/records.ts';
import { bill, day, line, receipt } from './samples.ts';

const [early, late] = [bill('A-1'), bill('A-2', [line('10')], { issued: day('2026-02-20') })];
const open = (invoice: Invoice): Billed => ({ invoice, state: 'open' });
const paid = (invoice: Invoice): Billed => ({ invoice, state: 'paid' });
const all = [receipt('10')];

test('the later bill for the same goods is the duplicate, the earlier is not', () => {
  expect(duplicateOf(late, [open(early)], all)).toBe(early.id);
  expect(duplicateOf(early, [open(late)], all)).toBeNull();
});

test('what is paid came first, whatever dates the bills bear', () => {
  expect(duplicateOf(early, [paid(late)], all)).toBe(late.id);
  expect(duplicateOf(early, [{ invoice: late, state: 'instructed' }], all)).toBe(late.id);
});

test('two bills issued on one day: exactly one is the duplicate', () => {
  const twin = bill('A-2');
  expect([duplicateOf(early, [open(twin)], all), duplicateOf(twin, [open(early)], all)]).toEqual([null, early.id]);
});

test('two equal deliveries that both came are no duplicates', () => {
  expect(duplicateOf(late, [open(early)], [receipt('10'), receipt('10', 'GR-2')])).toBeNull();
});

test.each(['a1', 'A 01', 'a/1', 'A-001'])('`A-1` written `%s` over the same amount is the same number', (number) => {
  const other = bill(number, [line('10')], { issued: day('2026-02-20'), order: null });
  expect(duplicateOf(other, [open(early)], [])).toBe(early.id);
});

test('another number without an order is no duplicate: rent is the same each month', () => {
  const rent = [bill('2026-01', [line('10')], { order: null }), bill('2026-02', [line('10')], { order: null, issued: day('2026-02-20') })] as const;
  expect(duplicateOf(rent[1], [open(rent[0])], [])).toBeNull();
});

test('the corrected bill that follows one that does not add up is no duplicate', () => {
  expect(duplicateOf(late, [open({ ...early, problems: ['does not add up'] })], all)).toBeNull();
  expect(duplicateOf(late, [paid({ ...early, problems: ['does not add up'] })], all)).toBe(early.id);
});

test('a receipt that nobody can count covers nothing', () => {
  expect(duplicateOf(late, [open(early)], [receipt('ten')])).toBe(early.id);
});

test('billed before: what is earlier or settled, and not what is never paid', () => {
  const half = bill('B-1', [line('5')]);
  const now = bill('B-2', [line('5')], { issued: day('2026-02-20') });
  expect(billedBefore(now, [open(half)], all)).toEqual([half]);
  expect(billedBefore(half, [open(now)], all)).toEqual([]);
  expect(billedBefore(half, [paid(now)], all)).toEqual([now]);
  expect(billedBefore(now, [open({ ...half, problems: ['?'] })], all)).toEqual([]);
  expect(billedBefore(now, [open({ ...half, order: 'PO-2' })], all)).toEqual([]);
});

test('a duplicate does not use up what the original bills', () => {
  const third = bill('A-3', [line('1')], { issued: day('2026-02-28') });
  expect(billedBefore(third, [open(early), open(late)], all)).toEqual([early]);
});
