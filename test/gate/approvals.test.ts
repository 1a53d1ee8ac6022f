import { describe, expect, test } from 'vitest';
import { countApprovals, standing, withinReach, type Ballot, type VoteOnFile } from '../../src/gate/approvals.ts';
import { digest } from '../../src/kernel/digest.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import type { Need, Role } from '../../src/kernel/nouns.ts';
import { instant } from '../../src/kernel/time.ts';

const [slice, material] = [digest('slice'), digest('material')];
const [ana, ben] = [PersonId.parse('ana'), PersonId.parse('ben')];
const ballot: Ballot = { requester: null, slice, material, operatorTokensCount: false, electors: [], barred: [], asked: null };
const vote: VoteOnFile = {
  person: ana,
  choice: 'approve',
  slice,
  material,
  attested: true,
  active: true,
  roles: ['finance'],
  manages: false,
  credentialValid: true,
  at: instant(2_000),
  issuedAt: instant(1_000),
  issuedBy: 'ana',
  issuers: ['operator', 'ana'],
};

const place = (role: Role, quorum: number): Need => ({ role, quorum, within: 'P2D', sole: null, articles: ['x'] });
const needs = [place('finance', 2), place('owner', 1), place('manager', 1)];

describe('a vote counts', () => {
  test('cast here, by somebody active, under these facts and articles', () => {
    expect(standing(vote, ballot, [vote])).toEqual({ counts: true });
    expect(countApprovals([vote], ballot, needs)).toMatchObject({ approvals: { finance: 1, owner: 0 }, by: ['ana'] });
  });
  test.each<[string, Partial<VoteOnFile>, Partial<Ballot>]>([
    ['one that was not cast here', { attested: false }, {}],
    ['of somebody who left', { active: false }, {}],
    ['of the requester', {}, { requester: ana }],
    ['of somebody who filed what is paid to', {}, { barred: ['ana'] }],
    ['by a token that ran out', { credentialValid: false }, {}],
    ['under other articles', { slice: digest(1) }, {}],
    ['under other facts', { material: digest(1) }, {}],
    ['by a token of the operator that was not exchanged', { issuedBy: 'operator', issuers: ['operator'] }, {}],
    ['by a token of somebody else that was not exchanged', { issuedBy: 'zoe', issuers: ['operator', 'zoe'] }, {}],
    ['by a token whose issuers nobody knows', { issuers: [] }, {}],
    ['by a token that the requester issued', { issuers: ['ben', 'ana'] }, { requester: ben }],
    ['by a token that the requester issued to whoever issued it', { issuers: ['operator', 'ben', 'zoe', 'ana'] }, { requester: ben }],
  ])('never %s', (_what, change, other) => {
    const changed = { ...vote, ...change };
    expect(standing(changed, { ...ballot, ...other }, [changed]).counts).toBe(false);
    expect(countApprovals([changed], { ...ballot, ...other }, needs).approvals.finance).toBe(0);
  });
  test.each([
    ['issued', ['ben', 'ana']],
    ['issued to whoever issued it', ['operator', 'ben', 'zoe', 'ana']],
  ])('never by a token that another voter %s, though exchanged', (_how, issuers) => {
    const other = { ...vote, person: ben, issuedBy: 'ben', issuers: ['operator', 'ben'] };
    expect(countApprovals([{ ...vote, issuers }, other], ballot, needs).by).toEqual(['ben']);
  });
  describe('of two, whose tokens came from', () => {
    const from = (person: PersonId, at: number, ...issuers: string[]): VoteOnFile => ({ ...vote, person, at: instant(at), issuedBy: person, issuers });
    const counted = (...votes: VoteOnFile[]) => countApprovals(votes, ballot, needs).by;

    test('the operator alone, and were exchanged: both', () =>
      expect(counted(from(ana, 1, 'operator', 'ana'), from(ben, 2, 'operator', 'ben'))).toEqual(['ana', 'ben']));
    test('one other person: the earlier', () => {
      expect(counted(from(ana, 2, 'operator', 'zoe', 'ana'), from(ben, 1, 'operator', 'zoe', 'ben'))).toEqual(['ben']);
      expect(counted(from(ana, 1, 'zoe', 'max', 'ana'), from(ben, 2, 'eva', 'zoe', 'ben'))).toEqual(['ana']);
    });
    test('one other person, where the earlier does not count for another reason: the later', () =>
      expect(counted({ ...from(ana, 1, 'zoe', 'ana'), active: false }, from(ben, 2, 'zoe', 'ben'))).toEqual(['ben']));
    test('two other people: both', () => expect(counted(from(ana, 1, 'zoe', 'ana'), from(ben, 2, 'eva', 'ben'))).toEqual(['ana', 'ben']));
  });
  test('the operator’s tokens count where the organization says so', () => {
    const first = { ...vote, issuedBy: 'operator', issuers: ['operator'] };
    expect(standing(first, { ...ballot, operatorTokensCount: true }, []).counts).toBe(true);
  });
  test('a manager is the requester’s own, or anybody who manages where nobody asked', () => {
    const managing: VoteOnFile = { ...vote, roles: ['manager'], manages: false };
    expect(countApprovals([managing], ballot, needs).approvals.manager).toBe(1);
    expect(countApprovals([managing], { ...ballot, requester: PersonId.parse('zoe') }, needs).approvals.manager).toBe(0);
    expect(countApprovals([{ ...managing, manages: true }], { ...ballot, requester: PersonId.parse('zoe') }, needs).approvals.manager).toBe(1);
  });
  test('a decline is no approval', () => expect(countApprovals([{ ...vote, choice: 'decline' }], ballot, needs).approvals.finance).toBe(0));
});

