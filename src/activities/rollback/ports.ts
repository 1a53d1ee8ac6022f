/** What rollbacks need of the database. */
import type { OwnCase } from '../../kernel/evals.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { AgentName, AskId, EventId, PersonId, ProposalId, RollbackId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';

/** What may be called wrong: an action, all that came of an ask, or all that came of an event. */
export type Target = ProposalId | AskId | EventId;

export interface RollbackOnFile {
  readonly id: RollbackId;
  readonly target: Target;
  readonly person: PersonId;
  readonly reason: string;
  readonly event: EventId;
  readonly at: Instant;
  readonly ended: EventId | null;
}

/** `next`: its turn has not come; `asked`: its compensation is proposed; `undone`, or `left` as it is. */
export type StepState = 'next' | 'asked' | 'undone' | 'left';

export interface RollbackStep {
  readonly n: number;
  readonly proposal: ProposalId; // what is undone
  readonly state: StepState;
  readonly compensation: ProposalId | null;
  readonly attempt: number;
  readonly says: string;
}

export interface RollbackRows {
  find(id: RollbackId): Promise<RollbackOnFile | undefined>;
  about(target: Target): Promise<RollbackOnFile | undefined>;
  /** That undoes, or undid, this action. */
  undoing(proposal: ProposalId): Promise<RollbackId | undefined>;
  add(rollback: Omit<RollbackOnFile, 'ended'>, steps: readonly RollbackStep[]): Promise<void>;
  steps(id: RollbackId): Promise<readonly RollbackStep[]>;
  saveStep(id: RollbackId, step: RollbackStep): Promise<void>;
  hold(id: RollbackId, held: boolean): Promise<void>;
  end(id: RollbackId, event: EventId, at: Instant): Promise<void>;
  open(): Promise<readonly RollbackId[]>;
  /** Open ones that could go on, and that nothing has moved for a while. */
  stuck(): Promise<readonly RollbackId[]>;

  /** The beginnings of what an ask came to, also through the agents that were asked for it. */
  beginningsOf(ask: AskId): Promise<readonly EventId[]>;
  /** Actions that came of these events and are done, or may be yet: the last effect first. Compensations are none, unless they are named. */
  cameOf(events: readonly EventId[], most: number): Promise<readonly ProposalId[]>;
  correlationOf(event: EventId): Promise<string | undefined>;
  /** Its time on the organization's clock. */
  businessOf(event: EventId): Promise<Instant>;

  /** Records that were on file at a time, at most `most`. */
  filesAt(at: Instant, most: number): Promise<readonly Digest[]>;
  /** How many were kept when it was begun. */
  casesOf(id: RollbackId): Promise<number>;
  addCase(found: OwnCase, rollback: RollbackId, at: Instant): Promise<void>;
  /** The newest first. @param agent null: of every agent */
  cases(agent: AgentName | null, most: number): Promise<readonly OwnCase[]>;
}
