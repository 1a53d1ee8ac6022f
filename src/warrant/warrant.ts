/**
 * Decision + approvals -> Warrant: leave to perform one exact action once, as a JWS (RFC 7515) signed with EdDSA.
 * Pure but for the signature: the id and the time are arguments.
 */
import { CompactSign, compactVerify, type CryptoKey, type KeyObject } from 'jose';
import { actionDigest } from '../kernel/action.ts';
import { canonical, digest } from '../kernel/digest.ts';
import { deriveId, type OrgId } from '../kernel/ids.ts';
import type { AmendmentVote } from '../kernel/amendment.ts';
import { WarrantClaims, type Approval, type Decision, type Proposal } from '../kernel/nouns.ts';

export const WARRANT_LIFE_S = 30; // facts behind a permit age; an unconsumed warrant past this is judged again

export type SigningKey = CryptoKey | KeyObject;

/** A warrant cannot be issued or does not permit what it is held against. */
export class WarrantError extends Error {
  override readonly name = 'WarrantError';
  constructor(
    readonly code: 'not_permitted' | 'vote_elsewhere' | 'bad_signature' | 'other_action' | 'expired',
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

export const signWarrant = (claims: WarrantClaims, key: SigningKey, kid: string): Promise<string> => sign(claims, key, kid, 'charter-warrant+jws');

/** The claims of a signed warrant. @throws WarrantError `bad_signature` */
export async function readWarrant(jws: string, key: SigningKey): Promise<WarrantClaims> {
  return WarrantClaims.parse(await verified(jws, key, 'charter-warrant+jws'));
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
export const attestVote = (org: OrgId, vote: Approval, key: SigningKey, kid: string): Promise<string> => sign({ org, ...vote }, key, kid, 'charter-vote+jws');

/** Whether the attestation is over exactly this vote: a row that somebody wrote past the API counts for nothing. */
export const attested = (org: OrgId, vote: Approval, jws: string, key: SigningKey): Promise<boolean> => isOver({ org, ...vote }, jws, key, 'charter-vote+jws');

/** The same for a vote on an amendment; of another type, so that neither can be taken for the other. */
export const attestAmendmentVote = (org: OrgId, vote: AmendmentVote, key: SigningKey, kid: string): Promise<string> =>
  sign({ org, ...vote }, key, kid, 'charter-amendment-vote+jws');
export const amendmentVoteAttested = (org: OrgId, vote: AmendmentVote, jws: string, key: SigningKey): Promise<boolean> =>
  isOver({ org, ...vote }, jws, key, 'charter-amendment-vote+jws');

async function isOver(payload: object, jws: string, key: SigningKey, typ: string): Promise<boolean> {
  try {
    return canonical(await verified(jws, key, typ)) === canonical(payload);
  } catch (error) {
    if (error instanceof WarrantError) return false;
    throw error;
  }
}

async function sign(payload: object, key: SigningKey, kid: string, typ: string): Promise<string> {
  return new CompactSign(new TextEncoder().encode(canonical(payload))).setProtectedHeader({ alg: 'EdDSA', kid, typ }).sign(key);
}

async function verified(jws: string, key: SigningKey, typ: string): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== typ) throw new Error(`\`typ\` is \`${protectedHeader.typ}\``);
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (cause) {
    throw new WarrantError('bad_signature', 'The signature does not verify with our key; nothing was done.', { cause });
  }
}