describe('one person counts once', () => {
  const voter = (person: string, ...roles: Role[]): VoteOnFile => ({
    ...vote,
    person: PersonId.parse(person),
    roles,
    issuedBy: person,
    issuers: ['operator', person],
  });
  const asked = [place('finance', 1), place('owner', 1)];
  test('in one of the roles that are needed, whoever holds both', () => {
    const { approvals } = countApprovals([voter('ana', 'finance', 'owner')], ballot, asked);
    expect([approvals.finance, approvals.owner].toSorted()).toEqual([0, 1]);
  });
  test('and moves up where another one fills the first place', () => {
    for (const votes of [
      [voter('ana', 'finance', 'owner'), voter('ben', 'finance')],
      [voter('ana', 'finance'), voter('ben', 'finance', 'owner')],
    ])
      expect(countApprovals(votes, ballot, asked).approvals).toMatchObject({ finance: 1, owner: 1 });
  });
  test('in no role that nobody asked for', () => expect(countApprovals([voter('ana', 'owner')], ballot, [place('finance', 1)]).approvals.owner).toBe(0));
  test('also where it is weighed whether enough people are there', () => {
    const both = [{ person: ana, roles: ['finance' as const, 'owner' as const], manages: false }];
    const judgment = { verdict: 'escalate' as const, kind: 'escalated' as const, articles: [], why: [], needs: asked };
    const refused = withinReach(judgment, { ...ballot, electors: both }, instant(0));
    expect(refused).toMatchObject({ verdict: 'deny', kind: 'unapprovable' });
    expect(refused.why.join(' ')).toContain('`ana` could decide it, but is needed in another role as well, and counts once');
    expect(withinReach(judgment, { ...ballot, electors: [...both, { person: ben, roles: ['finance'], manages: false }] }, instant(0)).verdict).toBe('escalate');
  });
});

describe('an own request is confirmed by its sole approver', () => {
  const hour = 3_600_000;
  const need = { role: 'finance' as const, quorum: 1, within: 'P2D', sole: 'PT1H', articles: ['finance.call'] };
  const alone: Ballot = {
    ...ballot,
    requester: ana,
    asked: { needs: [need], at: instant(10_000) },
    electors: [{ person: ana, roles: ['finance'], manages: false }],
  };
  const confirmation: VoteOnFile = { ...vote, issuedAt: instant(20_000), at: instant(10_000 + hour) };

  test('later, with a newer token', () => {
    expect(standing(confirmation, alone, [confirmation])).toEqual({ counts: true });
    expect(countApprovals([confirmation], alone, needs).approvals).toMatchObject({ finance: 1, owner: 0 });
  });
  test.each<[string, Partial<VoteOnFile>, Partial<Ballot>]>([
    ['before the delay has passed', { at: instant(9_999 + hour) }, {}],
    ['with a token as old as the question', { issuedAt: instant(10_000) }, {}],
    ['before anybody was asked', {}, { asked: null }],
    ['where no article names a sole approver', {}, { asked: { needs: [{ ...need, sole: null }], at: instant(10_000) } }],
    ['where another one holds the role', {}, { electors: [...alone.electors, { person: ben, roles: ['finance'], manages: false }] }],
    ['who does not hold the role', { roles: ['owner'] }, { electors: [{ person: ana, roles: ['owner'], manages: false }] }],
  ])('never %s', (_what, change, other) => {
    const changed = { ...confirmation, ...change };
    expect(standing(changed, { ...alone, ...other }, [changed])).toEqual({ counts: false, because: 'nobody approves what they asked for' });
    expect(countApprovals([changed], { ...alone, ...other }, needs).approvals.finance).toBe(0);
  });
  test('only in the role of that article', () => {
    const both = { ...alone, electors: [{ person: ana, roles: ['finance' as const, 'owner' as const], manages: false }] };
    expect(countApprovals([{ ...confirmation, roles: ['finance', 'owner'] }], both, needs).approvals).toMatchObject({ finance: 1, owner: 0 });
  });
});

describe('an escalation', () => {
  const judgment = {
    verdict: 'escalate' as const,
    kind: 'escalated' as const,
    articles: [],
    why: ['why'],
    needs: [{ role: 'finance' as const, quorum: 2, within: 'P2D', sole: null, articles: ['x'] }],
  };
  const electors = [ana, ben].map((person) => ({ person, roles: ['finance' as const], manages: false }));

  test('that enough people can lift stays one', () => expect(withinReach(judgment, { ...ballot, electors }, instant(0))).toBe(judgment));
  test('that the requester alone is missing from is refused, and says who is left', () => {
    const refused = withinReach(judgment, { ...ballot, electors, requester: ben }, instant(0));
    expect(refused).toMatchObject({ verdict: 'deny', kind: 'unapprovable', needs: [] });
    expect(refused.why.join(' ')).toContain('`ana` could decide it; the owner can give the role `finance` to 1 more, other than `ben`');
  });
});
