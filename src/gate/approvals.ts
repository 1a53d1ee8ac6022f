/** Votes -> the counts that articles compare. Approval is evidence, never a bypass: the gate judges again with these. */
import type { Digest } from '../kernel/digest.ts';
import type { PersonId } from '../kernel/ids.ts';
import { ROLES, type Need, type Role } from '../kernel/nouns.ts';
import { met, open } from '../kernel/quorum.ts';
import { durationMs, millis, type Instant } from '../kernel/time.ts';
import type { Judgment } from './decide.ts';

/** A vote as stored, with what is known today of the voter and the credential. */
export interface VoteOnFile extends CastWith {
  readonly choice: 'approve' | 'decline';
  readonly slice: Digest;
  readonly material: Digest;
  readonly attested: boolean; // our own signature over the row verified
  readonly active: boolean; // today, of the person
  readonly roles: readonly Role[]; // today
  readonly manages: boolean; // is the manager of the person asked for
  readonly credentialValid: boolean; // neither expired nor revoked
  readonly issuedAt: Instant; // of the credential
}

/** Somebody who could vote: active today. */
export interface Elector {
  readonly person: PersonId;
  readonly roles: readonly Role[];
  readonly manages: boolean; // is the manager of the person asked for
}

/** What was asked of people, and when. */
export interface Asked {
  readonly needs: readonly Need[];
  readonly at: Instant;
}

export interface Ballot {
  readonly requester: PersonId | null; // nobody approves what they asked for, nor what an agent asked for them
  readonly slice: Digest; // of the articles now
  readonly material: Digest; // of the facts now
  readonly operatorTokensCount: boolean; // the example's visible setting
  readonly electors: readonly Elector[];
  readonly barred: readonly string[]; // people who filed what the vote is about, or are tied to whom it is about: they do not vote on it
  readonly asked: Asked | null; // the first time; null before anybody was asked
}

export type Standing = { readonly counts: true } | { readonly counts: false; readonly because: string };

/** Whether a vote counts now, and if not why, in words. */
export function standing(vote: VoteOnFile, ballot: Ballot, others: readonly VoteOnFile[]): Standing {
  const alone = standingAlone(vote, ballot);
  if (!alone.counts) return alone;
  const shared = sharedHands(vote, others, (other) => standingAlone(other, ballot).counts);
  return shared === undefined ? { counts: true } : no(shared);
}

const no = (because: string): Standing => ({ counts: false, because });

/** Whether it counts as far as the other votes are left out. */
function standingAlone(vote: VoteOnFile, ballot: Ballot): Standing {
  if (!vote.attested) return no('the vote is not one that was cast here, or the key that attested it is retired');
  if (!vote.active) return no('the person is not active any more');
  if (vote.person === ballot.requester && !confirmsAlone(vote, ballot)) return no('nobody approves what they asked for');
  if (ballot.barred.includes(vote.person)) return no('the person filed what this pays to, or is tied to whom it is about; somebody else looks at it first');
  if (!vote.credentialValid) return no('the token it was cast with has expired or was revoked');
  if (vote.slice !== ballot.slice) return no('the articles for this action have changed since');
  if (vote.material !== ballot.material) return no('a fact that matters has changed since');
  const foreign = notItsOwn(vote, ballot.operatorTokensCount);
  if (foreign !== undefined) return no(foreign);
  if (ballot.requester !== null && vote.person !== ballot.requester && vote.issuers.includes(ballot.requester))
    return no('the requester issued the token it was cast with');
  return { counts: true };
}

/** The token that a vote was cast with, and whose hands it came through. */
export interface CastWith {
  readonly person: PersonId;
  readonly at: Instant; // wall clock, of the vote
  readonly issuedBy: string; // of the credential: a person, or `operator`
  readonly issuers: readonly string[]; // everybody that the credential came through, the first issuer first
}

/** Why a token does not stand for its person alone: only one that the person issued to themselves does. */
export function notItsOwn({ person, issuedBy, issuers }: CastWith, operatorTokensCount: boolean): string | undefined {
  if (issuedBy !== issuers.at(-1)) return 'nobody knows who stands behind the token it was cast with';
  if (issuedBy === 'operator') return operatorTokensCount ? undefined : 'the token was issued by the operator, and not exchanged by the person';
  return issuedBy === person ? undefined : 'the token was issued by somebody else, and not exchanged by the person';
}

/** Why a vote may be another voter's over again. @param counts whether another vote counts by itself */
export function sharedHands<V extends CastWith>(vote: V, others: readonly V[], counts: (other: V) => boolean): string | undefined {
  const rest = others.filter(({ person }) => person !== vote.person);
  if (rest.some(({ person }) => vote.issuers.includes(person))) return 'another voter issued the token it was cast with';
  const twin = rest.find((other) => earlier(other, vote) && commonOrigin(vote, other) !== undefined && counts(other));
  return twin && `one person, \`${commonOrigin(vote, twin) ?? ''}\`, stands behind the tokens of this vote and an earlier one`;
}

/**
 * A person other than the two voters, through whose hands both tokens came: whoever issues and exchanges both votes twice.
 * The operator is nobody of the organization: every first token comes from there, and counts once its person has exchanged it.
 */
