import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectOf, judged, toTell, type Change } from '../../../src/domains/staffing/changes.ts';
import { spanOf } from '../../../src/domains/staffing/hours.ts';
import { dutyFacts } from '../../../src/domains/staffing/judgments.ts';
import type { PersonFile } from '../../../src/domains/staffing/records.ts';
import { brokenBy, restBeside, RULES, runThrough, stillHolds, type Measures } from '../../../src/domains/staffing/rules.ts';
import { decide } from '../../../src/gate/decide.ts';
import { AgentName, PersonId, ToolName } from '../../../src/kernel/ids.ts';
import { base, baseConstitution } from '../../fixtures/constitution.ts';
import { date, duty, file, frameOn, slot } from './people.ts';

const frame = frameOn('2026-03-02');
const ana = PersonId.parse('ana');
const assign = (day: string, shift: string, skill = 'joiner'): Change => ({ kind: 'assign', duty: duty('ana', day, shift, skill) });
const broken = (change: Change, ...files: readonly PersonFile[]): readonly string[] => brokenBy(judged(frame, change, files, true)).map(({ id }) => id);

describe('hours are real ones', () => {
  test.each([
    ['an ordinary night', '2026-03-21', 8 * 60],
    ['the night that has 23 hours', '2026-03-28', 7 * 60],
    ['the night that has 25 hours', '2026-10-24', 9 * 60],
  ])('%s', (_law, day, minutes) => expect(spanOf(frame, slot(day, 'night'))?.work).toBe(minutes));

  test.each([
    ['an ordinary weekend', '2026-03-21', 16 * 60],
    ['the one with 23 hours on Sunday: an hour of rest is lost', '2026-03-28', 15 * 60],
    ['the one with 25 hours on Sunday: an hour is won', '2026-10-24', 17 * 60],
  ])('rest from a late shift to the next late one, %s', (_law, saturday, minutes) => {
    const sunday = date(saturday.replace(/\d\d$/, (dd) => String(Number(dd) + 1)));
    expect(restBeside(frame, [duty('ana', saturday, 'late')], slot(sunday, 'late'))).toBe(minutes);
  });
  test('from a late shift to an early one there are 8 h, and 7 h where the clock goes forward', () => {
    expect(restBeside(frame, [duty('ana', '2026-03-21', 'late')], slot('2026-03-22', 'early'))).toBe(480);
    expect(restBeside(frame, [duty('ana', '2026-03-28', 'late')], slot('2026-03-29', 'early'))).toBe(420);
  });
});

describe('a shift', () => {
  test.each([
    ['that is free and far enough ahead breaks nothing', assign('2026-03-11', 'early'), [], []],
    ['beside which too little rest is left', assign('2026-03-11', 'early'), [['2026-03-10', 'late']], ['staffing.rest']],
    ['after which too little rest is left', assign('2026-03-11', 'late'), [['2026-03-12', 'early']], ['staffing.rest']],
    ['at the time of another', assign('2026-03-11', 'long'), [['2026-03-11', 'late']], ['staffing.double', 'staffing.day']],
    ['that touches another makes the day long', assign('2026-03-11', 'late'), [['2026-03-11', 'early']], ['staffing.rest', 'staffing.day']],
    ['of an unknown name', assign('2026-03-11', 'midday'), [], ['staffing.declared']],
    ['that is past', assign('2026-02-27', 'early'), [], ['staffing.past', 'staffing.consent']],
    ['within the notice period takes their word', assign('2026-03-06', 'early'), [], ['staffing.consent']],
    ['one day beyond it does not', assign('2026-03-09', 'early'), [], []],
    ['on a day off takes it too', assign('2026-03-14', 'early'), [], ['staffing.consent']],
    [
      'that is the seventh day in a row',
      assign('2026-03-15', 'early'),
      ['09', '10', '11', '12', '13', '14'].map((dd) => [`2026-03-${dd}`, 'early'] as const),
      ['staffing.run', 'staffing.consent', 'staffing.hours'],
    ],
  ] as const)('%s', (_law, change, duties, ids) => expect(broken(change, file('ana', duties))).toEqual(ids));

  test.each([
    ['on the last day of the certificate', '2026-03-11', []],
    ['on the day after it', '2026-03-10', ['staffing.certificate']],
  ])('that takes a certificate: %s', (_law, until, ids) => {
    const certificates = [{ id: 'C', person: 'ana', certificate: 'forklift', from: '2026-01-01', until }];
    expect(broken(assign('2026-03-11', 'early', 'driver'), file('ana', [], { certificates }))).toEqual(ids);
  });
  test.each([
    ['on leave', { away: [{ from: '2026-03-11', until: '2026-03-11' }] }, 'staffing.away'],
    ['with an appointment', { busy: [{ starts: '2026-03-11T08:00:00.000Z', ends: '2026-03-11T09:00:00.000Z' }] }, 'staffing.calendar'],
    ['of another site', { staff: { person: 'ana', contractMinutes: 2_400, skills: ['joiner'], sites: ['mill'], weekdays: [3] } }, 'staffing.site'],
    ['without the skill', { staff: { person: 'ana', contractMinutes: 2_400, skills: ['office'], sites: ['yard'], weekdays: [3] } }, 'staffing.skill'],
    ['above the contract', { staff: { person: 'ana', contractMinutes: 449, skills: ['joiner'], sites: ['yard'], weekdays: [3] } }, 'staffing.hours'],
    ['who has left', { active: false }, 'staffing.person'],
  ])('of somebody %s', (_law, more, id) => expect(broken(assign('2026-03-11', 'early'), file('ana', [], more))).toEqual([id]));

  test('a run counts through both sides, and a gap ends it', () => {
    const days = ['09', '10', '12', '13'].map((dd) => duty('ana', `2026-03-${dd}`, 'early'));
    expect(runThrough([...days, duty('ana', '2026-03-11', 'early')], date('2026-03-11'))).toBe(5);
    expect(runThrough(days, date('2026-03-10'))).toBe(2);
  });
});

