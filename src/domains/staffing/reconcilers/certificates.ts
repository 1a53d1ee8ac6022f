/** Certificates that a shift asks for, and those that end soon. */
import { defineReconciler } from '../../../kernel/define.ts';
import { addDays, type LocalDate } from '../../../kernel/time.ts';
import { uncertified } from '../faults.ts';
import { faultReconciler } from '../fault-reconciler.ts';
import type { Frame } from '../hours.ts';
import type { StaffingReads } from '../ports.ts';
import type { PersonFile } from '../records.ts';
import { horizon } from '../window.ts';

export const certificateMissing = faultReconciler('staffing.certificate_missing', uncertified, true);

interface Ending {
  readonly certificate: string;
  readonly until: LocalDate | null; // null: none is on file
  readonly source: string;
}

/** What the person's skills ask for and is over, or ends within its notice. */
const ending = ({ settings, today }: Frame, { active, staff, certificates }: PersonFile): readonly Ending[] =>
  !active || !staff
    ? []
    : settings.certificates
        .filter(({ skill }) => staff.skills.includes(skill))
        .flatMap(({ certificate, notice_days, source }) => {
          const last = certificates.filter((one) => one.certificate === certificate).map(({ until }) => until);
          const until = last.sort().at(-1) ?? null;
          return until === null || until <= addDays(today, notice_days) ? [{ certificate, until, source }] : [];
        });

export const certificateEnding = defineReconciler<StaffingReads>()({
  name: 'staffing.certificate_ending',
  domain: 'staffing',
  async keys(staffing, now) {
    const { frame, files } = await horizon(staffing, now.date);
    return files.filter((file) => ending(frame, file).length > 0).map(({ person }) => person);
  },
  desired: (_person, staffing, now) => staffing.frame(now.date),
  observed: async (person, staffing, now) => (await staffing.files(now.date, now.date)).find((file) => file.person === person),
  drift(person, frame, file) {
    return (file ? ending(frame, file) : []).map(({ certificate, until, source }) => {
      const state = until === null ? 'is not on file' : until < frame.today ? `lapsed on ${until}` : `ends on ${until}`;
      const why = `the certificate \`${certificate}\` of \`${person}\` ${state}; somebody must see to a new one (${source})`;
      return { subject: `${person}/${certificate}`, why, arose: until !== null && until < frame.today ? until : null, facts: { until } };
    });
  },
});
