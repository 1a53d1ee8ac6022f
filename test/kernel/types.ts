/**
 * What the types refuse. `npm run check:types` fails where one of these lines compiles: an expected error that does not come is
 * an error itself. Nothing here runs.
 */
import { payInvoice } from '../../src/domains/finance/tools/pay-invoice.ts';
import { getInvoice } from '../../src/domains/finance/tools/reads.ts';
import type { FinanceReads, FinanceWrites } from '../../src/domains/finance/ports.ts';
import { defineAgent, defineReadTool, draft, type Agent, type Reads } from '../../src/kernel/define.ts';

const payment = { invoice: 'S-001:1', payee: 'DE51820511173097531246', amount: { minor: 1, currency: 'EUR' } };

export const readsAWrite = (reads: Reads) =>
  // @ts-expect-error deliberation reads; a write tool is not one of its tools
  reads.read(payInvoice, payment);

export const draftsARead = () =>
  // @ts-expect-error only what writes can be proposed
  draft(getInvoice, { invoice: 'S-001:1' }, 'because');

export const listsAWriteAsRead = (agent: Agent) =>
  // @ts-expect-error an agent's reads hold no write tool
  defineAgent({ ...agent, reads: [payInvoice] });

export const listsAReadAsWrite = (agent: Agent) =>
  // @ts-expect-error and what it may propose holds no read tool
  defineAgent({ ...agent, proposes: [getInvoice] });

export const readWrites = () =>
  defineReadTool<FinanceReads>()({
    ...getInvoice,
    // @ts-expect-error a read tool's ports cannot write
    run: async (_input, finance) => finance.withdraw('prp-00000000000000000000000000', 'x'),
  });

export const runsAnyTool = (agent: Agent, finance: FinanceWrites) =>
  // @ts-expect-error what an agent lists cannot be run from there: nobody but the executor knows its ports
  agent.proposes[0]?.run(payment, finance, { proposal: 'prp-00000000000000000000000000' });
