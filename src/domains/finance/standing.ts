/** What is to be said of an invoice today. Problems come first, and one at a time: one invoice is asked about once. What a person released it for is not asked again. */
import { show } from '../../kernel/money.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { LocalTime } from '../../kernel/time.ts';
import { payable, type PayWhen } from './due.ts';
import type { Dossier } from './ports.ts';

export type InvoiceKind = 'duplicate_invoice' | 'wrong_sums' | 'changed_account' | 'unmatched_invoice' | 'due_invoice';

export interface InvoiceDrift {
  readonly kind: InvoiceKind;
  readonly why: string;
  readonly facts: JsonObject;
}

/** Undefined: nothing to do about it now. The facts are those whose change makes a declined case worth asking again. */
export function standing(dossier: Dossier, now: LocalTime, when: PayWhen): InvoiceDrift | undefined {
  const { invoice, state, supplier, match, duplicateOf, released, attempts } = dossier;
  if (state !== 'open') return undefined;
  const facts = {
    source: invoice.source,
    account: supplier?.iban ?? null,
    supplier: supplier?.status ?? null,
    matched: match.matched,
    reasons: [...match.reasons],
    attempts,
    released: released !== null,
  };
  const of = (kind: InvoiceKind, why: string, more: JsonObject = {}): InvoiceDrift => ({ kind, why, facts: { ...facts, ...more } });
  const named = `invoice \`${invoice.number}\` of \`${supplier?.name ?? invoice.supplier}\``;
  if (duplicateOf && released?.duplicateOf !== duplicateOf)
    return of('duplicate_invoice', `${named} bills what \`${duplicateOf}\` billed already`, { duplicateOf });
  if (invoice.problems.length > 0) return of('wrong_sums', `${named} does not add up: ${invoice.problems.join('; ')}`);
  const pay = payable(invoice, now, when);
  if (!pay.now) return undefined;
  const amount = { amount: { ...pay.amount } };
  if (supplier && invoice.iban !== supplier.iban) return of('changed_account', `${named} asks for another account than the one on record`, amount);
  if (!match.matched && !(released && match.reasons.every((reason) => released.reasons.includes(reason))))
    return of('unmatched_invoice', `${named} over ${show(pay.amount)}: ${match.reasons.join('; ')}`, amount);
  return of('due_invoice', `${named} over ${show(pay.amount)}: ${pay.why}`, amount);
}
