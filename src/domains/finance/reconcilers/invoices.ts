/** Open invoices against what is declared: one reconciler per kind of drift, and of one invoice at most one drift at a time. */
import { defineReconciler } from '../../../kernel/define.ts';
import { InvoiceId } from '../records.ts';
import type { FinanceReads } from '../ports.ts';
import { standing, type InvoiceKind } from '../standing.ts';

const about = (kind: InvoiceKind) =>
  defineReconciler<FinanceReads>()({
    name: `finance.${kind}`,
    domain: 'finance',
    keys: (finance) => finance.invoices('open'),
    desired: (_invoice, finance) => finance.settings(),
    observed: (invoice, finance) => finance.dossier(InvoiceId.parse(invoice)),
    drift(invoice, settings, dossier, now) {
      const found = dossier && standing(dossier, now, settings);
      if (!dossier || found?.kind !== kind) return [];
      return [{ subject: invoice, why: found.why, arose: dossier.invoice.due, facts: found.facts }]; // what falls due from the start on is work of today, whenever it was billed
    },
  });

export const duplicateInvoice = about('duplicate_invoice');
export const wrongSums = about('wrong_sums');
export const changedAccount = about('changed_account');
export const unmatchedInvoice = about('unmatched_invoice');
export const dueInvoice = about('due_invoice');