describe('a swap', () => {
  const exchange: Change = { kind: 'swap', slot: slot('2026-03-11', 'early'), from: ana, to: PersonId.parse('ben'), back: slot('2026-03-12', 'late') };
  const ben = (...more: readonly (readonly [string, string])[]) => file('ben', [['2026-03-12', 'late'], ...more]);
  test('is judged on the rota as it will be: what one gives away stands no more in the way', () => {
    const plain: Change = { ...exchange, back: null };
    expect(broken({ ...exchange, back: slot('2026-03-11', 'late') }, file('ana', [['2026-03-11', 'early']]), file('ben', [['2026-03-11', 'late']]))).toEqual(
      [],
    );
    expect(broken(plain, file('ana', [['2026-03-11', 'early']]), file('ben', [['2026-03-11', 'late']]))).toContain('staffing.day');
  });
  test.each([
    ['who takes', file('ana', [['2026-03-11', 'early']]), ben(['2026-03-10', 'late'])],
    ['who gets one back', file('ana', [['2026-03-11', 'early'], ['2026-03-13', 'early']]), ben()], // prettier-ignore
  ])('keeps the rest of both: of %s', (_law, one, other) => expect(broken(exchange, one, other)).toEqual(['staffing.rest']));
  test('holds where both rest enough', () => expect(broken(exchange, file('ana', [['2026-03-11', 'early']]), ben())).toEqual([]));
  test.each([
    ['by whoever has not got it', file('ana'), ben()],
    ['for what the other has not got', file('ana', [['2026-03-11', 'early']]), file('ben')],
    ['with oneself', file('ana', [['2026-03-11', 'early']]), file('ana')],
  ])('of a shift %s is none', (_law, one, other) =>
    expect(broken(other.person === ana ? { ...exchange, to: ana } : exchange, one, other)).toContain('staffing.declared'),
  );
  test('the word given for one exchange is not given for another', () => {
    const short: Change = { ...exchange, slot: slot('2026-03-05', 'early') };
    const agreed = (gives: unknown) => [
      { key: `prp-${'0'.repeat(26)}`, person: 'ben', ...slot('2026-03-05', 'early'), gives, answerBy: '2026-03-03', state: 'given' },
    ];
    const asked = (gives: unknown) =>
      broken(short, file('ana', [['2026-03-05', 'early']]), { ...ben(), ...file('ben', [['2026-03-12', 'late']], { consents: agreed(gives) }) });
    expect(asked(slot('2026-03-12', 'late'))).toEqual([]);
    expect(asked(null)).toEqual(['staffing.consent']);
  });
});

describe('between the judgment and the deed', () => {
  const free = file('ana');
  const booked = file('ana', [['2026-03-10', 'late']]);
  const args = duty('ana', '2026-03-11', 'early');
  const facts = (rows: PersonFile, files: PersonFile) => brokenBy(dutyFacts(args, frame, { rows: [rows], files: [files], closed: [] })).map(({ id }) => id);
  test('what is permitted and not done stands in the way already, and what it would clear away still does', () => {
    expect(facts(free, free)).not.toContain('staffing.rest');
    expect(facts(free, booked)).toContain('staffing.rest');
    expect(facts(booked, free)).toContain('staffing.rest');
  });
  const of = (one: PersonFile) => judged(frame, assign('2026-03-11', 'early'), [one], true);
  test('nothing may break that was not broken and lifted', () => {
    expect(stillHolds(of(free), of(free))).toBe(true);
    expect(stillHolds(of(free), of(booked))).toBe(false);
    expect(stillHolds(of(free), of(file('ana', [], { away: [{ from: '2026-03-11', until: '2026-03-11' }] })))).toBe(false);
  });
  test('hours that staffing allowed may not have grown since', () => {
    const week = (...days: readonly string[]) => file('ana', days.map((dd) => [`2026-03-${dd}`, 'late'] as const), { staff: { ...free.staff, contractMinutes: 480 } }); // prettier-ignore
    expect(stillHolds(of(week('13')), of(week('13')))).toBe(true);
    expect(stillHolds(of(week('13')), of(week('12', '13')))).toBe(false);
    expect(stillHolds(of(week('12', '13')), of(week('13')))).toBe(true);
  });
});

