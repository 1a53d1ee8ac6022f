/** The ports of compliance. Reading and writing are different types: reconcilers and read tools cannot write. */
import type { PersonId, ProposalId } from '../../kernel/ids.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { Evidence, Obligation, ObligationId, StrayDebit, Task } from './records.ts';
import type { ComplianceSettings } from './settings.ts';

export interface ObligationFile {
  readonly obligation: Obligation;
  readonly evidence: readonly Evidence[];
  readonly openTask: Task | undefined;
}

/** How fast the people of a role decide, of all together and never of one. */
export interface Pace {
  readonly role: string;
  readonly people: number;
  readonly votes: number;
  readonly medianSeconds: number;
}

export interface ComplianceReads {
  settings(): Promise<ComplianceSettings>;
  obligations(): Promise<readonly ObligationId[]>;
  obligation(id: ObligationId): Promise<ObligationFile | undefined>;
  tasks(): Promise<readonly Task[]>;
  /** Why payments to a supplier are stopped; undefined where they are not. */
  held(supplier: string): Promise<{ readonly reason: string } | undefined>;
  /** Debits to accounts of suppliers that nothing of ours explains. */
  strayDebits(): Promise<readonly StrayDebit[]>;
  /** Roles of five people or more, over the last 90 days. */
  paces(): Promise<readonly Pace[]>;
}

export interface ComplianceWrites {
  /** @throws ComplianceError `obligation_unknown`, `task_open` */
  openTask(task: {
    readonly key: ProposalId;
    readonly obligation: ObligationId;
    readonly person: PersonId;
    readonly title: string;
    readonly due: LocalDate;
  }): Promise<void>;
  /** @throws ComplianceError `obligation_unknown`, `kind_differs` */
  fileEvidence(evidence: { readonly key: ProposalId } & Omit<Evidence, 'id' | 'filedBy'>): Promise<void>;
  /** @throws ComplianceError `supplier_unknown` */
  hold(supplier: string, reason: string, key: ProposalId): Promise<void>;
  /** @throws ComplianceError `not_held` */
  lift(supplier: string): Promise<void>;
}

/** A record of compliance is missing or in a state in which the call makes no sense. */
export class ComplianceError extends Error {
  override readonly name = 'ComplianceError';
  constructor(
    readonly code: 'obligation_unknown' | 'task_open' | 'kind_differs' | 'supplier_unknown' | 'not_held',
    message: string,
  ) {
    super(message);
  }
}
