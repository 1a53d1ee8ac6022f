/** Every return on a statement sends back a payment of ours: money that comes back for another reason is for people to look at. */
import { defineReconciler } from '../../../kernel/define.ts';
import { show } from '../../../kernel/money.ts';
import type { FinanceReads } from '../ports.ts';
import { lineKey, lineNamed } from '../statement-lines.ts';

export const unmatchedReturn = defineReconciler<FinanceReads>()({
  name: 'finance.unmatched_return',
  domain: 'finance',
  keys: async (finance) => (await finance.unmatchedReturns()).map(lineKey),
  desired: async () => 'explained' as const,
  observed: async (key, finance) => lineNamed(key, await finance.unmatchedReturns()),
  drift(key, _desired, line) {
    if (!line) return [];
    const why = `${show(line.amount)} came back from \`${line.counterparty}\` on ${line.booked} (\`${line.returned ?? ''}\`), and it is no payment of ours that was paid: \`${line.remittance}\``;
    return [{ subject: key, why, arose: line.booked, facts: { reference: line.reference } }];
  },
});
