/** What the coordinator can answer without a model. */
import type { QuestionRoutine } from '../../src/kernel/define.ts';
import { show } from '../../src/kernel/money.ts';
import { listMachines, listOrders, listStock } from '../../src/domains/operations/tools/reads.ts';

export const questions: readonly QuestionRoutine[] = [
  {
    about: 'what is on order',
    matches: (text) => /\b(orders?|ordered|deliver(y|ies)|arrives?|bestellt|bestellung(en)?|lieferung(en)?)\b/i.test(text),
    async answer(_text, reads) {
      const open = await reads.read(listOrders, {});
      return open.length === 0
        ? 'Nothing is on order.'
        : open
            .slice(0, 20)
            .map((one) => `- ${one.order}: ${one.quantity} ${one.item} for ${one.site}, ${show(one.amount)}, expected ${one.expected}`)
            .join('\n');
    },
  },
  {
    about: 'machines and their services',
    matches: (text) => /\b(machines?|services?|maintenance|maschinen?|wartung)\b/i.test(text),
    async answer(_text, reads, now) {
      const machines = await reads.read(listMachines, { today: now.date });
      return machines.length === 0
        ? 'No machine is declared.'
        : machines
            .map(
              ({ name, record, booked }) =>
                `- ${name}: ${record ? `last service ${record.lastService}, ${record.hours} hours since` : 'not in the register'}${booked ? `; booked for ${booked}` : ''}`,
            )
            .join('\n');
    },
  },
  {
    about: 'the stock of what is declared',
    matches: (text) => /\b(stock|left|have|store|bestand|lager|vorrat)\b/i.test(text),
    async answer(_text, reads) {
      const lines = await reads.read(listStock, {});
      return lines.length === 0
        ? 'No stock is declared.'
        : lines
            .map(
              (one) =>
                `- ${one.name} at ${one.site}: ${one.level ?? 'not counted'}, minimum ${one.minimum}${one.onOrder > 0 ? `, ${one.onOrder} on order` : ''}${one.toOrder > 0 ? `, ${one.toOrder} to order` : ''}`,
            )
            .join('\n');
    },
  },
];
