/** What became of a task, on every surface in the same words. A payment is not done when it is instructed: a statement has to show it. Pure. */
import type { PaymentNow, TaskCard } from '../client.ts';

/** One or two words: `waits for people`, `declined`, and of a payment that was made how far it got: `instructed`. */
export const became = ({ outcome, waits, payment }: Pick<TaskCard, 'outcome' | 'waits' | 'payment'>): string =>
  payment?.state ?? outcome ?? (waits ? 'waits for people' : 'under way');

/** `sent on 2026-03-02, in 5678-2026-03-02-1.xml` */
export function paymentSays({ state, executeOn, file, reason }: PaymentNow): string {
  const left = `on ${executeOn}${file === null ? '' : `, in ${file}`}`;
  switch (state) {
    case 'instructed':
      return `instructed, leaves ${left}`;
    case 'sent':
      return `sent ${left}; no statement shows it yet`;
    case 'paid':
      return `paid: a statement shows it; sent ${left}`;
    case 'rejected':
      return `sent ${left}, and the bank sent it back: ${reason}`;
    case 'withdrawn':
      return `taken back before it left: ${reason}`;
  }
}
