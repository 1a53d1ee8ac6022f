/** Every debit on a statement is a payment of ours, a bill we know, or explained by a person. */
import { defineReconciler } from '../../../kernel/define.ts';
import { show } from '../../../kernel/money.ts';
import type { FinanceReads } from '../ports.ts';
import { Iban } from '../records.ts';

export const unexplainedDebit = defineReconciler<FinanceReads>()({
  name: 'finance.unexplained_debit',
  domain: 'finance',
  keys: async (finance) => (await finance.unexplainedDebits()).map((line) => `${line.account}/${line.reference}`),
  desired: async () => 'explained' as const,
  observed: (key, finance) => finance.unexplainedDebit(Iban.parse(key.slice(0, key.indexOf('/'))), key.slice(key.indexOf('/') + 1)),
  drift(key, _desired, line) {
    if (!line) return [];
    return [
      {
        subject: key,
        why: `${show(line.amount)} to \`${line.counterparty}\` on ${line.booked} is no payment of ours: \`${line.remittance}\``,
        arose: line.booked,
        facts: { reference: line.reference },
      },
    ];
  },
});
