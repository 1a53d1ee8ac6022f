/** An amendment: what is to be in force instead of what is, what a check found of it, and the votes on its digest. */
import { z } from 'zod';
import { ArticleCase } from './cases.ts';
import { Digest } from './digest.ts';
import type { OrgId } from './ids.ts';
import { AgentName, AmendmentId, PersonId, ProposalId, TokenId, ToolName } from './ids.ts';
import { JsonObject, Level, Verdict } from './nouns.ts';
import { Instant } from './time.ts';

/** One difference from what is in force, in words. */
export const Change = z.strictObject({
  what: z.enum(['article', 'rule', 'agent', 'tool', 'facts', 'schema', 'quorum', 'limit', 'grant', 'term']),
  name: z.string(),
  how: z.enum(['added', 'removed', 'changed']),
  title: z.string(), // of an article: its number and title; of a rule, a limit, a grant or a term: the whole change
  source: z.string(),
  lines: z.array(z.string()), // `- before`, `+ after`
  cedar: z.array(z.string()).exactOptional(), // of a rule, the same of its article: shown to whoever asks for it
});
export type Change = z.infer<typeof Change>;

/** A recorded decision as it can be judged again: the facts that it rested on. */
export const RecordedCall = z.strictObject({
  proposal: ProposalId,
  agent: AgentName,
  onBehalfOf: PersonId.nullable(),
  tool: ToolName,
  subject: z.string(),
  facts: JsonObject,
  people: z.array(PersonId).default([]), // for whom it was asked, and whom it is about
});
export type RecordedCall = z.infer<typeof RecordedCall>;

export const ChangedVerdict = z.strictObject({
  proposal: ProposalId,
  tool: ToolName,
  subject: z.string(),
  minor: z.int().nullable(), // money of the call; null where it moves none
  people: z.array(PersonId).default([]),
  was: Verdict,
  becomes: Verdict,
});
export type ChangedVerdict = z.infer<typeof ChangedVerdict>;

/** What the draft would have said of the decisions on record. */
export const Replay = z.strictObject({
  recorded: z.int(), // decisions on record
  judged: z.int(), // of these judged again, the newest first
  untold: z.int(), // whose facts the draft's tools do not have
  changed: z.int(),
  minor: z.int(), // money of all that changed
  people: z.int().default(0), // that these touch, each once
  shown: z.array(ChangedVerdict),
});
export type Replay = z.infer<typeof Replay>;

/** The cases that stand beside one file of articles. */
export const CaseFile = z.strictObject({
  file: z.string(),
  cases: z.array(ArticleCase).max(2_000),
  routine: z.record(z.string(), JsonObject).default({}), // facts under which a call needs nobody, by sheet
  alone: z.boolean().default(false), // its articles are tried as if they stood alone beside what grants: what others say cannot hide that they say nothing
});
export type CaseFile = z.infer<typeof CaseFile>;

/** Whether an invariant holds of every call that there could be. `open`: no call against it was found, and no proof. */
export const Proof = z.strictObject({
  invariant: z.string(), // its @id
  title: z.string(),
  source: z.string(),
  verdict: z.enum(['proved', 'refuted', 'open']),
  tools: z.int(), // that it is about
  counterexample: z.string().nullable(), // a permitted call that it forbids, in words
});
export type Proof = z.infer<typeof Proof>;

/** Articles with one thing changed, and those of them that no case noticed. */
export const Mutation = z.strictObject({ mutants: z.int(), survivors: z.array(z.strictObject({ article: z.string(), what: z.string() })) });
export type Mutation = z.infer<typeof Mutation>;

/** What a check found. `problems` is empty where the draft may be put to the vote. */
export const Findings = z.strictObject({
  digest: Digest.nullable(), // null where it could not be read
  problems: z.array(z.string()),
  changes: z.array(Change),
  cases: z.int(), // that were run
  mutation: Mutation.nullable().default(null), // null where it did not come to that
  proofs: z.array(Proof).default([]),
  replay: Replay.nullable(),
});
export type Findings = z.infer<typeof Findings>;

/** Before anything was looked at. */
/** What of an examination takes seconds: whoever wants one of them says so. Whether the articles parse, fit the schema, keep the constraints and their cases is always looked at. */
export const ExaminedPart = z.enum(['mutation', 'proofs', 'replay']);
export type ExaminedPart = z.infer<typeof ExaminedPart>;

export const UNEXAMINED: Findings = { digest: null, problems: [], changes: [], cases: 0, mutation: null, proofs: [], replay: null };

/** What an agent did at the level that it is to leave. */
export const LevelEvidence = z.strictObject({
  proposals: z.int(), // judged at that level
  permitted: z.int(),
  escalated: z.int(),
  denied: z.int(),
  minor: z.int(), // money of those not denied
  currency: z.string(),
  people: z.strictObject({
    settled: z.int(), // what it was about was seen settled, and the agent had not done it
    standing: z.int(), // still differs from what is declared
    approved: z.int(),
    declined: z.int(),
    untold: z.int(),
  }),
});
export type LevelEvidence = z.infer<typeof LevelEvidence>;

export const LevelChange = z.strictObject({ agent: AgentName, from: Level, to: Level, evidence: LevelEvidence });
export type LevelChange = z.infer<typeof LevelChange>;

export const AMENDMENT_STATES = ['checking', 'open', 'refused', 'ratified', 'declined', 'expired', 'overtaken'] as const;
/** `overtaken`: what it was to change has changed in another way since. */
export const AmendmentState = z.enum(AMENDMENT_STATES);
export type AmendmentState = z.infer<typeof AmendmentState>;

/** One owner's vote on one amendment, on the digest of what it puts in force. */
export const AmendmentVote = z.strictObject({
  amendment: AmendmentId,
  person: PersonId,
  digest: Digest,
  choice: z.enum(['approve', 'decline']),
  reason: z.string(),
  credential: TokenId,
  at: Instant, // wall
});
export type AmendmentVote = z.infer<typeof AmendmentVote>;

export interface Amendment {
  readonly id: AmendmentId;
  readonly org: OrgId;
  readonly content: { readonly kind: 'constitution'; readonly base: Digest } | { readonly kind: 'level'; readonly change: LevelChange };
  readonly digest: Digest; // of what it puts in force: what is voted on
  readonly proposedBy: PersonId;
  readonly reason: string;
  readonly quorum: number;
  readonly state: AmendmentState;
  readonly findings: Findings | null;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
  readonly closedAt: Instant | null;
}
