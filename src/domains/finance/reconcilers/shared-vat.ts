/** One VAT id names one supplier: a second one with it is for people to look at, and is never paid by itself. */
import { defineReconciler } from '../../../kernel/define.ts';
import type { FinanceReads } from '../ports.ts';

export const sharedVat = defineReconciler<FinanceReads>()({
  name: 'finance.shared_vat',
  domain: 'finance',
  keys: async (finance) => (await finance.vatTwins()).map(({ supplier }) => supplier),
  desired: async () => 'its own' as const,
  observed: async (supplier, finance) => (await finance.vatTwins()).find((twin) => twin.supplier === supplier),
  drift(supplier, _desired, twin) {
    if (!twin) return [];
    const why = `\`${supplier}\` (\`${twin.name}\`) has the VAT id that \`${twin.of}\` had before; find out whose it is, and hand in the register with it put right`;
    return [{ subject: supplier, why, arose: twin.since, facts: { of: twin.of } }];
  },
});
