/** The nouns of the pipeline, in the order in which they come into being. */
import { z } from 'zod';
import { Digest } from './digest.ts';
import type { Domain } from './ids.ts';
import { AgentName, AskId, DecisionId, DelegationId, EventId, OrgId, PersonId, ProposalId, RollbackId, TokenId, ToolName, WarrantId } from './ids.ts';
import { Instant, LocalDate } from './time.ts';
import { Narrowing } from './narrowing.ts';

/** JSON as it is stored; kept as it came, byte for byte in its strings. */
export const JsonObject = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof JsonObject>;

/** What a reconciler saw: the declared and the observed state differ. */
export const Drift = z.strictObject({
  key: z.string().min(1).max(200), // unique in the organization: `finance.due_invoice/INV-2026-0114`
  reconciler: z.string(),
  subject: z.string(), // what it is about, a record's identifier
  why: z.string(), // for people, values in backticks
  arose: LocalDate.nullable(), // business date of the record that it is about; null where it has none
  facts: JsonObject, // the GOVERNING facts: a declined drift is asked again only when one of them changes
});
export type Drift = z.infer<typeof Drift>;

/** One agent's question to another. Its text is `derived`, whoever the first to ask was: nobody stated it, and it vouches for nothing. */
export const Inquiry = z.strictObject({
  kind: z.literal('request'),
  parent: AskId, // the ask whose agent asks; who stands in the chain is read from these rows
  from: AgentName,
  text: z.string().min(1).max(2_000),
  about: z.string().min(1).max(200), // what it is about, a record's identifier
  narrowed: Narrowing.exactOptional(), // what is left to the agent that is asked, and to whomever that one asks
});
export type Inquiry = z.infer<typeof Inquiry>;

/**
 * A call of an agent in another runtime, on a delegation. What it says is `derived`: the agent wrote it, not the person, and it vouches
 * for nothing.
 */
export const ForeignCall = z.strictObject({
  kind: z.literal('call'),
  delegation: DelegationId,
  tool: z.string(),
  trace: z.string().nullable(), // the other runtime's own name for what this belongs to
});
export type ForeignCall = z.infer<typeof ForeignCall>;

/** Somebody said that an action was wrong: what it did is to be undone. Its arguments follow from the action's own; nobody states them. */
export const Undoing = z.strictObject({
  kind: z.literal('rollback'),
  rollback: RollbackId,
  undoes: ProposalId,
  attempt: z.int().min(1), // after a halt it is asked anew
});
export type Undoing = z.infer<typeof Undoing>;

/** A trigger, made into a question for one agent. */
export const Ask = z.strictObject({
  id: AskId,
  org: OrgId,
  agent: AgentName,
  onBehalfOf: PersonId.nullable(), // null: the organization itself, in reviews
  about: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('drift'), drift: Drift, episode: z.int().min(1) }),
    z.strictObject({ kind: z.literal('question'), text: z.string(), conversation: z.string() }),
    Inquiry,
    ForeignCall,
    Undoing,
  ]),
  cause: EventId,
});
export type Ask = z.infer<typeof Ask>;

/** One tool call that an agent proposes. */
export const Proposal = z.strictObject({
  id: ProposalId,
  org: OrgId,
  ask: AskId,
  agent: AgentName,
  onBehalfOf: PersonId.nullable(),
  tool: ToolName,
  args: JsonObject,
  actionDigest: Digest,
  rationale: z.string(),
});
export type Proposal = z.infer<typeof Proposal>;

export const ROLES = ['owner', 'manager', 'finance', 'staffing', 'compliance', 'operations'] as const;
/** Roles that an article may ask for. `manager`: of the person asked for, or of the agent's owner. */
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const Verdict = z.enum(['permit', 'deny', 'escalate']);
export type Verdict = z.infer<typeof Verdict>;

/**
 * What a person may do with a proposal besides approving and declining it, which everybody who decides may: put a version of their own in its
 * place, or ask the agent back. Each tool says which of them it offers.
 */
export const Answer = z.enum(['edit', 'respond']);
export type Answer = z.infer<typeof Answer>;

