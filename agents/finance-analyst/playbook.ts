/** The routine of finance in code. It reads, and proposes; it has no limits of its own, for those are the gate's. */
import { draft, type Playbook, type Reads, type Resolution } from '../../src/kernel/define.ts';
import { show } from '../../src/kernel/money.ts';
import type { Drift } from '../../src/kernel/nouns.ts';
import type { LocalTime } from '../../src/kernel/time.ts';
import { InvoiceId } from '../../src/domains/finance/records.ts';
import { holdInvoice } from '../../src/domains/finance/tools/hold-invoice.ts';
import { payInvoice } from '../../src/domains/finance/tools/pay-invoice.ts';
import { getInvoice } from '../../src/domains/finance/tools/reads.ts';

const LONGEST_REASON = 500; // characters, as `finance.hold_invoice` takes them

const time = ({ hour, minute }: LocalTime): string => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
const onFile = (drift: Drift, reads: Reads, now: LocalTime) =>
  reads.read(getInvoice, { invoice: InvoiceId.parse(drift.subject), today: now.date, time: time(now) });

const nothingToPay = (drift: Drift): Resolution => ({ drafts: [], finding: `${drift.why}; nothing is to be paid now.` });

/** Pays to the account on record; where there is none, to the one billed, which the gate then judges. */
async function pay(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await onFile(drift, reads, now);
  if (!found?.standing?.amount) return nothingToPay(drift);
  const { invoice, accountOnRecord, standing } = found;
  return { drafts: [draft(payInvoice, { invoice: invoice.id, payee: accountOnRecord ?? invoice.iban, amount: found.standing.amount }, `${standing.why}.`)] };
}

/** Proposes the account that the invoice asks for: whether it is right only people can find out, outside of this system. */
async function payToNewAccount(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await onFile(drift, reads, now);
  if (!found?.standing?.amount) return nothingToPay(drift);
  const { invoice, standing } = found;
  const rationale = `${standing.why}. Call the supplier on a number you know before you approve ${show(found.standing.amount)}.`;
  return { drafts: [draft(payInvoice, { invoice: invoice.id, payee: invoice.iban, amount: found.standing.amount }, rationale)] };
}

/** An invoice that is held or paid meanwhile needs no hold. */
async function hold(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await onFile(drift, reads, now);
  if (!found?.standing) return { drafts: [], finding: `${drift.why}; there is nothing to hold any more.` };
  const reason = drift.why.slice(0, LONGEST_REASON).replace(/[\ud800-\udbff]$/, ''); // a cut may fall inside a character
  return { drafts: [draft(holdInvoice, { invoice: found.invoice.id, reason }, `${drift.why}.`)] };
}

/** What was billed otherwise than ordered or received is held; what nobody ordered is put before people. */
async function unmatched(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  return (await onFile(drift, reads, now))?.ordered ? hold(drift, reads, now) : pay(drift, reads, now);
}

const report = (drift: Drift): Promise<Resolution> => Promise.resolve({ drafts: [], finding: drift.why });

export const playbook: Playbook = {
  'finance.due_invoice': pay,
  'finance.changed_account': payToNewAccount,
  'finance.duplicate_invoice': hold,
  'finance.wrong_sums': hold,
  'finance.unmatched_invoice': unmatched,
  'finance.cash_floor': report,
  'finance.shared_vat': report,
  'finance.unexplained_debit': report,
  'finance.unmatched_return': report,
  'finance.undebited_payment': report,
};
