/** Machines against their service intervals, by days and by hours run. */
import { defineReconciler } from '../../../kernel/define.ts';
import { daysBetween } from '../../../kernel/time.ts';
import { serviceDue } from '../need.ts';
import type { OperationsReads } from '../ports.ts';
import { MachineCode } from '../records.ts';

export const serviceNeeded = defineReconciler<OperationsReads>()({
  name: 'operations.service_due',
  domain: 'operations',
  keys: async (operations) => (await operations.settings()).machines.map(({ machine }) => machine),
  async desired(machine, operations) {
    const { machines, service_days_ahead } = await operations.settings();
    return { rule: machines.find((one) => one.machine === machine), ahead: service_days_ahead };
  },
  observed: (machine, operations) => operations.machine(MachineCode.parse(machine)),
  drift(machine, { rule, ahead }, { record, booked }, now) {
    if (!rule) return [];
    if (!record) return [{ subject: machine, why: `\`${machine}\` is declared, and not in the machine register`, arose: null, facts: { known: false } }];
    const due = serviceDue(rule, record, now.date);
    if (booked !== null || daysBetween(now.date, due) > ahead) return [];
    const late = due < now.date ? `was due on ${due}` : `is due on ${due}`;
    const why = `a service of \`${machine}\` (${rule.name}) ${late}: last on ${record.lastService}, ${record.hours} hours since, at most ${rule.every_days} days or ${rule.every_hours} hours`;
    return [{ subject: machine, why, arose: due < now.date ? due : null, facts: { due, lastService: record.lastService, by: rule.serviced_by } }];
  },
});