const commonOrigin = (one: CastWith, other: CastWith): string | undefined =>
  one.issuers.find((issuer) => issuer !== 'operator' && issuer !== one.person && other.issuers.includes(issuer));

const earlier = (one: CastWith, other: CastWith): boolean => one.at < other.at || (one.at === other.at && one.person < other.person);

/** What articles compare, and whose approvals stand. */
export interface Counted {
  readonly approvals: Partial<Record<Role, number>>;
  readonly unanimous: Role[]; // where everybody was asked for, and approved
  readonly by: readonly PersonId[];
}

/** People that approve, each in one of the roles that are needed; and all whose approval stands. @param needs as without any vote */
export function countApprovals(votes: readonly VoteOnFile[], ballot: Ballot, needs: readonly Need[]): Counted {
  const standingVotes = votes.filter((vote) => vote.choice === 'approve' && standing(vote, ballot, votes).counts);
  const filled = met(needs, standingVotes.map(holderOf(ballot)));
  const approvals = Object.fromEntries(ROLES.map((role) => [role, filled.get(role) ?? 0]));
  const unanimous = needs.flatMap(({ role, quorum, everybody }) => (everybody && (filled.get(role) ?? 0) >= quorum ? [role] : []));
  return { approvals, unanimous, by: standingVotes.map((vote) => vote.person).sort() };
}

export const holderOf = (ballot: Ballot) => (elector: Elector) => ({ roles: ROLES.filter((role) => holds(elector, role, ballot)) });

/** `manager` means the requester's own manager, or, where the organization itself asks, anybody who manages. */
function holds(elector: Elector, role: Role, ballot: Ballot): boolean {
  if (elector.person === ballot.requester) return soleNeed(role, ballot) !== undefined && elector.roles.includes(role);
  return role === 'manager' && ballot.requester !== null ? elector.manages : elector.roles.includes(role);
}

/**
 * The need that a requester may meet alone: an article names a sole approver, and nobody else holds the role. Such a vote is
 * not four-eyes; it takes a delay and a credential newer than the question.
 */
export function soleNeed(role: Role, { requester, electors, asked }: Pick<Ballot, 'requester' | 'electors' | 'asked'>): Need | undefined {
  const need = asked?.needs.find((one) => one.role === role && one.sole !== null);
  const holders = electors.filter(({ roles }) => roles.includes(role));
  return need && requester !== null && holders.length === 1 && holders[0]?.person === requester ? need : undefined;
}

/** From when on a requester may meet a need alone. */
export const soleFrom = ({ sole }: Need, asked: Asked): number => millis(asked.at) + (durationMs(sole ?? '') ?? Number.POSITIVE_INFINITY);

function confirmsAlone(vote: VoteOnFile, ballot: Ballot): boolean {
  const { asked } = ballot;
  if (!asked || millis(vote.issuedAt) <= millis(asked.at)) return false;
  return vote.roles.some((role) => {
    const need = soleNeed(role, ballot);
    return need !== undefined && millis(vote.at) >= soleFrom(need, asked);
  });
}

/** Those who could vote: whoever filed what it is about is not among them. */
export const eligible = ({ electors, barred }: Pick<Ballot, 'electors' | 'barred'>): readonly Elector[] =>
  electors.filter(({ person }) => !barred.includes(person));

/** Where everybody has to approve: as many as are eligible now, and one where nobody is, which then nobody can meet. */
export function inNumbers(judgment: Judgment, ballot: Ballot): Judgment {
  const holders = eligible(ballot).map(holderOf(ballot));
  const all = (role: Role): number => holders.filter(({ roles }) => roles.includes(role)).length;
  return { ...judgment, needs: judgment.needs.map((need) => (need.everybody ? { ...need, quorum: Math.max(need.quorum, all(need.role)) } : need)) };
}

/** An escalation that too few people could lift is a denial that says who could be made eligible. Others stay as they are. */
export function withinReach(judgment: Judgment, ballot: Ballot, now: Instant): Judgment {
  if (judgment.verdict !== 'escalate') return judgment;
  const hypothetical = { ...ballot, asked: ballot.asked ?? { needs: judgment.needs, at: now } };
  const electors = eligible(ballot);
  const short = open(judgment.needs, electors.map(holderOf(hypothetical))).map((need) => {
    const able = electors.filter((elector) => holds(elector, need.role, hypothetical)).map(({ person }) => person);
    return wanting(need, able, ballot);
  });
  return short.length === 0 ? judgment : { ...judgment, verdict: 'deny', kind: 'unapprovable', needs: [], why: [...judgment.why, ...short] };
}

function wanting({ role, quorum, missing }: Need & { readonly missing: number }, able: readonly PersonId[], { requester, barred }: Ballot): string {
  const others = [...(requester === null ? [] : [requester]), ...barred].map((person) => `\`${person}\``).join(' and ');
  const left = able.length === 0 ? 'nobody' : able.map((person) => `\`${person}\``).join(', ');
  const mend =
    role === 'manager' && requester !== null
      ? `name an active manager of \`${requester}\``
      : `give the role \`${role}\` to ${missing} more${others === '' ? '' : `, other than ${others}`}`;
  const once = able.length >= quorum ? ', but is needed in another role as well, and counts once' : '';
  return `This needs ${quorum} with the role \`${role}\`, and ${left} could decide it${once}; the owner can ${mend} in people.yaml.`;
}
