/** Quorums of everybody, and thresholds of declines: what an article may declare, what the gate asks, what ends the question. */
import { describe, expect, test } from 'vitest';
import { inNumbers, withinReach, type Ballot, type VoteOnFile } from '../../src/gate/approvals.ts';
import { judgeCase } from '../../src/gate/case-runs.ts';
import { changesBetween } from '../../src/gate/compare.ts';
import { compile, digestOf, type Bundle } from '../../src/gate/constitution.ts';
import { refused } from '../../src/gate/declines.ts';
import { decide } from '../../src/gate/decide.ts';
import { takenAway } from '../../src/gate/guarded.ts';
import { digest } from '../../src/kernel/digest.ts';
import { AgentName, PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Need, Role } from '../../src/kernel/nouns.ts';
import { instant } from '../../src/kernel/time.ts';
import { baseBundle, payment, paymentFacts } from '../fixtures/constitution.ts';

const PAY = ToolName.parse('finance.pay_invoice');
const ALL = 'unless { context.unanimous.finance };';
const TWO = 'unless { context.base.approvals.finance >= 2 };';
/** Payments of 1.00 to 2.00 ask people, as the annotations say. */
const article = (annotations: string, unless: string, id = 'own.few') => `@id("${id}") @article("O1") @title("Small ones are looked at") @source("own 1")
@escalate("role:finance") @within("P1D") ${annotations}
forbid (principal, action in Action::"Money", resource)
when { context.payment.amount_minor >= 100 && context.payment.amount_minor < 200 }
${unless}
`;
const bundleWith = (...articles: string[]): Bundle => ({ ...baseBundle(), articles: { ...baseBundle().articles, '90-own.cedar': articles.join('\n') } });
const everybody = bundleWith(article('@quorum("all")', ALL));
const pay = (bundle: Bundle, base: object = {}, minor = 150) =>
  decide(compile(bundle), {
    agent: AgentName.parse('finance-analyst'),
    onBehalfOf: null,
    tool: PAY,
    resource: 'S-001:1',
    facts: paymentFacts({ base, payment: { amount_minor: minor } }),
    currency: 'EUR',
  });

describe('an article that waits for everybody', () => {
  test('is lifted by the fact that everybody approved, and by no number of approvals', () => {
    expect(pay(everybody)).toMatchObject({ verdict: 'escalate', needs: [{ role: 'finance', quorum: 1, everybody: true }] });
    expect(pay(everybody, { approvals: { finance: 99 } }).verdict).toBe('escalate');
    expect(pay(everybody, { unanimous: ['owner'] }).verdict).toBe('escalate');
    expect(pay(everybody, { unanimous: ['finance'] }).verdict).toBe('permit');
    expect(pay(everybody, {}, 300).verdict).toBe('permit'); // where it does not apply nobody is asked
  });
  test('has cases like any other', () => {
    const one = { article: 'own.few', name: 'x', tool: PAY, facts: { payment: { amount_minor: 150 } }, expect: 'permit' } as const;
    const routine = { payment };
    expect(judgeCase(compile(everybody), { ...one, facts: { ...one.facts, base: { unanimous: ['finance'] } } }, routine).verdict).toBe('permit');
    expect(judgeCase(compile(everybody), one, routine).verdict).toBe('escalate');
  });
  test('changes the digest of no other constitution; a comment makes nobody wait', () => {
    const plain = bundleWith(article('@quorum("2")', TWO));
    expect(compile(plain).slice(PAY)).not.toBe(compile(everybody).slice(PAY));
    expect(pay(bundleWith(`// not @quorum("all")\n${article('@quorum("2")', TWO)}`)).needs).toEqual(pay(plain).needs);
    expect(pay(bundleWith(`// not @quorum("all")\n${article('@quorum("2")', TWO)}`), { approvals: { finance: 2 } }).verdict).toBe('permit');
    expect(pay(plain, { unanimous: ['finance'] }).verdict).toBe('escalate'); // there is no such fact to compare
  });
  test('asks together with one that names a number for the greater of the two, and for the fewest declines', () => {
    const both = bundleWith(article('@quorum("all")', ALL), article('@quorum("2") @declines("3")', TWO, 'own.two'));
    expect(pay(both).needs).toEqual([{ role: 'finance', quorum: 2, within: 'P1D', sole: null, articles: ['own.few', 'own.two'], everybody: true }]);
    expect(pay(bundleWith(article('@quorum("2") @declines("3")', TWO))).needs).toMatchObject([{ quorum: 2, declines: 3 }]);
  });
});

describe('what an article declares is what it compares', () => {
  test.each([
    ['everybody, and a number in the clause', '@quorum("all")', TWO, 'does not end in exactly unless { context.unanimous.finance }'],
    ['a number, and everybody in the clause', '@quorum("2")', ALL, 'does not end in exactly unless { context.base.approvals.finance >= 2 }'],
    ['everybody of another role', '@quorum("all")', 'unless { context.unanimous.owner };', 'does not end in exactly'],
    ['a word that is no number', '@quorum("most")', TWO, 'write a whole number from 1, or "all"'],
    ['no declines at all', '@quorum("2") @declines("0")', TWO, 'has @declines `0`; write a whole number from 1'],
    ['a half decline', '@quorum("2") @declines("1.5")', TWO, 'has @declines `1.5`'],
    ['everybody in spite of a decline', '@quorum("all") @declines("2")', ALL, 'one decline ends it'],
    ['a sole approver among everybody', '@quorum("all") @sole("PT1H")', ALL, 'one vote either way'],
    [
      'a sole approver who overrules a decline',
      '@quorum("1") @declines("2") @sole("PT1H")',
      'unless { context.base.approvals.finance >= 1 };',
      'one vote either way',
    ],
  ])('%s is refused', (_what, annotations, unless, says) => {
    expect(() => compile(bundleWith(article(annotations, unless)))).toThrow(says);
  });
  test('a permit that looks at who approved is refused', () => {
    const permit = `@id("own.permit") @article("O2") @title("t") @source("s") permit (principal, action in Action::"Money", resource) when { context.unanimous.finance };`;
    expect(() => compile(bundleWith(article('@quorum("all")', ALL), permit))).toThrow('approval is evidence, never a grant');
  });
});

