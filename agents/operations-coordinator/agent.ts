import { defineAgent } from '../../src/kernel/define.ts';
import { bookMaintenance } from '../../src/domains/operations/tools/book-maintenance.ts';
import { getItem, listMachines, listOrders, listStock } from '../../src/domains/operations/tools/reads.ts';
import { reorderStock } from '../../src/domains/operations/tools/reorder-stock.ts';
import { playbook } from './playbook.ts';
import { questions } from './questions.ts';

/** Keeps stock at hand and machines in order, and says why. */
export const agent = defineAgent({
  name: 'operations-coordinator',
  domain: 'operations',
  purpose: 'Have at hand what the work needs, order it in time and once, and have machines serviced before they must stop.',
  owner: 'operations',
  reads: [listStock, getItem, listOrders, listMachines],
  proposes: [reorderStock, bookMaintenance],
  authority: { perCall: { minor: 80_000, currency: 'EUR' }, perDay: { minor: 200_000, currency: 'EUR' } },
  limits: { turns: 8, tokens: 60_000, money: { minor: 1_000, currency: 'EUR' } },
  playbook,
  questions,
});
