/** The routine of operations in code. It reads, and proposes; it has no limits of its own, for those are the gate's. */
import { draft, type Playbook, type Reads, type Resolution } from '../../src/kernel/define.ts';
import type { Drift } from '../../src/kernel/nouns.ts';
import type { LocalTime } from '../../src/kernel/time.ts';
import { ItemCode, MachineCode } from '../../src/domains/operations/records.ts';
import { bookMaintenance } from '../../src/domains/operations/tools/book-maintenance.ts';
import { getItem, listMachines } from '../../src/domains/operations/tools/reads.ts';
import { reorderStock } from '../../src/domains/operations/tools/reorder-stock.ts';

/** What could not be paid is not ordered; whether payments go on is for compliance. */
const askCompliance = ({ why }: Drift, supplier: string): Resolution => ({
  drafts: [],
  finding: `${why}; payments to \`${supplier}\` are stopped, so nothing is ordered, and compliance is asked.`,
  asks: [{ to: { domain: 'compliance' }, about: supplier, text: `Payments to \`${supplier}\` are stopped, and its goods are needed: ${why}. May they go on?` }],
});

async function order(drift: Drift, reads: Reads): Promise<Resolution> {
  const at = drift.subject.indexOf('@');
  const [item, site] = [ItemCode.parse(drift.subject.slice(0, at)), drift.subject.slice(at + 1)];
  const found = await reads.read(getItem, { item, site });
  if (!found || found.toOrder === 0) return { drafts: [], finding: `${drift.why}; there is nothing to order any more.` };
  if (found.stopped) return askCompliance(drift, found.supplier);
  const { toOrder: quantity, supplier, cost: amount } = found;
  return { drafts: [draft(reorderStock, { item, site, quantity, supplier, amount }, `${drift.why}; ${quantity} bring it to its target.`)] };
}

async function service(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = (await reads.read(listMachines, { today: now.date })).find(({ machine }) => machine === drift.subject);
  if (!found?.bookFor) return { drafts: [], finding: drift.why };
  return { drafts: [draft(bookMaintenance, { machine: MachineCode.parse(drift.subject), day: found.bookFor, by: found.servicedBy }, `${drift.why}.`)] };
}

const report = (drift: Drift): Promise<Resolution> => Promise.resolve({ drafts: [], finding: drift.why });

export const playbook: Playbook = {
  'operations.low_stock': order,
  'operations.count_needed': report,
  'operations.overdue_order': report,
  'operations.service_due': service,
};
