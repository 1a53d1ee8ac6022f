/** Approvals that look like rubber stamps. Off unless declared; told of a role, never of a person. */
import { defineReconciler } from '../../../kernel/define.ts';
import type { ComplianceReads } from '../ports.ts';

const FEWEST_VOTES = 20; // fewer say nothing about a habit

export const rubberStamps = defineReconciler<ComplianceReads>()({
  name: 'compliance.rubber_stamps',
  domain: 'compliance',
  keys: async (compliance) => ((await compliance.settings()).rubber_stamp_seconds === undefined ? [] : (await compliance.paces()).map(({ role }) => role)),
  desired: async (_role, compliance) => (await compliance.settings()).rubber_stamp_seconds,
  observed: async (role, compliance) => (await compliance.paces()).find((pace) => pace.role === role),
  drift(role, least, pace) {
    if (least === undefined || !pace || pace.votes < FEWEST_VOTES || pace.medianSeconds >= least) return [];
    const why = `half of the last ${pace.votes} votes of \`${role}\` came within ${pace.medianSeconds} seconds of their card; ${least} are declared as the least`;
    return [{ subject: role, why, arose: null, facts: { least } }];
  },
});
