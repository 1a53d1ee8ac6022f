/** The events of the log. A type says what happened, in the past tense; the fields say it in groups that can be erased apart. */
import type { EventId, OrgId } from './ids.ts';
import type { JsonObject } from './nouns.ts';
import type { Times } from './time.ts';

export const EVENT_TYPES = [
  'organization.loaded',
  'organization.changed',
  'constitution.ratified',
  'amendment.proposed',
  'amendment.checked',
  'amendment.closed',
  'level.raised',
  'level.lowered',
  'week.reported',
  'clock.advanced',
  'token.issued',
  'token.revoked',
  'delegation.made',
  'delegation.ended',
  'call.judged',
  'call.refused',
  'call.unjudged',
  'slack.linked',
  'slack.unlinked',
  'message.judged',
  'records.filed',
  'records.described',
  'task.done',
  'review.asked',
  'consent.answered',
  'review.started',
  'drift.seen',
  'drift.gone',
  'turn.received',
  'turn.answered',
  'reads.judged',
  'model.asked',
  'request.made',
  'request.refused',
  'request.answered',
  'proposal.made',
  'proposal.edited',
  'decision.made',
  'vote.cast',
  'vote.voided',
  'task.escalated',
  'task.nudged',
  'warrant.issued',
  'intent.committed',
  'receipt.given',
  'proposal.closed',
  'halt.set',
  'halt.lifted',
  'rollback.begun',
  'rollback.ended',
  'keys.rotated',
  'payment.sent',
  'payment.settled',
  'payment.rejected',
  'payment.withdrawn',
  'cost.warned',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const GROUPS = ['actor', 'subject', 'payload', 'decision', 'execution'] as const;
/** actor: who; subject: about whom or what; payload: what; decision: articles and facts; execution: what it did outside. */
export type Group = (typeof GROUPS)[number];

/** A group of fields and the subject whose key seals it: `person/ana`, `supplier/S-014`, `organization`. */
export interface Sealable {
  readonly subject: string;
  readonly value: JsonObject;
}

/** An event before it is sealed. */
export interface EventDraft {
  readonly org: OrgId;
  readonly type: EventType;
  readonly key: readonly unknown[]; // the stage's key; with the organization and the type it gives the id
  readonly causes: readonly EventId[];
  readonly correlation: string; // the ask, review or turn that it all began with
  readonly times: Times;
  readonly groups: Partial<Record<Group, Sealable>>;
}

/** The leaf of the log, as canonical JSON. Commitments are HMAC-SHA256, base64url. */
export interface Header {
  readonly v: 1;
  readonly id: EventId;
  readonly org: OrgId;
  readonly type: EventType;
  readonly causes: readonly EventId[]; // sorted
  readonly correlation: string;
  readonly wall: string;
  readonly business: string;
  readonly commitments: Partial<Record<Group, string>>;
}

export interface SealedEvent {
  readonly header: Header;
  readonly text: string; // canonical JSON of the header
  readonly leaf: Uint8Array; // SHA-256(0x00 || text), RFC 6962 section 2.1
  readonly groups: readonly { readonly name: Group; readonly subject: string; readonly sealed: Uint8Array }[];
}
