/** What was handed on to runtimes that are not ours, and their calls, as the activities need them of the database: part of `Tx`. */
import type { Digest } from '../../kernel/digest.ts';
import type { Delegation, Tier } from '../../kernel/delegation.ts';
import type { AskId, DelegationId, EventId, PersonId, ProposalId, TokenId } from '../../kernel/ids.ts';
import type { ServiceTerms } from '../../kernel/service-terms.ts';
import type { Instant } from '../../kernel/time.ts';

/** What calls are counted by. */
export type CallKind = 'person' | 'tier' | 'tool';

/** An action whose caller is sent word of it. */
export interface NotifiedRow {
  readonly proposal: ProposalId;
  readonly delegation: DelegationId;
  readonly url: string;
  readonly told: string | null; // the last state that arrived
  readonly tries: number; // of the state after that one
}

/** Whom word is sent, and what arrived. */
export interface NotifiedRows {
  notify(proposal: ProposalId, delegation: DelegationId, url: string, at: Instant): Promise<void>;
  /** Those that are due, the longest due first. */
  notifiedDue(now: Instant, most: number): Promise<readonly NotifiedRow[]>;
  keepNotified(
    proposal: ProposalId,
    row: { readonly told: string | null; readonly tries: number; readonly nextAt: Instant; readonly ended: 'told' | 'given_up' | null },
  ): Promise<void>;
}

/** What lets calls in, and counts them. */
export interface AdmissionRows {
  /** As they hold; undefined where nobody said anything. */
  terms(): Promise<ServiceTerms | undefined>;
  wasAdmitted(id: string): Promise<boolean>;
  admit(call: { readonly id: string; readonly person: string; readonly tier: Tier; readonly tool: string }, at: Instant): Promise<void>;
  /** The gate denied it: it counts no more. */
  uncount(id: string): Promise<void>;
  /** What came of it; where the gate denies that, it counts no more. */
  admittedAs(id: string, proposal: ProposalId): Promise<void>;
  /**
   * When the call that is this many from the newest was let in, since then; of a person, proposals of our own agents count as well.
   * @param rank 1 or more: 1 is the newest
   */
  admittedAt(kind: CallKind, of: string, since: Instant, rank: number): Promise<Instant | undefined>;
  /** @returns how many were from before */
  forgetAdmitted(before: Instant): Promise<number>;
}

/** A call that came to no proposal, as a filter finds it. */
export interface CallRow {
  readonly kind: 'judged' | 'refused' | 'unjudged';
  readonly event: EventId;
  readonly person: string | null;
  readonly agent: string | null;
  readonly delegation: DelegationId | null;
  readonly tool: string | null;
  readonly verdict: string;
  readonly why: readonly string[];
  readonly articles: readonly string[];
  readonly trace: string | null;
}

export interface DelegationRows extends AdmissionRows, NotifiedRows {
  /** By the digest of its secret. `live` is as of now. */
  bySecret(secretDigest: Digest): Promise<Delegation | undefined>;
  delegation(id: DelegationId): Promise<Delegation | undefined>;
  add(delegation: Delegation, secretDigest: Digest): Promise<void>;
  /** Ends it and all that was handed on from it. @returns those that ended now */
  end(id: DelegationId, at: Instant): Promise<readonly DelegationId[]>;
  /** How many were handed on from it by this link, or by this token, and are live. */
  liveFrom(parent: DelegationId | null, credential: TokenId, at: Instant): Promise<number>;
  /** The chain of an ask of another runtime; empty for any other. */
  path(ask: AskId): Promise<readonly DelegationId[]>;
  /** A permitted call whose tool is the caller's waits for the caller, and for no sweep. */
  handOver(proposal: ProposalId, at: Instant): Promise<void>;
  /** Notes that its warrant was fetched. False where it was before. */
  fetched(proposal: ProposalId): Promise<boolean>;
  addCall(call: CallRow, at: Instant): Promise<void>;
  /** Refused calls of a person since then; null: those that nobody signed. */
  refusedSince(person: PersonId | null, at: Instant): Promise<number>;
}
