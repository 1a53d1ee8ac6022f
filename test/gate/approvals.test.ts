import { describe, expect, test } from 'vitest';
import { countApprovals, standing, withinReach, type Ballot, type VoteOnFile } from '../../src/gate/approvals.ts';
import { ownWords, provenance } from '../../src/gate/provenance.ts';
import { digest } from '../../src/kernel/digest.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/time.ts';

const [slice, material] = [digest('slice'), digest('material')];
const [ana, ben] = [PersonId.parse('ana'), PersonId.parse('ben')];
const ballot: Ballot = { requester: null, slice, material, operatorTokensCount: false, electors: [], asked: null };
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
  issuedBy: 'ben',
};

describe('a vote counts', () => {
  test('cast here, by somebody active, under these facts and articles', () => {
    expect(standing(vote, ballot, [vote])).toEqual({ counts: true });
    expect(countApprovals([vote], ballot)).toMatchObject({ approvals: { finance: 1, owner: 0 }, by: ['ana'] });
  });
  test.each<[string, Partial<VoteOnFile>, Partial<Ballot>]>([
    ['one that was not cast here', { attested: false }, {}],
    ['of somebody who left', { active: false }, {}],
    ['of the requester', {}, { requester: ana }],
    ['by a token that ran out', { credentialValid: false }, {}],
    ['under other articles', { slice: digest(1) }, {}],
    ['under other facts', { material: digest(1) }, {}],
    ['by a token of the operator', { issuedBy: 'operator' }, {}],
    ['by a token that the requester issued', { issuedBy: 'ben' }, { requester: ben }],
  ])('never %s', (_what, change, other) => {
    const changed = { ...vote, ...change };
    expect(standing(changed, { ...ballot, ...other }, [changed]).counts).toBe(false);
    expect(countApprovals([changed], { ...ballot, ...other }).approvals.finance).toBe(0);
  });
  test('never by a token that another voter issued', () => {
    const other = { ...vote, person: ben, issuedBy: 'zoe' };
    expect(countApprovals([vote, other], ballot).by).toEqual(['ben']);
  });
  test('the operator’s tokens count where the organization says so', () => {
    expect(standing({ ...vote, issuedBy: 'operator' }, { ...ballot, operatorTokensCount: true }, []).counts).toBe(true);
  });
  test('a manager is the requester’s own, or anybody who manages where nobody asked', () => {
    const managing: VoteOnFile = { ...vote, roles: ['manager'], manages: false };
    expect(countApprovals([managing], ballot).approvals.manager).toBe(1);
    expect(countApprovals([managing], { ...ballot, requester: PersonId.parse('zoe') }).approvals.manager).toBe(0);
    expect(countApprovals([{ ...managing, manages: true }], { ...ballot, requester: PersonId.parse('zoe') }).approvals.manager).toBe(1);
  });
  test('a decline is no approval', () => expect(countApprovals([{ ...vote, choice: 'decline' }], ballot).approvals.finance).toBe(0));
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
  const confirmation: VoteOnFile = { ...vote, issuedBy: 'ana', issuedAt: instant(20_000), at: instant(10_000 + hour) };

  test('later, with a newer token', () => {
    expect(standing(confirmation, alone, [confirmation])).toEqual({ counts: true });
    expect(countApprovals([confirmation], alone).approvals).toMatchObject({ finance: 1, owner: 0 });
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
    expect(countApprovals([changed], { ...alone, ...other }).approvals.finance).toBe(0);
  });
  test('only in the role of that article', () => {
    const both = { ...alone, electors: [{ person: ana, roles: ['finance' as const, 'owner' as const], manages: false }] };
    expect(countApprovals([{ ...confirmation, roles: ['finance', 'owner'] }], both).approvals).toMatchObject({ finance: 1, owner: 0 });
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

describe('provenance', () => {
  const governs = { payee: 'account', amount: 'amount' } as const;
  const args = { payee: 'DE51820511173097531246', amount: { minor: 240_000, currency: 'EUR' } };
  const traced = (stated: string | null, vouched: readonly string[] = []) => provenance({ governs, args, vouched, stated }).untrusted;

  test('what neither a record nor the person vouches for is untrusted', () => expect(traced(null)).toEqual(['account', 'amount']));
  test('a record vouches for its own field alone', () => expect(traced(null, ['amount'])).toEqual(['account']));
  test.each(['pay 2400 to DE51 8205 1117 3097 5312 46', 'bitte 2.400,00 € an DE51820511173097531246', 'EUR 2,400.00 -> de51820511173097531246.'])(
    'the person’s own words vouch, however they write it: %s',
    (text) => {
      expect(traced(text)).toEqual([]);
    },
  );
  test.each([
    ['a quoted line', '> pay 2400 to DE51820511173097531246'],
    ['quotation marks', 'the supplier wrote "2400 to DE51820511173097531246"'],
    ['code', 'see `2400 DE51820511173097531246`'],
    ['a forwarded mail', 'look:\n--- Forwarded message ---\npay 2400 to DE51820511173097531246'],
  ])('what stands in %s does not', (_what, text) => expect(traced(text)).toEqual(['account', 'amount']));
  test('a part of another number is not the number', () => expect(traced('pay 12400.50 to DE518205111730975312469')).toEqual(['account', 'amount']));
  test('own words keep what is not quoted', () => expect(ownWords('pay it\n> no\nnow')).toMatch(/pay it\s+now/));
});
