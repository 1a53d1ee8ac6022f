/** The gate for runtimes that are not ours: what is handed on, judged, and read back; part of `client.ts`. */
import { z } from 'zod';
import { Tier, Worker } from './kernel/delegation.ts';
import { DelegationId, ProposalId, ToolName, type EventId } from './kernel/ids.ts';
import { Money } from './kernel/money.ts';
import { Verdict, type Cited, type Decision, type DecisionKind, type JsonObject, type Need, type Outcome } from './kernel/nouns.ts';
import type { ServiceTerms } from './kernel/service-terms.ts';
import { JsonArgs, Text } from './kernel/text.ts';
import { Instant } from './kernel/time.ts';

export const Key = Text.min(1).max(100); // of idempotency: the same again does nothing anew
const Trace = Text.min(1).max(200); // the other runtime's own name for what a call belongs to

export const LONGEST_WAIT_MS = 30_000; // of one question how far an action is: proxies give up on longer ones
export const MOST_EVENTS = 500; // of one page
export const MOST_UNJUDGED = 50; // of one request

export const serviceInputs = {
  delegate: z.strictObject({
    key: Key,
    to: Worker, // what the other runtime calls whoever acts
    agent: Text.max(60).exactOptional(), // ratified, whose grants apply; else the one that is called like `to`, or as before
    task: Text.min(5).max(2_000),
    tools: z.array(ToolName).min(1).max(50).exactOptional(), // else all that whoever hands on may use
    limits: z.strictObject({ perCall: Money.exactOptional(), perDay: Money.exactOptional() }).exactOptional(),
    tier: Tier.exactOptional(),
    expires: Instant,
  }),
  end_delegation: z.strictObject({ id: DelegationId }),
  judge_call: z.strictObject({ key: Key, tool: Text.max(80), args: JsonArgs, trace: Trace.exactOptional() }),
  act: z.strictObject({
    key: Key,
    tool: Text.max(80),
    args: JsonArgs,
    trace: Trace.exactOptional(),
    rationale: Text.min(5).max(2_000),
    notify: Text.max(500).exactOptional(),
  }), // notify: where word of it is sent
  action: z.strictObject({ id: ProposalId, waitMs: z.int().min(0).max(LONGEST_WAIT_MS), from: Text.max(40).exactOptional() }), // from: the state that is known, until another one is so
  warrant: z.strictObject({ id: ProposalId }),
  receipt: z.strictObject({
    id: ProposalId,
    effect: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('done'), output: JsonArgs }),
      z.strictObject({ outcome: z.literal('failed'), code: Text.min(1).max(60), message: Text.max(2_000) }),
    ]),
  }),
  refuse_call: z.strictObject({ id: Key, path: Text.max(200), because: Text.max(500) }),
  unjudged: z.strictObject({
    calls: z
      .array(z.strictObject({ key: Key, tool: Text.max(80), args: JsonArgs, at: Instant }))
      .min(1)
      .max(MOST_UNJUDGED),
  }),
  service_terms: z.strictObject({}),
  call_events: z.strictObject({
    person: Text.max(60).exactOptional(),
    agent: Text.max(60).exactOptional(), // ratified, or as the other runtime calls it, anywhere in the chain
    tool: Text.max(80).exactOptional(),
    verdict: z.union([Verdict, z.literal('none')]).exactOptional(), // none: made while the gate did not answer
    tier: Tier.exactOptional(),
    trace: Trace.exactOptional(),
    since: Instant.exactOptional(),
    until: Instant.exactOptional(),
    after: Text.max(60).exactOptional(), // the event that the page before ended with
    limit: z.int().min(1).max(MOST_EVENTS).exactOptional(),
  }),
} as const;

/** What a delegation comes to: the least of what was asked and of what whoever hands on has. */
export interface DelegationCard {
  readonly id: DelegationId;
  readonly person: string;
  readonly agent: string;
  readonly chain: readonly string[]; // from the first who was handed something to the last
  readonly task: string;
  readonly tools: readonly string[] | null; // null: all that the agent has
  readonly limits: { readonly perCall: Money | null; readonly perDay: Money | null }; // null: those of the agent and the person
  readonly tier: Tier;
  readonly expires: string;
}

/** A decision about a call, or a call that came to none. */
export interface CallEvent {
  readonly id: EventId;
  readonly at: string; // wall clock
  readonly organization: string;
  readonly person: string | null; // for whom; null: the organization itself, or nobody that we know
  readonly agent: string | null; // ratified
  readonly chain: readonly string[]; // of other runtimes
  readonly tier: Tier | null; // null: nobody that we know
  readonly tool: string | null;
  readonly verdict: string;
  readonly reason: string;
  readonly articles: readonly string[];
  readonly trace: string | null;
  readonly proposal: ProposalId | null; // null: nothing was to be done
}

/** What the gate says of a call, and nothing done. */
export interface CallJudged {
  readonly event: EventId;
  readonly verdict: Verdict;
  readonly kind: z.infer<typeof DecisionKind>;
  readonly articles: readonly Cited[];
  readonly needs: readonly Need[];
  readonly why: readonly string[];
}

/** How far an action is, and what it came to. */
export interface ActionNow {
  readonly id: ProposalId;
  readonly tool: string;
  readonly state: 'judged_next' | 'waits_for_people' | 'permitted' | Outcome;
  readonly settled: boolean; // nothing changes any more
  readonly decision: Pick<Decision, 'verdict' | 'kind' | 'articles' | 'needs' | 'why'> | null; // the last one
  readonly receipt:
    { readonly outcome: 'done'; readonly output: JsonObject } | { readonly outcome: 'failed'; readonly code: string; readonly message: string } | null;
  readonly trace: string | null;
}

/** What the organization says to clients. */
export interface TermsForClients {
  readonly organization: string;
  readonly currency: string; // of its amounts
  readonly failOpen: readonly string[]; // tools that may be read while the gate does not answer: public data alone
  readonly callsPerMinute: ServiceTerms['calls_per_minute'];
}

export interface ServiceOutputs {
  delegate: DelegationCard & { readonly token: string; readonly webhookSecret: string }; // the secret signs word of its actions
  end_delegation: { readonly ended: readonly DelegationId[] };
  judge_call: CallJudged;
  act: ActionNow;
  action: ActionNow;
  warrant: ActionNow & { readonly warrant: string | null; readonly again: boolean }; // null: not permitted, or not yet; again: fetched before
  receipt: ActionNow;
  unjudged: { readonly events: readonly EventId[] }; // in the order of the calls
  service_terms: TermsForClients;
  refuse_call: { readonly recorded: true };
  call_events: { readonly events: readonly CallEvent[]; readonly next: EventId | null };
}
