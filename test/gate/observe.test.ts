/** Articles that are tried out: what they would say is kept, and stands against nothing. */
import { describe, expect, test } from 'vitest';
import { judgeCase, runCases } from '../../src/gate/case-runs.ts';
import { changesBetween } from '../../src/gate/compare.ts';
import { compile, type Bundle } from '../../src/gate/constitution.ts';
import { decide } from '../../src/gate/decide.ts';
import { takenAway } from '../../src/gate/guarded.ts';
import { mutate } from '../../src/gate/mutants.ts';
import { kept } from '../../src/kernel/kept.ts';
import { CaseFile } from '../../src/kernel/amendment.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { baseBundle, payment, paymentFacts } from '../fixtures/constitution.ts';
import { NIGHT, NIGHT_CASES } from '../fixtures/draft.ts';

const OBSERVED = NIGHT.replace('@escalate', '@mode("observe") @escalate');
const PAY = ToolName.parse('finance.pay_invoice');
const withArticle = (text: string): Bundle => ({ ...baseBundle(), articles: { ...baseBundle().articles, '90-own.cedar': text } });
const compiled = kept(20, (text: string) => ({ bundle: withArticle(text), constitution: compile(withArticle(text)) }));
const pay = (text: string, base: object) =>
  decide(compiled(text).constitution, {
    agent: AgentName.parse('finance-analyst'),
    onBehalfOf: null,
    tool: PAY,
    resource: 'S-001:1',
    facts: paymentFacts({ base }),
    currency: 'EUR',
  });

describe('an article that is only observed', () => {
  test('stands against nothing, and what it would have said is beside the verdict', () => {
    expect(pay(NIGHT, { hour: 23 }).verdict).toBe('escalate');
    expect(pay(OBSERVED, { hour: 23 })).toMatchObject({
      verdict: 'permit',
      needs: [],
      observed: { verdict: 'escalate', articles: [{ id: 'night.money', article: 'N1' }], why: [expect.stringContaining('at night')] },
    });
  });
  test('says nothing where it would have said nothing', () => {
    expect(pay(OBSERVED, { hour: 12 })).not.toHaveProperty('observed');
    expect(pay(OBSERVED, { hour: 23, approvals: { finance: 1 } })).not.toHaveProperty('observed');
  });
  test('lifts nothing that others say', () => {
    expect(pay(OBSERVED, { hour: 23, halted: true })).toMatchObject({ verdict: 'deny', kind: 'forbidden' });
  });
  test('that errs blocks nothing, and says so', () => {
    const erring = OBSERVED.replace('context.base.hour >= 20', 'context.base.limit_day_minor + 9223372036854775807 > 0');
    expect(pay(NIGHT.replace('context.base.hour >= 20', 'context.base.limit_day_minor + 9223372036854775807 > 0'), { hour: 12 }).kind).toBe('engine_error');
    expect(pay(erring, { hour: 12 })).toMatchObject({ verdict: 'permit', observed: { verdict: 'deny', why: [expect.stringContaining('night.money')] } });
  });
  test('voids no vote: the slice of its tools is the one without it', () => {
    const slice = (text: string) => compiled(text).constitution.slice(PAY);
    expect(slice(OBSERVED)).toBe(slice(''));
    expect(slice(NIGHT)).not.toBe(slice(''));
  });
});

describe('a draft', () => {
  test('says in words that an article is tried out, and that it is in force from now on', () => {
    const lines = (was: string, is: string) => changesBetween(compiled(was), compiled(is)).flatMap((change) => change.lines);
    expect(lines('', OBSERVED)).toContainEqual(expect.stringMatching(/^\+ is only observed/));
    expect(lines(OBSERVED, NIGHT)).toContainEqual(expect.stringMatching(/^\+ is in force from now on/));
    expect(lines('', NIGHT)).not.toContainEqual(expect.stringMatching(/observed/));
  });
  test('does not try out one of the constraints', () => {
    const { articles } = baseBundle();
    const tried = (articles['10-constraints.cedar'] ?? '').replace('@id("replication.chain")', '@id("replication.chain") @mode("observe")');
    const draft = compile({ ...baseBundle(), articles: { ...articles, '10-constraints.cedar': tried } });
    expect(takenAway({ bundle: baseBundle(), constitution: compile(baseBundle()) }, draft)).toEqual([
      expect.stringMatching(/^`replication\.chain`: .* no amendment changes/),
    ]);
  });
  test.each([
    ['a mode that is none', NIGHT.replace('@escalate', '@mode("sometimes") @escalate'), /has @mode `sometimes`/],
    [
      'a permit that is tried out',
      '@id("x") @article("X") @title("x") @source("x") @mode("observe") permit (principal, action, resource);',
      /permits, and has @mode/,
    ],
  ])('with %s is rejected', (_what, text, problem) => expect(() => compile(withArticle(text))).toThrow(problem));
  test('with an invariant that has a mode is rejected', () => {
    const invariant = '@id("x") @article("X") @title("x") @source("x") @mode("observe") forbid (principal, action, resource);';
    expect(() => compile({ ...baseBundle(), invariants: { 'own.cedar': invariant } })).toThrow(/an invariant is proved and never asked/);
  });
});

describe('cases', () => {
  const { bundle, constitution } = compiled(OBSERVED);
  const routine = { payment };
  test('of an article that is tried out hear it as if it were in force', () => {
    const own = [CaseFile.parse({ file: '90-own.cases.ts', cases: NIGHT_CASES, routine })];
    expect(runCases({ bundle, constitution }, own).problems.filter((problem) => problem.includes('night.money'))).toEqual([]);
    expect(mutate(constitution, own).survivors.filter(({ article, what }) => article === 'night.money' && what === 'struck')).toEqual([]);
  });
  test('of other articles do not hear it', () => {
    const other = { article: 'finance.call', name: 'at night', tool: PAY, facts: { base: { hour: 23 } }, expect: 'permit' } as const;
    expect(judgeCase(constitution, other, routine).verdict).toBe('permit');
    expect(runCases({ bundle, constitution }, [CaseFile.parse({ file: 'x', cases: [other], routine })]).problems.filter((p) => p.startsWith('x:'))).toEqual([]);
  });
});