describe('of a change is told', () => {
  const [ben] = [PersonId.parse('ben')];
  const early = slot('2026-03-11', 'early');
  const swap = (back: ReturnType<typeof slot> | null): Change => ({ kind: 'swap', slot: early, from: ana, to: ben, back });
  const gave = (gives: ReturnType<typeof slot> | null) => ({
    consents: [{ key: `prp-${'0'.repeat(26)}`, person: 'ben', ...early, gives, answerBy: '2026-03-10', state: 'given' }],
  });
  const told = (change: Change, more: object = {}) => {
    const files = [file('ana', change.kind === 'swap' ? [['2026-03-11', 'early']] : []), file('ben', [['2026-03-12', 'late']], more)];
    return toTell(effectOf(change, files), files, frame.today).map(({ person, gives, takes, other }) => [person, gives?.shift, takes?.shift, other]);
  };
  const late = slot('2026-03-12', 'late');
  test.each([
    ['whoever gives a shift up, and whoever takes it and was not asked', swap(null), {}, [['ana', 'early', undefined, 'ben'], ['ben', undefined, 'early', 'ana']]], // prettier-ignore
    ['the giver alone, where the taker gave their word', swap(null), gave(null), [['ana', 'early', undefined, 'ben']]],
    ['both, where the word was on another exchange', swap(late), gave(null), [['ana', 'early', 'late', 'ben'], ['ben', 'late', 'early', 'ana']]], // prettier-ignore
    ['one of an exchange, where the other gave their word on it', swap(late), gave(late), [['ana', 'early', 'late', 'ben']]],
    ['whoever is put on a shift and was not asked', assign('2026-03-11', 'early'), {}, [['ana', undefined, 'early', null]]],
  ] as const)('%s', (_who, change, more, expected) => expect(told(change, more)).toEqual(expected));
});

test('the gate cites for each shift exactly the rules that the domain finds broken', () => {
  const constitution = baseConstitution();
  const near = fc.constantFrom(-1, 0, 1);
  const mostly = (as: boolean) => fc.oneof({ weight: 9, arbitrary: fc.constant(as) }, { weight: 1, arbitrary: fc.constant(!as) });
  const sheet: fc.Arbitrary<Measures> = fc.record({
    declared: mostly(true),
    past: mostly(false),
    person_active: mostly(true),
    double_booked: mostly(false),
    rest_minutes: near.map((by) => 660 + by),
    limit_rest_minutes: fc.constant(660),
    day_minutes: near.map((by) => 600 + by),
    limit_day_minutes: fc.constant(600),
    run_days: near.map((by) => 6 + by),
    limit_run_days: fc.constant(6),
    skilled: mostly(true),
    certified: mostly(true),
    away: mostly(false),
    consent_missing: mostly(false),
    busy: mostly(false),
    own_site: mostly(true),
    week_minutes: near.map((by) => 2_400 + by),
    limit_week_minutes: fc.constant(2_400),
    needed: mostly(true),
  });
  fc.assert(
    fc.property(sheet, (measures) => {
      const expected = brokenBy(measures);
      const judgment = decide(constitution, {
        agent: AgentName.parse('scheduler'),
        onBehalfOf: null,
        tool: ToolName.parse('staffing.assign_shift'),
        resource: 'ana',
        facts: { facts: 'duty', base, duty: measures },
        currency: 'EUR',
      });
      const hard = expected.filter(({ liftable }) => !liftable).map(({ id }) => id);
      expect(judgment.verdict).toBe(hard.length > 0 ? 'deny' : expected.length > 0 ? 'escalate' : 'permit');
      const cited = judgment.articles.map(({ id }) => id).filter((id) => id.startsWith('staffing.'));
      for (const id of hard) expect(cited).toContain(id);
      if (hard.length === 0) expect(cited.sort()).toEqual(expected.map(({ id }) => id).sort());
    }),
    { numRuns: 300 },
  );
  for (const { id, liftable } of RULES) expect([id, constitution.articles.get(id)?.escalate !== null]).toEqual([id, liftable]);
});
