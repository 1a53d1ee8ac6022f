/** Which days are looked at. */
import { addDays, type LocalDate } from '../../kernel/time.ts';
import type { Frame } from './hours.ts';
import type { StaffingReads } from './ports.ts';
import type { PersonFile } from './records.ts';

const AROUND = 15; // days on both sides of a shift: more than any run of days, and the whole weeks

export const around = (staffing: StaffingReads, from: LocalDate, until: LocalDate): Promise<readonly PersonFile[]> =>
  staffing.files(addDays(from, -AROUND), addDays(until, AROUND));

/** Everybody, from today to the end of what is planned. */
export async function horizon(
  staffing: StaffingReads,
  today: LocalDate,
): Promise<{ readonly frame: Frame; readonly files: readonly PersonFile[]; readonly until: LocalDate }> {
  const frame = await staffing.frame(today);
  const until = addDays(today, frame.settings.horizon_days);
  return { frame, files: await around(staffing, today, until), until };
}
