/** What the operations look at. Nothing here changes anything. */
import type { DelegationId, Domain, EventId, OrgId, ProposalId } from './kernel/ids.ts';
import type { Input, Outputs, TaskCard, TaskPage } from './client.ts';
import type { ReadableEvent } from './memory/why.ts';

/** Something that was noticed, and what it is about: that says who sees it. */
export type Finding = { readonly says: string } & (
  | { readonly of: 'agent'; readonly agent: string }
  | { readonly of: 'file'; readonly file: { readonly kind: string; readonly register: string | null; readonly filedBy: string } }
  | { readonly of: 'domain'; readonly domain: Domain }
);

export interface StatusFound extends Omit<Outputs['status'], 'domains' | 'findings'> {
  readonly findings: readonly Finding[];
}

/** One page, whoever may see it. */
export type TasksFound = Pick<TaskPage, 'tasks' | 'next'>;

/** Which calls; `within`: made on this delegation, or on what was handed on from it. */
export type CallFilter = Omit<Input<'call_events'>, 'limit'> & { readonly within?: DelegationId };

/** One page, whoever may see it. */
export type CallsFound = Outputs['call_events'];

export interface Views {
  /** Decisions about calls, and calls that came to none, the newest first. */
  calls(org: OrgId, filter: CallFilter, most: number): Promise<CallsFound>;
  place(org: OrgId): Promise<Outputs['place']>;
  status(org: OrgId): Promise<StatusFound>;
  /** All tasks that wait for people, the oldest first. */
  waiting(org: OrgId): Promise<readonly TaskCard[]>;
  /** All tasks, the newest first. @param after the last one of the page before */
  all(org: OrgId, after: ProposalId | null): Promise<TasksFound>;
  /** Decided tasks that have these words on the card, in the rationale or in the id; the last first. @param after as of `all` */
  search(org: OrgId, text: string, after: ProposalId | null): Promise<TasksFound>;
  /** Another text whenever an event was recorded since. */
  lastChange(org: OrgId): Promise<string>;
  /** By id, or the beginning of one. */
  tasksNamed(org: OrgId, id: string): Promise<readonly TaskCard[]>;
  /** How many proposals are neither done nor wait for people. */
  underWay(org: OrgId): Promise<number>;
  /** The asks of these ids that are on file: whose agent, and for whom. */
  asksNamed(org: OrgId, ids: readonly string[]): Promise<readonly { readonly id: string; readonly agent: string; readonly requester: string | null }[]>;
  /** The tasks of these ids, and those that came of these asks. */
  tasksAbout(org: OrgId, ids: readonly string[]): Promise<readonly { readonly id: string; readonly ask: string; readonly task: TaskCard }[]>;
  openTaskIds(org: OrgId): Promise<readonly string[]>;
  /** By the beginning of an id; two where several fit. */
  eventsNamed(org: OrgId, id: string): Promise<readonly EventId[]>;
  chain(org: OrgId, id: string): Promise<readonly ReadableEvent[]>;
  costs(org: OrgId): Promise<Outputs['cost']>;
  reviewResult(result: unknown): Outputs['review'];
}
