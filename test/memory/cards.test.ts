/** Which tasks are cards, for whom, on which day. */
import { describe, expect, test } from 'vitest';
import { grouped, newCards, type Shown, type Waits } from '../../src/memory/cards.ts';
import { deriveId, PersonId } from '../../src/kernel/ids.ts';
import { addDays, LocalDate } from '../../src/kernel/time.ts';

const [ana, ben] = [PersonId.parse('ana'), PersonId.parse('ben')];
const monday = LocalDate.parse('2026-03-02');
const id = (n: number) => deriveId('prp', ['t', n]);
const task = (n: number, more: Partial<Waits> = {}): Waits => ({
  id: id(n),
  eligible: [ana],
  escalated: false,
  nudged: [],
  minor: 0,
  expiresAt: '2026-03-09T00:00:00.000Z',
  ...more,
});
const tasks = (count: number, more: Partial<Waits> = {}) => Array.from({ length: count }, (_, n) => task(n, more));
const day = (n: number) => ({ today: addDays(monday, n), perDay: 3 });

/** Everything that a person is shown on a day, kept as the rows would. */
const keep = (person: PersonId, waits: readonly Waits[], shown: readonly Shown[], n: number): Shown[] => [
  ...shown,
  ...newCards(person, waits, shown, day(n)).map((card) => ({ ...card, person, day: day(n).today })),
];

describe('new cards of a person and day', () => {
  test('are bounded, and every task becomes a card on a later day', () => {
    let shown: Shown[] = [];
    for (const [n, cards] of [3, 6, 7, 7].entries()) {
      shown = keep(ana, tasks(7), keep(ana, tasks(7), shown, n), n); // looked at twice: no more of them
      expect(shown).toHaveLength(cards);
    }
    expect(new Set(shown.map(({ proposal }) => proposal)).size).toBe(7);
  });
  test('a decision makes no room for another on the same day', () => {
    const shown = keep(ana, tasks(7), [], 0);
    const left = tasks(7).filter((one) => one.id !== shown[0]?.proposal);
    expect(newCards(ana, left, shown, day(0))).toEqual([]);
  });
  test('come in order of money, then of expiry', () => {
    const waits = [task(0, { minor: 5 }), task(1, { minor: 900 }), task(2, { minor: 5, expiresAt: '2026-03-03T00:00:00.000Z' }), task(3, { minor: 7 })];
    expect(newCards(ana, waits, [], day(0)).map(({ proposal }) => proposal)).toEqual([id(1), id(3), id(2)]);
  });
  test('what is escalated, or asked by name, has room of its own, bounded as well', () => {
    const shown = keep(ana, tasks(3), [], 0);
    const late = [3, 4, 5, 6].map((n) => task(n, n === 3 ? { nudged: [ana] } : { escalated: true }));
    expect(newCards(ana, late, shown, day(0)).map(({ urgent }) => urgent)).toEqual([true, true, true]);
    expect(newCards(ben, [task(9, { eligible: [ana, ben], nudged: [ana] })], [], day(0))).toEqual([{ proposal: id(9), urgent: false }]);
  });
});

describe('a group', () => {
  test('holds for a reader what is beyond the reader’s bound, and nothing else', () => {
    const shown = keep(ana, tasks(5), [], 0);
    expect(grouped(ana, tasks(5), shown, day(0)).size).toBe(2);
    expect(grouped(ana, tasks(5), [], day(0)).size).toBe(2); // whether or not it was kept already
  });
  test('holds for others only what is beyond the bound of all who may decide it', () => {
    const waits = Array.from({ length: 6 }, (_, n) => task(n, { minor: 100 - n, ...(n === 3 || n === 4 ? { eligible: [ana, ben] } : {}) }));
    const shown = keep(ana, waits, [], 0); // the first three; ben has room for the fourth and fifth
    expect([...grouped(null, waits, shown, day(0))]).toEqual([id(5)]);
    expect([...grouped(ben, waits, shown, day(0))]).toEqual([id(5)]);
    expect([...grouped(ana, waits, shown, day(0))]).toEqual([id(3), id(4), id(5)]);
    expect(grouped(null, tasks(7), [], day(0)).size).toBe(4);
  });
  test('never holds what nobody may decide: it is seen', () => expect(grouped(null, tasks(9, { eligible: [] }), [], day(0)).size).toBe(0));
});
