/** Leave that was asked for and that nobody decided. */
import { defineReconciler } from '../../../kernel/define.ts';
import { leaveEffect } from '../cover.ts';
import type { StaffingReads } from '../ports.ts';
import { dutyKey, openingKey } from '../records.ts';

const waiting = async (staffing: StaffingReads) => (await staffing.leave()).filter(({ state }) => state === 'requested');

export const leaveUndecided = defineReconciler<StaffingReads>()({
  name: 'staffing.leave_undecided',
  domain: 'staffing',
  keys: async (staffing, now) => (await waiting(staffing)).filter(({ until }) => until >= now.date).map(({ id }) => id),
  desired: (_leave, staffing, now) => staffing.frame(now.date),
  async observed(id, staffing) {
    const leave = (await waiting(staffing)).find((one) => one.id === id);
    return leave && { leave, files: await staffing.files(leave.from, leave.until), closed: await staffing.closed(leave.from, leave.until) };
  },
  drift(id, frame, found) {
    if (!found) return [];
    const { leave, files, closed } = found;
    const { duties, gaps } = leaveEffect(frame, closed, files, leave);
    const why = `\`${leave.person}\` asked on ${leave.requestedOn} for leave from ${leave.from} to ${leave.until}`;
    return [{ subject: id, why, arose: leave.requestedOn, facts: { duties: duties.map(dutyKey), gaps: gaps.map(openingKey) } }];
  },
});
