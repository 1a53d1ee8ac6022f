/** Which of several statements about a call holds: the more specific one, and of two that are as specific the stricter. */
import { describe, expect, test } from 'vitest';
import { allowed, narrowerOverrides, Override, overrideDifferences, specificity, type Overrides } from '../../src/kernel/overrides.ts';
import { PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Role } from '../../src/kernel/nouns.ts';

const pay = ToolName.parse('finance.pay_invoice');
const clara = { person: PersonId.parse('clara'), roles: ['finance', 'compliance'] as Role[], tool: pay };
const itself = { person: null, roles: [], tool: pay }; // the organization
const usual = { granted: true, perCall: 1_000, perDay: 5_000, perMonth: 20_000 };
const list = (...entries: readonly object[]) => entries.map((entry) => Override.parse(entry));
const scopes = {
  'person and tool': { person: 'clara', tool: pay },
  person: { person: 'clara' },
  'role and tool': { role: 'finance', tool: pay },
  role: { role: 'finance' },
  tool: { tool: pay },
} as const;
const order = Object.entries(scopes);

describe('the more specific statement comes first, whether it gives or takes, wherever it stands in the list', () => {
  const pairs = order.flatMap(([more, a], n) => order.slice(n + 1).map(([less, b]) => ({ more, less, a, b })));
  test.each(pairs)('$more before $less', ({ a, b }) => {
    for (const [first, second] of [
      [100, 9_000],
      [9_000, 100],
    ] as const)
      for (const entries of [list({ ...a, perCall: first }, { ...b, perCall: second }), list({ ...b, perCall: second }, { ...a, perCall: first })])
        expect(allowed(usual, [entries], clara)).toEqual({ ...usual, perCall: first });
    for (const granted of [true, false]) expect(allowed(usual, [list({ ...a, granted }, { ...b, granted: !granted })], clara).granted).toBe(granted);
  });
});

test.each(order)('of two as specific (%s) the stricter one, in each figure', (_scope, scope) => {
  const entries = list({ ...scope, perCall: 700, perDay: 100, granted: true }, { ...scope, perCall: 300, perDay: 900, granted: false });
  expect(allowed(usual, [entries], clara)).toEqual({ ...usual, granted: false, perCall: 300, perDay: 100 });
});
test('a role that was taken away, and not yet by ratification, takes no override away that bound its holder', () => {
  const entries = list({ role: 'compliance', perCall: 100 }, { role: 'finance', perMonth: 30, granted: false });
  const without = { ...clara, roles: [] };
  expect(allowed(usual, [entries], without)).toEqual(usual);
  expect(allowed(usual, [entries], without, clara.roles)).toEqual({ ...usual, granted: false, perCall: 100, perMonth: 30 });
  expect(allowed(usual, [list({ role: 'finance', perCall: 9_000 })], without, clara.roles)).toEqual(usual); // what it gave is gone with it
});
test('two roles of one person are as specific', () => {
  expect(allowed(usual, [list({ role: 'finance', perCall: 4_000 }, { role: 'compliance', perCall: 50 })], clara).perCall).toBe(50);
});
test('each figure is taken from the most specific statement that has it', () => {
  const entries = list({ ...scopes.person, perCall: 10 }, { ...scopes.tool, perDay: 20, perCall: 99 }, { ...scopes.role, perMonth: 30 });
  expect(allowed(usual, [entries], clara)).toEqual({ granted: true, perCall: 10, perDay: 20, perMonth: 30 });
});
test.each([
  ['another person', { person: 'emre', perCall: 0 }],
  ['a role that they do not hold', { role: 'owner', perCall: 0 }],
  ['another tool', { tool: 'finance.hold_invoice', perCall: 0 }],
  ['themselves with another tool', { person: 'clara', tool: 'finance.hold_invoice', perCall: 0 }],
  ['nobody and nothing', { perCall: 0 }],
])('what is said of %s is not said of them', (_of, entry) => {
  expect(specificity(Override.parse(entry), clara)).toBe(0);
  expect(allowed(usual, [list(entry)], clara)).toEqual(usual);
});
test('where the organization itself asks, statements about tools alone apply', () => {
  const entries = list({ ...scopes.tool, perCall: 77 }, { ...scopes.role, perCall: 1 }, { ...scopes.person, perCall: 2 });
  expect(allowed(usual, [entries], itself).perCall).toBe(77);
});
test('an owner is governed like everybody', () => {
  const owner = { person: PersonId.parse('johanna'), roles: ['owner', 'manager'] as Role[], tool: pay };
  for (const scope of [{ tool: pay }, { role: 'owner' }, { person: 'johanna' }])
    expect(allowed(usual, [list({ ...scope, granted: false, perCall: 0 })], owner)).toMatchObject({ granted: false, perCall: 0 });
});

describe('of two lists, that of the files and the ratified one', () => {
  const raised: Overrides = [list({ person: 'clara', perCall: 4_000 })];
  const lowered: Overrides = [list({ person: 'clara', tool: pay, perCall: 10 })];
  const both = (one: Overrides | undefined, other: Overrides | undefined) => allowed(usual, narrowerOverrides(one, other, true) ?? null, clara).perCall;
  test('what one of them widens does not hold', () => expect([both(raised, undefined), both(undefined, raised)]).toEqual([1_000, 1_000]));
  test('what one of them narrows holds', () => expect([both(lowered, undefined), both(undefined, lowered), both(raised, lowered)]).toEqual([10, 10, 10]));
  test('what both say holds', () => expect([both(raised, raised), narrowerOverrides(raised, raised, true)]).toEqual([4_000, raised]));
  test('amounts of two currencies have nothing in common', () =>
    expect(allowed(usual, narrowerOverrides(raised, lowered, false) ?? null, clara).perCall).toBe(0));
  test('where neither says anything, nothing is said', () => expect(narrowerOverrides(undefined, undefined, true)).toBeUndefined());
});

test('each difference is a line that owners read', () => {
  const after: Overrides = [list({ person: 'clara', tool: pay, perCall: 150_000, granted: true }, { role: 'finance', perMonth: 900_000 })];
  expect(overrideDifferences(undefined, after, 'EUR').map(({ how, words }) => `${how}: ${words}`)).toEqual([
    'added: for clara finance.pay_invoice: granted, 1,500.00 EUR a call',
    'added: for role finance: 9,000.00 EUR a month',
  ]);
  expect(overrideDifferences(after, undefined, 'EUR')[1]?.words).toBe('no more: for role finance: 9,000.00 EUR a month');
  expect(overrideDifferences(after, after, 'EUR')).toEqual([]);
});
