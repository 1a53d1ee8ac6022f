/** Money that left to a supplier without a warrant of ours. */
import { defineReconciler } from '../../../kernel/define.ts';
import { show } from '../../../kernel/money.ts';
import type { ComplianceReads } from '../ports.ts';

export const unwarrantedPayment = defineReconciler<ComplianceReads>()({
  name: 'compliance.unwarranted_payment',
  domain: 'compliance',
  keys: async (compliance) => (await compliance.strayDebits()).map(({ account, reference }) => `${account}/${reference}`),
  desired: async () => 'a payment of ours' as const,
  observed: async (key, compliance) => (await compliance.strayDebits()).find(({ account, reference }) => `${account}/${reference}` === key),
  drift(key, _ours, debit) {
    if (!debit) return [];
    const why = `${show({ minor: debit.minor, currency: debit.currency })} went to \`${debit.supplier}\` on ${debit.booked} (\`${debit.reference}\`) without a payment that was decided here`;
    return [{ subject: key, why, arose: debit.booked, facts: { supplier: debit.supplier, minor: debit.minor } }];
  },
});
