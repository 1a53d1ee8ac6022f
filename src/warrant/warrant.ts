/**
 * Decision + approvals -> Warrant: leave to perform one exact action once, as a JWS (RFC 7515) signed with EdDSA.
 * Pure but for the signature: the id and the time are arguments.
 */
import { base64url, decodeProtectedHeader } from 'jose';
import { actionDigest } from '../kernel/action.ts';
import { canonical, digest } from '../kernel/digest.ts';
import { deriveId, type OrgId } from '../kernel/ids.ts';
import type { AmendmentVote } from '../kernel/amendment.ts';
import { WarrantClaims, type Approval, type Decision, type Proposal } from '../kernel/nouns.ts';
import type { Signer } from '../kernel/vault.ts';

export const WARRANT_LIFE_S = 30; // facts behind a permit age; an unconsumed warrant past this is judged again

/** A warrant cannot be issued or does not permit what it is held against. */
export class WarrantError extends Error {
  override readonly name = 'WarrantError';
  constructor(
    readonly code: 'not_permitted' | 'vote_elsewhere' | 'bad_signature' | 'key_retired' | 'other_action' | 'expired',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Permit + votes -> the claims of a warrant, unsigned.
 * @param round of issuing: a warrant that ran out unused is followed by one with the next round, after a new judgment
 * @param now seconds since 1970 (NumericDate, RFC 7519 section 2)
 * @throws WarrantError `not_permitted`, `vote_elsewhere`
 */
export function warrantClaims(proposal: Proposal, decision: Decision, votes: readonly Approval[], round: number, now: number): WarrantClaims {
  if (decision.verdict !== 'permit' || decision.proposal !== proposal.id) {
    throw new WarrantError('not_permitted', `Decision \`${decision.id}\` does not permit \`${proposal.id}\`; have it judged.`);
  }
  const stray = votes.find((vote) => vote.proposal !== proposal.id);
  if (stray) throw new WarrantError('vote_elsewhere', `\`${stray.person}\` voted on \`${stray.proposal}\`, not on \`${proposal.id}\`; ask again.`);
  return {
    jti: deriveId('wrt', [proposal.org, proposal.id, round]),
    iat: now,
    exp: now + WARRANT_LIFE_S,
    org: proposal.org,
    proposal: proposal.id,
    action: actionDigest(proposal),
    decision: decision.id,
    constitution: decision.constitution,
    approvals: digest([...votes].sort((a, b) => (a.person < b.person ? -1 : 1))),
  };
}

export const signWarrant = (claims: WarrantClaims, signer: Signer): Promise<string> => sign(claims, signer, 'charter-warrant+jws');

/**
 * The claims of a signed warrant.
 * @param at milliseconds since 1970: when it is relied on
 * @throws WarrantError `bad_signature`, `key_retired`
 */
export async function readWarrant(jws: string, signer: Signer, at: number): Promise<WarrantClaims> {
  return WarrantClaims.parse(await verified(jws, signer, at, 'charter-warrant+jws'));
}

/**
 * Whether the warrant permits this very action now.
 * @param now seconds since 1970, wall clock
 * @throws WarrantError `other_action`, `expired`
 */
export function permits(claims: WarrantClaims, proposal: Proposal, now: number): void {
  if (claims.org !== proposal.org || claims.proposal !== proposal.id || claims.action !== actionDigest(proposal)) {
    throw new WarrantError('other_action', `Warrant \`${claims.jti}\` permits another action than \`${proposal.id}\` asks for; nothing was done.`);
  }
  if (now >= claims.exp || now < claims.iat - WARRANT_LIFE_S) {
    throw new WarrantError('expired', `Warrant \`${claims.jti}\` is not valid now; the proposal is judged again.`);
  }
}

/** The API's word that this person cast this vote through this credential: attested, not signed by the person. */
export const attestVote = (org: OrgId, vote: Approval, signer: Signer): Promise<string> => sign({ org, ...vote }, signer, 'charter-vote+jws');

/**
 * Whether the attestation is over exactly this vote, and counts: a row that somebody wrote past the API counts for nothing, nor what a key
 * that is retired by now attested.
 * @param at milliseconds since 1970
 */
export const attested = (org: OrgId, vote: Approval, jws: string, signer: Signer, at: number): Promise<boolean> =>
  isOver({ org, ...vote }, jws, signer, at, 'charter-vote+jws');

/** The same for a vote on an amendment; of another type, so that neither can be taken for the other. */
export const attestAmendmentVote = (org: OrgId, vote: AmendmentVote, signer: Signer): Promise<string> =>
  sign({ org, ...vote }, signer, 'charter-amendment-vote+jws');
export const amendmentVoteAttested = (org: OrgId, vote: AmendmentVote, jws: string, signer: Signer, at: number): Promise<boolean> =>
  isOver({ org, ...vote }, jws, signer, at, 'charter-amendment-vote+jws');

async function isOver(payload: object, jws: string, signer: Signer, at: number, typ: string): Promise<boolean> {
  try {
    return canonical(await verified(jws, signer, at, typ)) === canonical(payload);
  } catch (error) {
    if (error instanceof WarrantError) return false;
    throw error;
  }
}

const ALGORITHM = 'EdDSA';

/** Compact serialization (RFC 7515 section 7.1). */
async function sign(payload: object, signer: Signer, typ: string): Promise<string> {
  let input = '';
  const signature = await signer.sign((kid) => {
    input = `${base64url.encode(canonical({ alg: ALGORITHM, kid, typ }))}.${base64url.encode(canonical(payload))}`;
    return new TextEncoder().encode(input);
  });
  return `${input}.${base64url.encode(signature)}`;
}

const FORGED = 'The signature does not verify with our key; nothing was done.';

async function verified(jws: string, signer: Signer, at: number, typ: string): Promise<unknown> {
  const [header = '', payload = '', signature = '', ...more] = jws.split('.');
  const said = headerOf(jws);
  if (more.length > 0 || said.alg !== ALGORITHM || said.typ !== typ || said.crit !== undefined || said.kid === undefined)
    throw new WarrantError('bad_signature', FORGED);
  const verdict = await signer.verify(said.kid, new TextEncoder().encode(`${header}.${payload}`), bytesOf(signature), at);
  if (verdict === 'bad') throw new WarrantError('bad_signature', FORGED);
  if (verdict === 'retired') throw new WarrantError('key_retired', `The key \`${said.kid}\` that signed it is retired; it is judged again.`);
  return JSON.parse(new TextDecoder().decode(bytesOf(payload)));
}

const headerOf = (jws: string) => readable(() => decodeProtectedHeader(jws));
const bytesOf = (text: string): Uint8Array => readable(() => base64url.decode(text));

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new WarrantError('bad_signature', FORGED, { cause });
  }
}
