/** Ways to work through a dataset. */
import type { Solver } from '../kernel/evals.ts';

/** The agent's own review: its reconcilers, then its routine, or the model's deliberation, about each drift. */
export const review: Solver = (trial) => trial.review();
