/** Planned weeks against the hours of contracts. */
import { defineReconciler } from '../../../kernel/define.ts';
import { longWeeks } from '../faults.ts';
import type { StaffingReads } from '../ports.ts';
import { horizon } from '../window.ts';

const hours = (minutes: number): string => `${Number((minutes / 60).toFixed(2))} h`;

export const hoursExceeded = defineReconciler<StaffingReads>()({
  name: 'staffing.hours_exceeded',
  domain: 'staffing',
  async keys(staffing, now) {
    const { frame, files } = await horizon(staffing, now.date);
    return files.filter((file) => longWeeks(frame, file).length > 0).map(({ person }) => person);
  },
  desired: (_person, staffing, now) => staffing.frame(now.date),
  observed: async (person, staffing, now) => (await horizon(staffing, now.date)).files.find((file) => file.person === person),
  drift(person, frame, file) {
    return (file ? longWeeks(frame, file) : []).map(({ week, worked, limit }) => ({
      subject: `${person}/${week}`,
      why: `\`${person}\` is planned for ${hours(worked)} in the week of ${week}, ${hours(limit)} by contract (${frame.settings.contract.source})`,
      arose: null,
      facts: { worked, limit },
    }));
  },
});
