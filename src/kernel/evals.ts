/**
 * How an evaluation of an agent is declared: dataset, solver, scorer (the nouns of Inspect). `evals/<agent>/task.ts` calls
 * `defineEval`, and `npm run generate` finds it. What runs it is a `Trial`: a fresh copy of an organization on a real database.
 */
import { z } from 'zod';
import { Digest } from './digest.ts';
import { AgentName, CaseId, ProposalId, ToolName } from './ids.ts';
import { JsonObject, Verdict } from './nouns.ts';
import { Instant } from './time.ts';

/** One call that the agent is to propose. */
export const Expected = z.strictObject({
  tool: ToolName,
  args: JsonObject, // compared one by one; the call may have more
  words: JsonObject.default({}), // arguments in the agent's own words: never compared; a scripted model says these
  verdict: Verdict, // of the gate, before anybody voted
});
export type Expected = z.infer<typeof Expected>;

/** One planted fact, and what is expected of its agent. */
export const Sample = z.strictObject({
  subject: z.string().min(1), // of the drift: a record's identifier
  kind: z.string().min(1), // what was planted
  expect: z.string().min(1), // for people
  drift: z.string().nullable(), // the reconciler that sees it; null: nobody is to be asked about it
  proposes: z.array(Expected), // with a drift and without calls, people are told
  added: z.boolean().default(false), // by the evaluation's `plant`; the example does not have it
});
export type Sample = z.infer<typeof Sample>;

export const Dataset = z
  .array(Sample)
  .min(1)
  .refine((all) => new Set(all.map(({ subject, drift }) => `${drift}/${subject}`)).size === all.length, 'two samples are about the same subject and drift')
  .refine((all) => all.every(({ drift, proposes }) => drift !== null || proposes.length === 0), 'where nobody is asked, nothing is proposed');
export type Dataset = z.infer<typeof Dataset>;

/**
 * What somebody said was wrong, kept for its agent's evaluation: the drift, what the agent made of it, and what would have been right.
 * It is tried on the organization's own files, with the records that were on file then, on the business clock of then.
 */
export const OwnCase = z.strictObject({
  id: CaseId,
  agent: AgentName,
  proposal: ProposalId,
  drift: z.strictObject({ reconciler: z.string(), subject: z.string(), why: z.string() }),
  wrong: z.strictObject({ tool: ToolName, args: JsonObject }),
  reason: z.string(),
  right: z.strictObject({ tool: ToolName, args: JsonObject }).nullable(), // as `Expected`, whatever its verdict; null: anything but the wrong call
  business: Instant,
  files: z.array(Digest), // of the records
});
export type OwnCase = z.infer<typeof OwnCase>;

/** How one of them came out. */
export interface CaseScore {
  readonly id: CaseId;
  readonly drift: string; // the reconciler
  readonly subject: string;
  readonly holds: boolean | null; // null: it could not be tried
  readonly says: string; // what the agent makes of it now, or why it could not be tried
}

/** What came of one drift. */
export interface Handled {
  readonly drift: string; // the reconciler
  readonly subject: string;
  readonly proposed: readonly { readonly tool: ToolName; readonly args: JsonObject; readonly verdict: Verdict }[];
  readonly said: string; // to people, where nothing is proposed
  readonly stopped: string; // `done`, or what kept the agent from coming to an end
}

/** A fresh copy of the organization, its records filed, ready to be reviewed once. */
export interface Trial {
  /** Every drift of the agent's domain, and what the agent makes of each. */
  review(): Promise<readonly Handled[]>;
}
export type Solver = (trial: Trial) => Promise<readonly Handled[]>;

/** How one kind of drift came out. */
export interface KindScore {
  readonly drift: string;
  readonly planted: number;
  readonly handled: number; // drifts of this kind that were seen
  readonly right: number; // seen, and handled as expected
  readonly precision: number; // right of those handled; 1 where none was
  readonly recall: number; // right of those planted; 1 where none was
  readonly misses: readonly string[]; // what was planted and not handled as expected, with what happened instead
  readonly alarms: readonly string[]; // what was handled and not planted
}
export type Scorer = (dataset: Dataset, handled: readonly Handled[]) => readonly KindScore[];

/** The organization's files, by path within its folder. */
export type Files = ReadonlyMap<string, string>;

export interface Eval {
  readonly agent: AgentName;
  readonly dataset: URL; // of a JSON file, a `Dataset`
  /** Plants the facts where the example does not have them already. */
  readonly plant?: (example: Files) => Files;
  /** The same month without what was planted: nobody may be asked about anything. */
  readonly clean: (example: Files) => Files;
  readonly solver: Solver;
  readonly scorer: Scorer;
}

export const defineEval = (task: Omit<Eval, 'agent'> & { readonly agent: string }): Eval => ({ ...task, agent: AgentName.parse(task.agent) });
