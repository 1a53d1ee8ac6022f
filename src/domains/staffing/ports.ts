/** The ports of staffing. Reading and writing are different types: reconcilers and read tools cannot write. */
import type { PersonId, ProposalId } from '../../kernel/ids.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { Change } from './changes.ts';
import type { Closed } from './cover.ts';
import type { Frame } from './hours.ts';
import type { Leave, LeaveId, PersonFile, Site, Slot } from './records.ts';

export interface StaffingReads {
  /** The rules as declared, in the organization's zone. */
  frame(today: LocalDate): Promise<Frame>;
  /** Everybody on the staff or on the rota, with what is permitted and not yet done already in it. @param until the last day */
  files(from: LocalDate, until: LocalDate): Promise<readonly PersonFile[]>;
  closed(from: LocalDate, until: LocalDate): Promise<readonly Closed[]>;
  /** Plain leave alone. Requests first, the earliest asked first. */
  leave(): Promise<readonly Leave[]>;
  /** How often the rota of a site and the week of a day was changed; 0: there is none. */
  version(site: Site, day: LocalDate): Promise<number>;
}

export interface StaffingWrites {
  /**
   * Changes the rota and its calendar entries together, and counts its version up. It holds only while what was judged holds.
   * Same key: nothing more happens. @throws StaffingError `rota_changed`
   */
  change(change: Change, args: object, key: ProposalId): Promise<{ readonly version: number }>;
  /** Asks a person for their word. @throws StaffingError `already_asked` */
  askConsent(asked: {
    readonly person: PersonId;
    readonly slot: Slot;
    readonly gives: Slot | null;
    readonly insteadOf: PersonId | null;
    readonly key: ProposalId;
  }): Promise<LocalDate>;
  /** Decides a leave; granting takes the person off the rota in those days. @throws StaffingError `leave_decided` */
  decideLeave(leave: LeaveId, grant: boolean, reason: string, key: ProposalId): Promise<{ readonly takenOff: number }>;
}

/** A record of staffing is missing or not as it was judged. */
export class StaffingError extends Error {
  override readonly name = 'StaffingError';
  constructor(
    readonly code: 'rota_changed' | 'already_asked' | 'leave_decided',
    message: string,
  ) {
    super(message);
  }
}
