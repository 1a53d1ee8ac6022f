/** Trigger -> Ask. A drift that a review saw, a person's turn in a conversation, or another agent's question. Pure. */
import { deriveId, type AgentName, type AskId, type EventId, type OrgId, type PersonId, type TurnId } from '../kernel/ids.ts';
import type { Narrowing } from '../kernel/narrowing.ts';
import type { Delegation } from '../kernel/delegation.ts';
import type { Ask, Drift, ForeignCall, Undoing } from '../kernel/nouns.ts';
import type { Digest } from '../kernel/digest.ts';
import type { LocalDate } from '../kernel/time.ts';

/** The organization itself asks, about one drift in one episode. */
export const askOfDrift = (org: OrgId, agent: AgentName, drift: Drift, episode: number, cause: EventId): Ask => ({
  id: deriveId('ask', [org, drift.key, episode]),
  org,
  agent,
  onBehalfOf: null,
  about: { kind: 'drift', drift, episode },
  cause,
});

/** A person asks, in their own words. */
export const askOfTurn = (org: OrgId, agent: AgentName, person: PersonId, turn: TurnId, conversation: string, text: string, cause: EventId): Ask => ({
  id: deriveId('ask', [org, turn]),
  org,
  agent,
  onBehalfOf: person,
  about: { kind: 'question', text, conversation },
  cause,
});

/**
 * An agent asks another, for whomever it was asked itself: one question about one thing. Its authority does not grow by it,
 * for the gate reads the chain from these rows. It may leave less to whom it asks.
 */
export const askOfRequest = (parent: Ask, to: AgentName, text: string, about: string, cause: EventId, narrowed?: Narrowing): Ask => ({
  id: requestId(parent, to, about),
  org: parent.org,
  agent: to,
  onBehalfOf: parent.onBehalfOf,
  about: { kind: 'request', parent: parent.id, from: parent.agent, text, about, ...(narrowed ? { narrowed } : {}) },
  cause,
});

export const requestId = (parent: Ask, to: AgentName, about: string): AskId => deriveId('ask', [parent.org, parent.id, 'request', to, about]);

/** An agent of another runtime asks for one call, on a delegation, under a key of its own: the same again is the same ask. */
export const askOfCall = ({ id, org, agent, person, event }: Delegation, key: string, { tool, trace }: Pick<ForeignCall, 'tool' | 'trace'>): Ask => ({
  id: deriveId('ask', [org, id, 'call', key]),
  org,
  agent,
  onBehalfOf: person,
  about: { kind: 'call', delegation: id, tool, trace },
  cause: event,
});

/** A person said that an action was wrong, and its compensation is asked of the agent that may propose such a call. */
export const askOfRollback = (org: OrgId, agent: AgentName, person: PersonId, about: Omit<Undoing, 'kind'>, cause: EventId): Ask => ({
  id: deriveId('ask', [org, about.rollback, about.undoes, about.attempt]),
  org,
  agent,
  onBehalfOf: person,
  about: { kind: 'rollback', ...about },
  cause,
});

/** What is remembered of a drift that was seen before. */
export interface Remembered {
  readonly episode: number;
  readonly state: 'asked' | 'declined' | 'gone';
  readonly factsDigest: Digest;
  readonly quietUntil: LocalDate | null;
  readonly settled: boolean; // nothing of its newest episode is open
}

/**
 * The episode to ask about now, or undefined: asked already, and nothing that governs it has changed. Level-triggered is
 * not nagging. An episode goes up when the drift was seen gone, when a governing fact changed, or on the day until which it
 * was to be quiet: the one that whoever declined named, or the end of the quiet time after a card that nobody decided.
 * While something of its newest episode is open, nothing is asked besides.
 */
export function episodeToAsk(before: Remembered | undefined, facts: Digest, today: LocalDate): number | undefined {
  if (!before) return 1;
  if (before.state === 'gone') return before.episode + 1;
  if (!before.settled) return undefined;
  const quietOver = before.state === 'declined' && before.quietUntil !== null && before.quietUntil <= today;
  return quietOver || before.factsDigest !== facts ? before.episode + 1 : undefined;
}