test('a change of whom it asks is told in words, and is a change of the rule', () => {
  const [before, after] = [bundleWith(article('@quorum("2")', TWO)), bundleWith(article('@quorum("2") @declines("3")', TWO))];
  const compiled = (bundle: Bundle) => ({ bundle, constitution: compile(bundle) });
  const lines = (was: Bundle, is: Bundle) => changesBetween(compiled(was), compiled(is)).flatMap((change) => change.lines);
  expect(lines(before, after)).toEqual(expect.arrayContaining(['- asks 2 of finance within P1D', '+ asks 2 of finance within P1D; 3 declines end it']));
  expect(lines(before, everybody)).toContain('+ asks everybody of finance within P1D');
  expect(digestOf(before)).not.toBe(digestOf(after));
  const guarded = (annotations: string): Bundle => ({
    ...baseBundle(),
    articles: { ...baseBundle().articles, '10-constraints.cedar': `${baseBundle().articles['10-constraints.cedar'] ?? ''}\n${article(annotations, TWO)}` },
  });
  expect(takenAway(compiled(guarded('@quorum("2")')), compile(guarded('@quorum("2") @declines("3")')))).toHaveLength(1);
});

const [slice, material] = [digest('slice'), digest('material')];
const elector = (person: string, ...roles: Role[]) => ({ person: PersonId.parse(person), roles, manages: false });
const ballot: Ballot = {
  requester: null,
  slice,
  material,
  operatorTokensCount: false,
  electors: [elector('ana', 'finance'), elector('ben', 'finance'), elector('cem', 'finance', 'owner'), elector('dan', 'owner')],
  barred: [],
  asked: null,
};
const vote = (person: string, choice: 'approve' | 'decline', ...roles: Role[]): VoteOnFile => ({
  person: PersonId.parse(person),
  choice,
  slice,
  material,
  attested: true,
  active: true,
  roles: roles.length === 0 ? ['finance'] : roles,
  manages: false,
  credentialValid: true,
  at: instant(2_000),
  issuedAt: instant(1_000),
  issuedBy: person,
  issuers: ['operator', person],
});
const need = (role: Role, quorum: number, more: Partial<Need> = {}): Need => ({ role, quorum, within: 'P2D', sole: null, articles: ['x'], ...more });
const escalated = (...needs: Need[]) => ({ verdict: 'escalate' as const, kind: 'escalated' as const, articles: [], why: [], needs });

describe('everybody', () => {
  const asked = escalated(need('finance', 1, { everybody: true }));
  const quorum = (change: Partial<Ballot>) => inNumbers(asked, { ...ballot, ...change }).needs[0]?.quorum;
  test('are those who are eligible: neither whoever asked nor whoever filed it is among them', () => {
    expect([quorum({}), quorum({ requester: PersonId.parse('ana') }), quorum({ barred: ['ben', 'cem'] })]).toEqual([3, 2, 1]);
  });
  test('where nobody is, is nobody’s to give', () => {
    const nobody = { ...ballot, electors: [elector('dan', 'owner')] };
    expect(withinReach(inNumbers(asked, nobody), nobody, instant(0))).toMatchObject({ verdict: 'deny', kind: 'unapprovable' });
  });
});

describe('declines', () => {
  const two = need('finance', 2, { declines: 2 });
  const ends = (votes: VoteOnFile[], asked: Need[], now = asked) => refused(votes, ballot, asked, now);
  test('below their number are votes on record, while enough are left to approve', () => {
    expect(ends([vote('ana', 'decline')], [two])).toBeUndefined();
    expect(ends([vote('ana', 'decline'), vote('ben', 'approve')], [two])).toBeUndefined();
  });
  test('at their number end it, and say so', () =>
    expect(ends([vote('ana', 'decline'), vote('ben', 'decline')], [two])?.because).toBe('2 of finance declined, and 2 end it'));
  test('end it before their number where too few are left to approve', () =>
    expect(ends([vote('ana', 'decline'), vote('ben', 'decline')], [need('finance', 2, { declines: 3 })])?.because).toBe(
      '2 of finance have to approve, and after 2 declines too few are left',
    ));
  test('do not end what enough people approved all the same', () =>
    expect(ends([vote('ana', 'decline'), vote('ben', 'approve'), vote('cem', 'approve')], [two], [])).toBeUndefined());
  test('where nothing is said the first ends it', () =>
    expect(ends([vote('ana', 'decline')], [need('finance', 2)])).toMatchObject({ votes: [{ person: 'ana' }] }));
  test('that do not count end nothing, nor does one of somebody who was not asked', () => {
    expect(ends([{ ...vote('ana', 'decline'), credentialValid: false }], [need('finance', 2)])).toBeUndefined();
    expect(ends([vote('dan', 'decline', 'owner')], [need('finance', 2)])).toBeUndefined();
  });
  test('count in each role that was asked: of an owner the first ends it, whatever finance may take', () => {
    const asked = [two, need('owner', 1)];
    expect(ends([vote('ana', 'decline')], asked)).toBeUndefined();
    expect(ends([vote('cem', 'decline', 'finance', 'owner')], asked)).toBeDefined();
  });
});
