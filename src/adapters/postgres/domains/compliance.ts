/** Compliance on PostgreSQL. */
import { evidence, hold, lift, task } from '../../../domains/compliance/facts.ts';
import type { ComplianceReads, ComplianceWrites } from '../../../domains/compliance/ports.ts';
import { evidenceRegister } from '../../../domains/compliance/registers/evidence.ts';
import { obligations } from '../../../domains/compliance/registers/obligations.ts';
import { complianceContext, complianceReads, complianceWrites, fileEvidenceRows, fileObligations } from '../compliance.ts';
import { bindRegister, type DomainAdapter } from '../domain.ts';
import { evidenceFactsSql, holdFactsSql, taskFactsSql } from '../facts/compliance.ts';

export const adapter: DomainAdapter<ComplianceReads, ComplianceWrites> = {
  reads: complianceReads,
  writes: complianceWrites,
  facts: { [task.name]: taskFactsSql, [evidence.name]: evidenceFactsSql, [hold.name]: holdFactsSql, [lift.name]: holdFactsSql },
  budgets: {},
  registers: [bindRegister(obligations, fileObligations), bindRegister(evidenceRegister, fileEvidenceRows)],
  context: complianceContext,
};
