/** What the operations look at. Nothing here changes anything. */
import type { OrgId } from './kernel/ids.ts';
import type { Outputs, TaskCard } from './client.ts';
import type { ReadableEvent } from './memory/why.ts';

export interface Views {
  place(org: OrgId): Promise<Outputs['place']>;
  status(org: OrgId): Promise<Omit<Outputs['status'], 'domains'>>;
  /** Tasks that wait for people, oldest first; or all, newest first. */
  inbox(org: OrgId, all: boolean): Promise<readonly TaskCard[]>;
  /** Decided tasks that have these words on the card, in the rationale or in the id; the last first. */
  search(org: OrgId, text: string): Promise<readonly TaskCard[]>;
  /** Another text whenever an event was recorded since. */
  lastChange(org: OrgId): Promise<string>;
  /** By id, or the beginning of one. */
  tasksNamed(org: OrgId, id: string): Promise<readonly TaskCard[]>;
  /** How many proposals are neither done nor wait for people. */
  underWay(org: OrgId): Promise<number>;
  openTaskIds(org: OrgId): Promise<readonly string[]>;
  chain(org: OrgId, id: string): Promise<readonly ReadableEvent[]>;
  costs(org: OrgId): Promise<Outputs['cost']>;
  reviewResult(result: unknown): Outputs['review'];
}
