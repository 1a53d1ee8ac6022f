/** How an obligation stands on a day: pure. */
import { addDays, type LocalDate } from '../../kernel/time.ts';
import type { Evidence, Obligation } from './records.ts';

export type Standing =
  | { readonly state: 'met'; readonly deadline: LocalDate }
  | { readonly state: 'due'; readonly deadline: LocalDate } // within its notice
  | { readonly state: 'expired'; readonly deadline: LocalDate } // was met, and is not any more
  | { readonly state: 'overdue'; readonly deadline: LocalDate }; // was never met

/** Evidence of another kind, or that begins later, shows nothing today. The deadline is the last day that evidence covers. */
export function standingOf(obligation: Obligation, evidence: readonly Evidence[], today: LocalDate): Standing {
  const covers = evidence.filter(({ kind, from }) => kind === obligation.evidence && from <= today).map(({ until }) => until);
  const covered = covers.sort().at(-1);
  const deadline = covered ?? obligation.due;
  if (deadline < today) return { state: covered === undefined ? 'overdue' : 'expired', deadline };
  return { state: addDays(deadline, -obligation.noticeDays) <= today ? 'due' : 'met', deadline };
}
