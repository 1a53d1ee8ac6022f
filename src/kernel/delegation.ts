/** What a person hands on to an agent of another runtime, and that one to the next: each link may narrow, and none can widen. */
import { z } from 'zod';
import type { DelegationId } from './ids.ts';
import { type AgentName, type EventId, type OrgId, type PersonId, type TokenId, type ToolName } from './ids.ts';
import type { Instant } from './time.ts';

export const TIERS = ['interactive', 'delegated', 'service', 'background'] as const;
/** How near a person is: one waits for the answer; handed on; a program of the organization; nobody waits. From the nearest to the farthest. */
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

/** A chain never comes nearer to a person than it was: the farther of the two, and a link that is handed on is `delegated` at least. */
export const fartherTier = (parent: Tier, asked: Tier): Tier => TIERS[Math.max(TIERS.indexOf(parent), TIERS.indexOf(asked), 1)] ?? 'background';

/** What another runtime calls whoever acts. It grants nothing: grants are those of a ratified agent. */
export const Worker = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is lower-case letters, digits and hyphens, at most 40, and starts with a letter')
  .brand('Worker');
export type Worker = z.infer<typeof Worker>;

/** One link as the gate looks at it. */
export interface DelegationLink {
  readonly id: DelegationId;
  readonly worker: Worker;
  readonly live: boolean; // not expired, not ended, and the token that the chain began with was not revoked
  readonly tools: readonly ToolName[] | null; // null: all that the one before may use
  readonly perCall: number | null; // minor units; null: as the one before
  readonly perDay: number | null;
  readonly spentDay: number; // minor units, on it and on all that was handed on from it, today
}

/** A delegation as it is kept. */
export interface Delegation {
  readonly id: DelegationId;
  readonly org: OrgId;
  readonly person: PersonId;
  readonly credential: TokenId;
  readonly agent: AgentName; // ratified
  readonly worker: Worker;
  readonly parent: DelegationId | null;
  readonly path: readonly DelegationId[]; // from the first to this one
  readonly workers: readonly Worker[]; // of the path
  readonly task: string;
  readonly tools: readonly ToolName[] | null;
  readonly perCall: number | null;
  readonly perDay: number | null;
  readonly tier: Tier;
  readonly event: EventId;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly live: boolean;
}

export const LONGEST_PATH = 8; // links that are kept of a chain: an article forbids calls on it long before
