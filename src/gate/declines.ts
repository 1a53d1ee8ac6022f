/** Declines -> whether they end the question, and why. One that does not is a vote on record: it fills no place, and its voter none either. */
import type { Need } from '../kernel/nouns.ts';
import { declined, ending, open, refusedBy } from '../kernel/quorum.ts';
import { eligible, holderOf, standing, type Ballot, type VoteOnFile } from './approvals.ts';

export interface Refused<V> {
  readonly votes: readonly V[]; // the declines that count
  readonly because?: string; // where not any one of them would have done
}

/**
 * @param asked what people have before them: whoever was asked may decline
 * @param now what is still needed of people as it is judged now; nothing where they approved enough, or nobody can
 */
export function refused<V extends VoteOnFile>(votes: readonly V[], ballot: Ballot, asked: readonly Need[], now: readonly Need[]): Refused<V> | undefined {
  const inRoles = ({ roles, manages }: V) => ({
    roles: asked.map(({ role }) => role).filter((role) => roles.includes(role) || (role === 'manager' && manages)),
  });
  const against = votes.filter((vote) => vote.choice === 'decline' && standing(vote, ballot, votes).counts && inRoles(vote).roles.length > 0);
  if (against.length === 0) return undefined;
  const need = refusedBy(asked, against.map(inRoles));
  if (need && ending(need) === 1) return { votes: against };
  if (need) return { votes: against, because: `${declined(need, against.map(inRoles))} of ${need.role} declined, and ${ending(need)} end it` };
  const left = eligible(ballot).filter(({ person }) => !against.some((vote) => vote.person === person));
  const [short] = open(now, left.map(holderOf(ballot)));
  return short && { votes: against, because: `${short.quorum} of ${short.role} have to approve, and after ${count(against.length)} too few are left` };
}

const count = (n: number): string => `${n} decline${n === 1 ? '' : 's'}`;
