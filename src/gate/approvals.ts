/** Votes -> the counts that articles compare. Approval is evidence, never a bypass: the gate judges again with these. */
import type { Digest } from '../kernel/digest.ts';
import type { PersonId } from '../kernel/ids.ts';
import { ROLES, type Role } from '../kernel/nouns.ts';

/** A vote as stored, with what is known today of the voter and the credential. */
export interface VoteOnFile {
  readonly person: PersonId;
  readonly choice: 'approve' | 'decline';
  readonly slice: Digest;
  readonly material: Digest;
  readonly attested: boolean; // our own signature over the row verified
  readonly active: boolean; // today, of the person
  readonly roles: readonly Role[]; // today
  readonly manages: boolean; // is the manager of the person asked for
  readonly credentialValid: boolean; // neither expired nor revoked
  readonly issuedBy: string; // of the credential: a person, or `operator`
}

export interface Ballot {
  readonly requester: PersonId | null; // nobody approves what they asked for, nor what an agent asked for them
  readonly slice: Digest; // of the articles now
  readonly material: Digest; // of the facts now
  readonly operatorTokensCount: boolean; // the example's visible setting
}

export type Standing = { readonly counts: true } | { readonly counts: false; readonly because: string };

/** Whether a vote counts now, and if not why, in words. */
export function standing(vote: VoteOnFile, ballot: Ballot, others: readonly VoteOnFile[]): Standing {
  const no = (because: string): Standing => ({ counts: false, because });
  if (!vote.attested) return no('the vote is not one that was cast here');
  if (!vote.active) return no('the person is not active any more');
  if (vote.person === ballot.requester) return no('nobody approves what they asked for');
  if (!vote.credentialValid) return no('the token it was cast with has expired or was revoked');
  if (vote.slice !== ballot.slice) return no('the articles for this action have changed since');
  if (vote.material !== ballot.material) return no('a fact that matters has changed since');
  if (vote.issuedBy === 'operator')
    return ballot.operatorTokensCount ? { counts: true } : no('the token was issued by the operator, not by a person in authority');
  if (vote.issuedBy === ballot.requester) return no('the requester issued the token it was cast with');
  if (others.some((other) => other.person !== vote.person && other.person === vote.issuedBy)) return no('another voter issued the token it was cast with');
  return { counts: true };
}

/** Distinct people that approve, per role they hold. One person counts once in each role held, and votes once. */
export function countApprovals(
  votes: readonly VoteOnFile[],
  ballot: Ballot,
): { readonly approvals: Partial<Record<Role, number>>; readonly by: readonly PersonId[] } {
  const standingVotes = votes.filter((vote) => vote.choice === 'approve' && standing(vote, ballot, votes).counts);
  const approvals = Object.fromEntries(ROLES.map((role) => [role, standingVotes.filter((vote) => holds(vote, role, ballot)).length]));
  return { approvals, by: standingVotes.map((vote) => vote.person).sort() };
}

/** `manager` means the requester's own manager, or, where the organization itself asks, anybody who manages. */
const holds = (vote: VoteOnFile, role: Role, { requester }: Ballot): boolean =>
  role === 'manager' && requester !== null ? vote.manages : vote.roles.includes(role);
