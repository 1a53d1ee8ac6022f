/** Staffing on PostgreSQL. */
import { consent, duty, leave } from '../../../domains/staffing/facts.ts';
import type { StaffingReads, StaffingWrites } from '../../../domains/staffing/ports.ts';
import { certificates } from '../../../domains/staffing/registers/certificates.ts';
import { leaveRegister } from '../../../domains/staffing/registers/leave.ts';
import { rota } from '../../../domains/staffing/registers/rota.ts';
import { staff } from '../../../domains/staffing/registers/staff.ts';
import { assignShift } from '../../../domains/staffing/tools/assign-shift.ts';
import { bindRegister, type DomainAdapter } from '../domain.ts';
import { consentFactsOf, dutyFactsOf, dutyFactsSql, leaveFactsSql, rotaKeysSql } from '../facts/staffing.ts';
import { staffingContext, staffingReads, staffingWrites } from '../staffing.ts';
import { fileCertificates, fileLeave, fileRota, fileStaff } from '../staffing-registers.ts';

export const adapter: DomainAdapter<StaffingReads, StaffingWrites> = {
  reads: staffingReads,
  writes: staffingWrites,
  facts: { [duty.name]: dutyFactsSql, [consent.name]: dutyFactsSql, [leave.name]: leaveFactsSql },
  derived: { [duty.name]: dutyFactsOf, [consent.name]: consentFactsOf },
  budgets: { [duty.name]: rotaKeysSql },
  registers: [
    bindRegister(staff, fileStaff),
    bindRegister(rota, fileRota),
    bindRegister(certificates, fileCertificates),
    bindRegister(leaveRegister, fileLeave),
  ],
  really: {
    [assignShift.name]: async (sql, org, { args }) => {
      const { site, day, shift, skill, person } = assignShift.input.parse(args);
      const rows = await sql<{ person: string }>(
        'select person from rota where org = $1 and site = $2 and day = $3 and shift = $4 and skill = $5 order by person limit 50',
        [org, site, day, shift, skill],
      );
      const there = rows.map((row) => row.person);
      return there.length === 0 ? undefined : { same: there.includes(person), says: `on the shift as ${skill}: ${there.join(', ')}` };
    },
  },
  context: staffingContext,
};
