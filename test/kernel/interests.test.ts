/** Who is tied to a supplier, by what is declared; and what two registers say together. */
import { describe, expect, test } from 'vitest';
import { Interest, interestDifferences, narrowerInterests, tiesTo } from '../../src/kernel/interests.ts';

const register = (entries: readonly object[]) => entries.map((entry) => Interest.parse(entry));
const all = register([
  { person: 'emre', supplier: 'S-001', kind: 'family' },
  { person: 'clara', supplier: 'S-002', kind: 'ownership' },
  { person: 'paul', supplier: 'S-003', kind: 'own' },
  { person: 'nadia', relative: 'clara' },
  { person: 'nadia', relative: 'viktor' },
]);
const tied = (supplier: string | null) => tiesTo(supplier, all).map(({ person, because }) => `${person} ${because}`);

test.each([
  ['family', 'S-001', ['emre is family of `S-001`']],
  [
    'a share, and the family of whoever has it, and no further',
    'S-002',
    ['clara owns a share of `S-002`', 'nadia is family of `clara`, who owns a share of `S-002`'],
  ],
  ['their own expense', 'S-003', ['paul is `S-003`']],
  ['nobody', 'S-004', []],
  ['no counterparty', null, []],
])('%s', (_law, supplier, said) => expect(tied(supplier)).toEqual(said));

test('family goes both ways, whoever declared it', () => {
  const both = register([
    { person: 'clara', relative: 'nadia' },
    { person: 'clara', supplier: 'S-002', kind: 'ownership' },
  ]);
  expect(tiesTo('S-002', both).map(({ person }) => person)).toEqual(['clara', 'nadia']);
});
test('whoever is tied in two ways is named once', () => {
  const twice = register([
    { person: 'emre', supplier: 'S-001', kind: 'family' },
    { person: 'emre', supplier: 'S-001', kind: 'ownership' },
  ]);
  expect(tiesTo('S-001', twice)).toHaveLength(1);
});

describe('of two registers', () => {
  const [first, second] = [all.slice(0, 2), all.slice(1, 4)];
  test('what either declares holds, each once', () => expect(narrowerInterests(first, second)).toEqual(all.slice(0, 4)));
  test('nothing and nothing is nothing', () => expect(narrowerInterests(undefined, undefined)).toBeUndefined());
  test('differences say who is tied to what, and who is no more', () =>
    expect(interestDifferences(first, second).map(({ how, words }) => [how, words])).toEqual([
      ['added', 'paul is `S-003`: does not decide about it'],
      ['added', 'nadia and clara are of one family: does not decide about it'],
      ['removed', 'it is no more on record that emre is family of `S-001`'],
    ]));
});
