import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { actionDigest } from '../../src/kernel/action.ts';
import { digest } from '../../src/kernel/digest.ts';
import { AgentName, deriveId, OrgId, PersonId, ToolName } from '../../src/kernel/ids.ts';
import type { Approval, Decision, Proposal } from '../../src/kernel/nouns.ts';
import { instant } from '../../src/kernel/time.ts';
import type { Signer } from '../../src/kernel/vault.ts';
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
const pair = generateKeyPairSync('ed25519');
/** A signer of one key, retired from then on. */
const signer = (kid: string, { privateKey, publicKey } = pair, until = Infinity): Signer => ({
  sign: async (message) => sign(null, message(kid), privateKey),
  async verify(named, message, signature, at) {
    if (named !== kid || !verify(null, message, publicKey, signature)) return 'bad';
    return at >= until ? 'retired' : 'good';
  },
});
const signedUnder = (header: object, payload = ''): string => {
  const input = `${head(header)}.${payload}`;
  return `${input}.${sign(null, Buffer.from(input), pair.privateKey).toString('base64url')}`;
};
const head = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url');
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
  const jws = await signWarrant(claims, signer('k'));
  expect(await readWarrant(jws, signer('k'), NOW)).toEqual(claims);
  await expect(readWarrant(jws, signer('k', generateKeyPairSync('ed25519')), NOW)).rejects.toMatchObject({ code: 'bad_signature' });
  await expect(readWarrant(await attestVote(org, vote, signer('k')), signer('k'), NOW)).rejects.toMatchObject({ code: 'bad_signature' });
});
test.each<[string, (parts: string[]) => string]>([
  ['another algorithm', ([, payload]) => signedUnder({ alg: 'none', kid: 'k', typ: 'charter-warrant+jws' }, payload)],
  ['no key', ([, payload]) => signedUnder({ alg: 'EdDSA', typ: 'charter-warrant+jws' }, payload)],
  ['a critical header', ([, payload]) => signedUnder({ alg: 'EdDSA', kid: 'k', typ: 'charter-warrant+jws', crit: ['b64'] }, payload)],
  ['another kind', ([, payload]) => signedUnder({ alg: 'EdDSA', kid: 'k', typ: 'JWT' }, payload)],
  ['parts more', (parts) => [...parts, '', ''].join('.')],
  ['no signature', ([header, payload]) => `${header}.${payload}.`],
  ['another payload', ([header, , signature]) => `${header}.${head({})}.${signature}`],
  ['no text at all', () => ''],
  ['signs that are none', ([header, payload]) => `${header}.${payload}.ää`],
])('a paper with %s is none', async (_what, change) => {
  const jws = change((await signWarrant(claims, signer('k'))).split('.'));
  await expect(readWarrant(jws, signer('k'), NOW)).rejects.toMatchObject({ code: 'bad_signature' });
});
test('what a retired key signed is told apart from what nobody signed', async () => {
  const jws = await signWarrant(claims, signer('k'));
  await expect(readWarrant(jws, signer('k', pair, NOW), NOW)).rejects.toMatchObject({ code: 'key_retired' });
  expect(await readWarrant(jws, signer('k', pair, NOW), NOW - 1)).toEqual(claims);
});
test('an attestation is over exactly this vote, and by a key that counts', async () => {
  const jws = await attestVote(org, vote, signer('k'));
  expect(await attested(org, vote, jws, signer('k'), NOW)).toBe(true);
  for (const change of [{ person: PersonId.parse('ben') }, { choice: 'decline' as const }, { material: digest(1) }])
    expect(await attested(org, { ...vote, ...change }, jws, signer('k'), NOW)).toBe(false);
  expect(await attested(OrgId.parse('u'), vote, jws, signer('k'), NOW)).toBe(false);
  expect(await attested(org, vote, jws, signer('k', pair, NOW), NOW)).toBe(false);
});
