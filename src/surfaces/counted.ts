/** How far a question has come, on every surface in the same words: who approved, who declined, and what would end it. Pure. */
import type { TaskCard } from '../client.ts';
import { declined, ending, met, refusedBy } from '../kernel/quorum.ts';

export interface Progress {
  readonly role: string;
  readonly have: number;
  readonly quorum: number;
  readonly says: string; // `finance: 2 of 3 approved, 1 declined of 2 that would end it`
  readonly may: readonly string[];
}

type Voted = Pick<TaskCard, 'decision' | 'votes'>;

const valid = ({ votes }: Voted, choice: 'approve' | 'decline') => votes.filter((vote) => vote.void === null && vote.choice === choice);

/** How far each role that was asked has come. */
export function progress(task: Pick<TaskCard, 'decision' | 'votes' | 'may'>): readonly Progress[] {
  const needs = task.decision?.needs ?? [];
  const filled = met(needs, valid(task, 'approve'));
  return needs.map((need) => {
    const { role, quorum, everybody } = need;
    const have = filled.get(role) ?? 0;
    const all = everybody ? ', which is everybody' : '';
    const against = ending(need) === 1 ? '' : ` approved, ${declined(need, valid(task, 'decline'))} declined of ${ending(need)} that would end it`;
    const may = task.may.filter(({ roles }) => roles.includes(role)).map(({ person }) => person);
    return { role, quorum, have, says: `${role}: ${have} of ${quorum}${all}${against}`, may };
  });
}

/** Whether the declines have come to the number that ends it. */
export const isRefused = (task: Voted): boolean => refusedBy(task.decision?.needs ?? [], valid(task, 'decline')) !== undefined;

/** Why a declined task ended, where not any one decline would have ended it: `2 of finance declined, and 2 end it`. */
export function endedBecause(task: Voted & Pick<TaskCard, 'outcome'>): string | undefined {
  const needs = task.decision?.needs ?? [];
  const declines = valid(task, 'decline');
  if (task.outcome !== 'declined' || needs.every((need) => ending(need) === 1)) return undefined;
  const need = refusedBy(needs, declines);
  if (need === undefined) return `after ${declines.length} decline${declines.length === 1 ? '' : 's'} too few are left to approve`;
  return ending(need) === 1 ? undefined : `${declined(need, declines)} of ${need.role} declined, and ${ending(need)} end it`;
}
