/** The operations about what was called wrong; part of `client.ts`. */
import { z } from 'zod';
import type { CardLine } from './kernel/define.ts';
import type { OwnCase } from './kernel/evals.ts';
import type { ProposalId, RollbackId } from './kernel/ids.ts';
import { JsonArgs, Text } from './kernel/text.ts';

const Target = Text.min(3).max(60); // a task or the beginning of its id; an ask; an event or the beginning of its id

export const rollbackInputs = {
  wrong: z.strictObject({
    id: Target,
    reason: Text.min(5).max(480), // people and the calls that undo it read it
    right: z.strictObject({ tool: Text.max(80), args: JsonArgs }).exactOptional(), // what would have been right in the place of that call
  }),
  rollback: z.strictObject({ id: Target }),
  eval_cases: z.strictObject({ agent: Text.max(60).exactOptional() }),
} as const;

/** One action that is undone, or is not and why. */
export interface RollbackStepCard {
  readonly proposal: ProposalId;
  readonly tool: string;
  readonly card: readonly CardLine[];
  readonly state: 'next' | 'asked' | 'undone' | 'left'; // next: its turn has not come; asked: the call that undoes it is proposed; left: as it is
  readonly compensation: ProposalId | null; // what undoes it
  readonly waits: boolean; // for people, who decide about that
  readonly says: string; // for people
}

/** What is to be undone, the last effect first. */
export interface RollbackCard {
  readonly target: string;
  readonly begun: {
    readonly id: RollbackId;
    readonly person: string;
    readonly reason: string;
    readonly at: string;
    readonly ended: boolean;
  } | null; // null: nobody said that it was wrong; this is what would be undone
  readonly steps: readonly RollbackStepCard[];
  readonly cases: number; // that agents are evaluated with from then on
}

export interface RollbackOutputs {
  wrong: RollbackCard & { readonly anew: boolean }; // anew: not said before
  rollback: RollbackCard;
  eval_cases: { readonly organization: string; readonly cases: readonly OwnCase[]; readonly more: boolean }; // the newest first
}