/** An article that determined a verdict. */
export const Cited = z.strictObject({ id: z.string(), article: z.string(), title: z.string(), source: z.string() });
export type Cited = z.infer<typeof Cited>;

/** The people whose votes would lift what stands in the way. */
export const Need = z.strictObject({
  role: Role,
  quorum: z.int().min(1),
  within: z.string(),
  sole: z.string().nullable(), // after so long the only holder of the role may confirm an own request
  articles: z.array(z.string()),
  everybody: z.literal(true).exactOptional(), // all who are eligible have to approve: `quorum` is how many they were when it was judged
  declines: z.int().min(2).exactOptional(), // so many declines end it; the first one, where nothing is said
});
export type Need = z.infer<typeof Need>;

export const DecisionKind = z.enum(['permitted', 'escalated', 'forbidden', 'no_grant', 'unapprovable', 'malformed', 'engine_error']);

/** What would have been said, were the articles in force that are only observed yet; those of them that spoke. */
export const Observed = z.strictObject({ verdict: Verdict, articles: z.array(Cited), why: z.array(z.string()) });
export type Observed = z.infer<typeof Observed>;

/** The gate's answer. `needs` is empty unless the verdict is `escalate`. */
export const Decision = z.strictObject({
  id: DecisionId,
  proposal: ProposalId,
  verdict: Verdict,
  kind: DecisionKind,
  articles: z.array(Cited),
  needs: z.array(Need),
  why: z.array(z.string()), // for people: the facts used, what would have to be different
  constitution: Digest,
  slice: Digest, // of the articles that can apply to this tool
  material: Digest, // of the facts whose change voids votes
  observed: Observed.exactOptional(), // where an article that is only observed stood against it
});
export type Decision = z.infer<typeof Decision>;

/** One person's vote on one proposal. */
export const Approval = z.strictObject({
  proposal: ProposalId,
  person: PersonId,
  choice: z.enum(['approve', 'decline']),
  reason: z.string(),
  credential: TokenId,
  slice: Digest,
  material: Digest,
  at: Instant, // wall
  againOn: LocalDate.exactOptional(), // of a decline: the business day on which the drift may be asked about again
});
export type Approval = z.infer<typeof Approval>;

/** What a warrant claims (RFC 7519 names where they exist). Permission for one exact action, once. */
export const WarrantClaims = z.strictObject({
  jti: WarrantId,
  iat: z.int(),
  exp: z.int(), // NumericDate, seconds
  org: OrgId,
  proposal: ProposalId,
  action: Digest,
  decision: DecisionId,
  constitution: Digest,
  approvals: Digest,
});
export type WarrantClaims = z.infer<typeof WarrantClaims>;

/** What became of a warrant's action. */
export const Receipt = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('done'), proposal: ProposalId, warrant: WarrantId, output: JsonObject, event: EventId }),
  z.strictObject({ outcome: z.literal('failed'), proposal: ProposalId, warrant: WarrantId, code: z.string(), message: z.string(), event: EventId }),
]);
export type Receipt = z.infer<typeof Receipt>;

/** How a proposal ended. Holds verdicts only: it travels through Temporal. */
export const Outcome = z.enum(['done', 'failed', 'denied', 'declined', 'expired', 'halted', 'shadowed', 'overtaken', 'edited']); // overtaken: what it was about is not so any more
export type Outcome = z.infer<typeof Outcome>;

export const Level = z.enum(['shadow', 'ask', 'act']);
export type Level = z.infer<typeof Level>;

/** Where the value of a governing argument comes from; the strongest source that vouches for it by itself counts. */
export const PROVENANCE = ['stated', 'record', 'derived', 'untrusted'] as const;
export const Provenance = z.enum(PROVENANCE);
export type Provenance = z.infer<typeof Provenance>;

export const GOVERNS = ['recipient', 'account', 'amount', 'destination', 'identifier', 'free_text', 'date'] as const;
/** What a governing argument decides. */
export const Governs = z.enum(GOVERNS);
export type Governs = z.infer<typeof Governs>;

export const Classification = z.enum(['public', 'internal', 'confidential', 'restricted']);
export type Classification = z.infer<typeof Classification>;

export type { AgentName, Domain };
