/** What the analyst can answer without a model. */
import type { z } from 'zod';
import type { QuestionRoutine, Reads } from '../../src/kernel/define.ts';
import { show } from '../../src/kernel/money.ts';
import type { LocalTime } from '../../src/kernel/time.ts';
import { InvoiceId } from '../../src/domains/finance/records.ts';
import { getBalance, getInvoice, listDebits, listInvoices, listPayments } from '../../src/domains/finance/tools/reads.ts';

const INVOICE = /\bS-\d{3,6}:\S{1,60}/;

/** Written as one word or in groups: an account that somebody names. */
const ACCOUNT = /\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b/i;
const PAY = '(?:pay|transfer|wire|send|remit|überweise?n?|zahle?n?|bezahle?n?)';
const SAYS_PAY = new RegExp(`(?<!\\p{L})${PAY}(?!\\p{L})`, 'iu');
const AT_ONCE = new RegExp(`(?:^|[.!?,;:–-]\\s*|\\b(?:please|bitte|now|just|and|must|should|you|to)\\s+)${PAY}(?!\\p{L})`, 'iu');
const SUM = /\d\s?(?:€|eur\b|euros?\b)|(?:€|\beur)\s?\d/i;
const INQUIRES = /^\s*(?:what|which|who|whom|when|where|why|how|do|does|did|was|were|is|are|has|have|wer|wann|warum|welche\w*|wie)\b/i;

/** To pay somebody, because somebody says so: not a question about payments. */
const ordersToPay = (text: string): boolean => SAYS_PAY.test(text) && (ACCOUNT.test(text) || (!INQUIRES.test(text) && (AT_ONCE.test(text) || SUM.test(text))));

/** An order in chat is no bill. What I may do is the gate's to say; this is what I do. */
const NOT_BY_WORD = [
  'I pay nobody on a word in chat, whoever says it; nothing was proposed.',
  "A payment starts from a bill on file, and goes to the supplier's account on record: one that is named here is none.",
  'Instead, hand the bill in (`charter records add FILE`): I compare it with order and receipt, and where it asks for another account, people decide.',
  'Or propose it in your own name, and others decide: `charter propose finance.pay_invoice invoice=… payee=… amount="… EUR" --reason "…" --as YOU`.',
].join('\n');

type Found = NonNullable<z.output<typeof getInvoice.output>>;

function aboutInvoice({ invoice, state, heldBecause, supplier, match, payments, standing }: Found): string {
  const held = state === 'held' ? `, because: ${heldBecause}` : '';
  return [
    `${invoice.id} of ${supplier ?? 'an unknown supplier'} over ${show(invoice.total)}, due ${invoice.due}, is ${state}${held}.`,
    match.matched ? 'Order, receipt and invoice agree.' : `They do not agree: ${match.reasons.join('; ')}.`,
    ...payments.map(
      (payment) =>
        `Payment ${payment.key} of ${show(payment.amount)} is ${payment.state}${payment.reason === '' ? '' : ` (${payment.reason})`}; \`charter why ${payment.key}\` tells why.`,
    ),
    ...(standing ? [`Now: ${standing.why}.`] : []),
  ].join(' ');
}

/** The invoice that a text names by its id, as it stands. */
async function named(text: string, reads: Reads, now: LocalTime): Promise<Found | null> {
  const id = InvoiceId.safeParse(INVOICE.exec(text)?.[0].replace(/[?!.,;:)"']+$/, ''));
  return id.success ? reads.read(getInvoice, { invoice: id.data, today: now.date }) : null;
}

export const questions: readonly QuestionRoutine[] = [
  {
    about: 'why nobody is paid on a word in chat',
    matches: ordersToPay,
    async answer(text, reads, now) {
      const found = await named(text, reads, now);
      return found ? `${NOT_BY_WORD}\n${aboutInvoice(found)}` : NOT_BY_WORD;
    },
  },
  {
    about: 'one invoice, by its id',
    matches: (text) => INVOICE.test(text),
    async answer(text, reads, now) {
      const found = await named(text, reads, now);
      if (!found) return `There is no invoice \`${INVOICE.exec(text)?.[0] ?? ''}\` on file. Ask "what is due" for those that are open.`;
      return aboutInvoice(found);
    },
  },
  {
    about: 'what is due',
    matches: (text) => /\b(due|owe|open|pay|waits?|waiting|fällig|offen)\b/i.test(text),
    async answer(_text, reads) {
      const open = await reads.read(listInvoices, { state: 'open' });
      if (open.length === 0) return 'No invoice is open.';
      return [
        `${open.length} invoices are open; the next:`,
        ...open.slice(0, 8).map((one) => `- ${one.due}  ${show(one.total)}  ${one.supplier} (${one.invoice})`),
      ].join('\n');
    },
  },
  {
    about: 'what is held, and why',
    matches: (text) => /\b(held|hold|stopped|blocked|angehalten)\b/i.test(text),
    async answer(_text, reads) {
      const held = await reads.read(listInvoices, { state: 'held' });
      return held.length === 0
        ? 'No invoice is held.'
        : held
            .slice(0, 20)
            .map((one) => `- ${one.invoice}: ${one.heldBecause}`)
            .join('\n');
    },
  },
  {
    about: 'which payments are under way',
    matches: (text) => /\b(payments?|paid|instructed|sent|under way|bezahlt|zahlungen)\b/i.test(text),
    async answer(_text, reads) {
      const lines = await Promise.all(
        (['instructed', 'sent', 'rejected', 'paid'] as const).map(async (state) => (await reads.read(listPayments, { state })).slice(0, 8)),
      );
      const said = lines
        .flat()
        .map((one) => `- ${one.executeOn}  ${show(one.amount)}  ${one.payeeName} (${one.invoice}): ${one.state}${one.reason === '' ? '' : `, ${one.reason}`}`);
      return said.length === 0 ? 'We have made no payment yet.' : said.join('\n');
    },
  },
  {
    about: 'the balance of our accounts',
    matches: (text) => /\b(balance|cash|account|bank|kontostand|guthaben)\b/i.test(text),
    async answer(_text, reads) {
      const { accounts, pending } = await reads.read(getBalance, {});
      const lines = accounts.map(({ name, balance, on }) => (balance ? `- ${name}: ${show(balance)} on ${on ?? '?'}` : `- ${name}: no statement yet`));
      return [...lines, `${pending.length} payments are under way and not booked yet.`].join('\n');
    },
  },
  {
    about: 'debits that nothing explains',
    matches: (text) => /\b(unexplained|debit|unknown)\b/i.test(text),
    async answer(_text, reads) {
      const lines = await reads.read(listDebits, {});
      return lines.length === 0
        ? 'Every debit is explained.'
        : lines
            .slice(0, 20)
            .map((line) => `- ${line.booked}  ${show(line.amount)}  ${line.counterparty}: ${line.remittance}`)
            .join('\n');
    },
  },
];
