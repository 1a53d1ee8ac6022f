import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { actionDigest } from '../../src/kernel/action.ts';
import { digest } from '../../src/kernel/digest.ts';
import { AgentName, deriveId, OrgId, PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Approval, Decision, Proposal } from '../../src/kernel/nouns.ts';
import { instant } from '../../src/kernel/time.ts';
import { attested, attestVote, permits, readWarrant, signWarrant, WARRANT_LIFE_S, warrantClaims } from '../../src/warrant/warrant.ts';

const org = OrgId.parse('t');
const action = { org, agent: AgentName.parse('a'), onBehalfOf: null, tool: ToolName.parse('finance.pay_invoice'), args: { amount: 5 } };
const proposal: Proposal = { ...action, id: deriveId('prp', [1]), ask: deriveId('ask', [1]), actionDigest: actionDigest(action), rationale: '' };
const zero = digest(0);
const decision: Decision = {
  id: deriveId('dec', [1]),
  proposal: proposal.id,
  verdict: 'permit',
  kind: 'permitted',
  articles: [],
  needs: [],
  why: [],
  constitution: zero,
  slice: zero,
  material: zero,
};
const vote: Approval = {
  proposal: proposal.id,
  person: PersonId.parse('ana'),
  choice: 'approve',
  reason: '',
  credential: deriveId('tok', [1]),
  slice: zero,
  material: zero,
  at: instant(0),
};
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const NOW = 1_000_000;
const claims = warrantClaims(proposal, decision, [vote], 1, NOW);

test('a warrant permits its action, in its time', () => {
  expect(() => permits(claims, proposal, NOW)).not.toThrow();
  expect(() => permits(claims, proposal, NOW + WARRANT_LIFE_S - 1)).not.toThrow();
});
test.each([NOW + WARRANT_LIFE_S, NOW + 1e6, NOW - WARRANT_LIFE_S - 1])('and at no other time (%i)', (at) =>
  expect(() => permits(claims, proposal, at)).toThrow('not valid now'),
);
test.each<[string, Partial<Proposal>]>([
  ['amount', { args: { amount: 6 } }],
  ['tool', { tool: ToolName.parse('finance.hold_invoice') }],
  ['agent', { agent: AgentName.parse('b') }],
  ['person', { onBehalfOf: PersonId.parse('ana') }],
  ['organization', { org: OrgId.parse('u') }],
  ['proposal', { id: deriveId('prp', [2]) }],
])('another %s is another action', (_what, change) => expect(() => permits(claims, { ...proposal, ...change }, NOW)).toThrow('permits another action'));
test.each(['deny', 'escalate'] as const)('%s gives no warrant', (verdict) =>
  expect(() => warrantClaims(proposal, { ...decision, verdict }, [], 1, NOW)).toThrow('does not permit'),
);
test('a vote on another proposal gives none either', () =>
  expect(() => warrantClaims(proposal, decision, [{ ...vote, proposal: deriveId('prp', [2]) }], 1, NOW)).toThrow('voted on'));
test('a signature of another key, or of another kind of paper, is none', async () => {
  const jws = await signWarrant(claims, privateKey, 'k');
  expect(await readWarrant(jws, publicKey)).toEqual(claims);
  await expect(readWarrant(jws, generateKeyPairSync('ed25519').publicKey)).rejects.toThrow('does not verify');
  await expect(readWarrant(await attestVote(org, vote, privateKey, 'k'), publicKey)).rejects.toThrow('does not verify');
});
test('an attestation is over exactly this vote', async () => {
  const jws = await attestVote(org, vote, privateKey, 'k');
  expect(await attested(org, vote, jws, publicKey)).toBe(true);
  for (const change of [{ person: PersonId.parse('ben') }, { choice: 'decline' as const }, { material: digest(1) }])
    expect(await attested(org, { ...vote, ...change }, jws, publicKey)).toBe(false);
  expect(await attested(OrgId.parse('u'), vote, jws, publicKey)).toBe(false);
});
