/** Every debit on a statement is a payment of ours, a bill we know, or explained by a person. */
import { defineReconciler } from '../../../kernel/define.ts';
import { show } from '../../../kernel/money.ts';
import type { FinanceReads } from '../ports.ts';

export const unexplainedDebit = defineReconciler<FinanceReads>()({
  name: 'finance.unexplained_debit',
  domain: 'finance',
  keys: async (finance) => (await finance.unexplainedDebits()).map((line) => `${line.account}/${line.reference}`),
  desired: async () => 'explained' as const,
  observed: async (key, finance) => (await finance.unexplainedDebits()).find((line) => `${line.account}/${line.reference}` === key),
  drift(key, _desired, line) {
    if (!line) return [];
    return [
      {
        subject: key,
        why: `${show(line.amount)} to \`${line.counterparty}\` on ${line.booked} is no payment of ours: \`${line.remittance}\``,
        facts: { reference: line.reference },
      },
    ];
  },
});
