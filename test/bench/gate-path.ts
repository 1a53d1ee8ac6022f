/** The whole way of a judgment without Temporal: facts from PostgreSQL, provenance, decision, reservation, event; one transaction each. */
import { judge } from '../../src/activities/judge.ts';
import type { ProposalId } from '../../src/kernel/ids.ts';
import { bills, propose } from '../fixtures/bills.ts';
import type { Services } from '../fixtures/services.ts';
import { stage } from '../fixtures/stage.ts';
import { percentile, timed, type Figure } from './figures.ts';

const WARM = 30;
const ALONE = 150;
const AT_ONCE = 16;
const ROUNDS = 20;

export async function pathFigures(services: Services): Promise<readonly Figure[]> {
  const on = await stage(services);
  try {
    const invoices = await bills(on, 7, WARM + ALONE + AT_ONCE * ROUNDS, 1);
    const waiting: ProposalId[] = [];
    for (const invoice of invoices) waiting.push(await propose(on, invoice, 1));
    const next = async () => {
      const id = waiting.pop();
      if (!id) throw new Error('no proposal is left');
      const { next: step } = await judge(on.app.world, on.organization.id, id, 1);
      if (step !== 'go') throw new Error(`a routine payment was not permitted: ${step}`);
    };
    for (let n = 0; n < WARM; n++) await next();
    const alone: number[] = [];
    for (let n = 0; n < ALONE; n++) alone.push(await timed(next));
    const together: number[] = [];
    for (let n = 0; n < ROUNDS; n++) together.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => timed(next)))));
    return [
      { what: 'judged and reserved, alone, p50', value: percentile(alone, 0.5), unit: 'ms' },
      { what: 'judged and reserved, alone, p99', value: percentile(alone, 0.99), unit: 'ms' },
      { what: `judged and reserved, ${AT_ONCE} at once, p50`, value: percentile(together, 0.5), unit: 'ms' },
      { what: `judged and reserved, ${AT_ONCE} at once, p99`, value: percentile(together, 0.99), unit: 'ms' },
    ];
  } finally {
    await on.close();
  }
}
