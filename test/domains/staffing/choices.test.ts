import { describe, expect, test } from 'vitest';
import { choices, remedy } from '../../../src/domains/staffing/choices.ts';
import { coverage, isShort, leaveEffect } from '../../../src/domains/staffing/cover.ts';
import { doubleBookings, restFaults, uncertified } from '../../../src/domains/staffing/faults.ts';
import { Opening, Site } from '../../../src/domains/staffing/records.ts';
import { PersonId } from '../../../src/kernel/ids.ts';
import { date, file, frameOn, slot } from './people.ts';

const frame = frameOn('2026-03-02');
const opening = (day: string, shift = 'early', skill = 'joiner') => Opening.parse({ ...slot(day, shift), skill });
const asked = (person: string, day: string, state: string, answerBy = '2026-03-03') => ({
  consents: [{ key: `prp-${'0'.repeat(26)}`, person, ...slot(day, 'early'), gives: null, answerBy, state }],
});
const order = (day: string, ...files: Parameters<typeof choices>[3][number][]) =>
  choices(frame, opening(day), null, files)
    .filter(({ suitable }) => suitable)
    .map(({ person }) => person);

describe('who is asked first', () => {
  test('whose contract has most left, then by name', () =>
    expect(order('2026-03-11', file('cleo', [['2026-03-09', 'early']]), file('ben'), file('ana'))).toEqual(['ana', 'ben', 'cleo']));
  test('nobody whose word is needed goes before one whose is not', () => {
    const off = { staff: { person: 'ana', contractMinutes: 9_000, skills: ['joiner'], sites: ['yard'], weekdays: [1] } };
    expect(order('2026-03-11', file('ana', [], off), file('ben'))).toEqual(['ben', 'ana']);
  });
  test('above a contract comes last', () =>
    expect(
      order('2026-03-11', file('ana', [], { staff: { person: 'ana', contractMinutes: 0, skills: ['joiner'], sites: ['yard'], weekdays: [3] } }), file('ben')),
    ).toEqual(['ben', 'ana']));
  test('one who agreed is taken, one who was asked is waited for', () => {
    expect(order('2026-03-04', file('ana'), file('ben', [], asked('ben', '2026-03-04', 'given')))).toEqual(['ben', 'ana']);
    expect(order('2026-03-04', file('ana'), file('ben', [], asked('ben', '2026-03-04', 'asked')))).toEqual(['ben', 'ana']);
  });
  test('after a refusal, or no answer in time, the next one is', () => {
    expect(order('2026-03-04', file('ana', [], asked('ana', '2026-03-04', 'refused')), file('ben'))).toEqual(['ben']);
    expect(order('2026-03-04', file('ana', [], asked('ana', '2026-03-04', 'asked', '2026-03-01')), file('ben'))).toEqual(['ben']);
  });
  test('a refusal changes nothing for any other shift', () => {
    const refused = file('ana', [], asked('ana', '2026-03-04', 'refused'));
    for (const day of ['2026-03-05', '2026-03-11', '2026-03-12'])
      expect(choices(frame, opening(day), null, [refused, file('ben')])).toEqual(choices(frame, opening(day), null, [file('ana'), file('ben')]));
  });
});

describe('where people are missing', () => {
  const short = (closed: Parameters<typeof coverage>[1], ...files: Parameters<typeof coverage>[2][number][]) =>
    coverage(frame, closed, files, date('2026-03-11'), date('2026-03-11'))
      .filter(isShort)
      .map(({ shift, skill }) => `${shift}/${skill}`);
  test('a skill counts for what one is there for alone', () =>
    expect(short([], file('ana', [['2026-03-11', 'early']]))).toEqual(['early/driver', 'late/joiner']));
  test('a closed site needs nobody', () => expect(short([{ site: Site.parse('yard'), day: date('2026-03-11') }])).toEqual([]));
  test('a leave opens a gap only where nobody else is left', () => {
    const leave = { person: PersonId.parse('ana'), from: date('2026-03-11'), until: date('2026-03-12') };
    const ana = file('ana', [['2026-03-11', 'late'], ['2026-03-12', 'early']]); // prettier-ignore
    expect(leaveEffect(frame, [], [ana], leave)).toMatchObject({ duties: [{ shift: 'late' }, { shift: 'early' }], gaps: [{ shift: 'late' }] });
    expect(leaveEffect(frame, [], [ana, file('ben', [['2026-03-11', 'late']])], leave).gaps).toEqual([]);
  });
});

describe('what is wrong', () => {
  const twice = file('ana', [['2026-03-11', 'late'], ['2026-03-11', 'long']]); // prettier-ignore
  const tired = file('ana', [['2026-03-10', 'late'], ['2026-03-11', 'early']]); // prettier-ignore
  test('of one day is told once, the gravest', () => {
    expect(doubleBookings(frame, twice)).toMatchObject([{ day: '2026-03-11' }]);
    expect(restFaults(frame, twice)).toEqual([]);
  });
  test('too little rest is told on the later day, with both shifts', () =>
    expect(restFaults(frame, tired)).toMatchObject([{ day: '2026-03-11', duties: [{ shift: 'late' }, { shift: 'early' }] }]));
  test('a clean week is not', () => {
    const clean = file('ana', ['09', '10', '11', '12', '13'].map((dd) => [`2026-03-${dd}`, 'early'] as const)); // prettier-ignore
    expect([...doubleBookings(frame, clean), ...restFaults(frame, clean), ...uncertified(frame, clean)]).toEqual([]);
  });
  test('is mended by handing over one shift, and is then not wrong any more', () => {
    const found = remedy(frame, restFaults(frame, tired)[0]?.duties ?? [], [tired, file('ben', [['2026-03-11', 'late']])]);
    expect(found).toMatchObject({ duty: { day: '2026-03-10', shift: 'late' }, choice: { person: 'ben' } });
    expect(restFaults(frame, { ...tired, duties: tired.duties.filter((duty) => duty !== found?.duty) })).toEqual([]);
  });
});
