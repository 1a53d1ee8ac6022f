/** What each domain's file in `desired/` may say. A domain without a schema here is not declared. */
import type { z } from 'zod';
import { ComplianceSettings } from '../../domains/compliance/settings.ts';
import { FinanceSettings } from '../../domains/finance/settings.ts';
import { OperationsSettings } from '../../domains/operations/settings.ts';
import { StaffingSettings } from '../../domains/staffing/settings.ts';
import type { Domain } from '../../kernel/ids.ts';

interface Desired extends Partial<Record<Domain, z.ZodType>> {
  readonly finance: typeof FinanceSettings;
}

export const DESIRED: Desired = {
  finance: FinanceSettings,
  staffing: StaffingSettings,
  compliance: ComplianceSettings,
  operations: OperationsSettings,
};
