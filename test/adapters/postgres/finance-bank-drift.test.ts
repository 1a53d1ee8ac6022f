/** What the bank did that our payments do not explain, and what it did not do: told to people, and to nobody where all is well. */
import { describe, expect, test } from 'vitest';
import { agent } from '../../../agents/finance-analyst/agent.ts';
import { day, eur, line, bill } from '../../domains/finance/samples.ts';
import { clock, key } from '../../fixtures/books.ts';
import { MONDAY, OURS, add, freshLedger, instruct, leave, ledger, one, paymentLine, show, shown, statement } from './ledger.ts';

freshLedger();
const drifts = async (reconciler: string) => (await ledger.drifts(MONDAY)).filter((drift) => drift.reconciler === `finance.${reconciler}`);
const sent = async () => {
  await add(one);
  await instruct(one, 'a');
  await leave('2026-03-02');
};
const returned = { reference: 'R2', amount: eur(119_000), returned: 'AC04 closed account' };

describe('a return', () => {
  test('of a payment of ours is explained by it', async () => {
    await sent();
    await shown(paymentLine({ endToEndId: key('a') }), paymentLine({ ...returned, endToEndId: key('a') }));
    expect(await drifts('unmatched_return')).toEqual([]);
  });

  test.each([
    { law: 'under an id that is not ours', patch: { endToEndId: 'NOTPROVIDED' } },
    { law: 'over another amount', patch: { endToEndId: key('a'), amount: eur(118_500) } },
    { law: 'a second time', patch: { endToEndId: key('a') }, twice: true },
  ])('$law is told, and the analyst reports it', async ({ patch, twice }) => {
    await sent();
    await shown(paymentLine({ endToEndId: key('a') }), ...(twice === true ? [paymentLine({ ...returned, reference: 'R3', endToEndId: key('a') })] : []));
    await shown(paymentLine({ ...returned, ...patch }));
    const [told, ...more] = await drifts('unmatched_return');
    expect(more).toEqual([]);
    expect(told).toMatchObject({ subject: `${OURS}/R2`, why: expect.stringContaining('AC04 closed account') as string, arose: '2026-03-03' });
    if (!told) return;
    expect(await agent.playbook[told.reconciler]?.(told, ledger.tools, MONDAY)).toEqual({ drafts: [], finding: told.why });
  });

  test('a credit that is no return is nothing to look at', async () => {
    await shown(paymentLine({ amount: eur(50_000), remittance: 'a customer paid' }));
    expect(await drifts('unmatched_return')).toEqual([]);
  });
});

describe('a payment that left', () => {
  /** The statements of our account go up to a day, and show nothing. */
  const covered = (to: string) => show(statement([], { id: to, from: day('2026-03-03'), to: day(to) }));

  test.each([
    { to: '2026-03-05', says: 'three bank days after it is not missed yet', told: false },
    { to: '2026-03-06', says: 'four bank days after it is', told: true },
    { to: '2026-03-08', says: 'nor does a weekend count', executed: '2026-03-04', told: false },
  ])('and is on no statement up to $to: $says', async ({ to, told, executed = '2026-03-02' }) => {
    await add(one);
    await instruct(one, 'a', { executeOn: day(executed) });
    await leave(executed);
    await covered(to);
    const found = await drifts('undebited_payment');
    expect(found.map(({ subject }) => subject)).toEqual(told ? [key('a')] : []);
    for (const drift of found) expect(await agent.playbook[drift.reconciler]?.(drift, ledger.tools, MONDAY)).toEqual({ drafts: [], finding: drift.why });
  });

  test('is asked about once, however far the statements go', async () => {
    await sent();
    await covered('2026-03-06');
    const [first] = await drifts('undebited_payment');
    await show(statement([], { id: 'later', from: day('2026-03-07'), to: day('2026-03-20') }));
    const [later] = await drifts('undebited_payment');
    expect(first?.facts).toBeDefined();
    expect(later?.facts).toEqual(first?.facts);
  });

  test('is not missed once a statement shows it, nor before it left, nor without a statement', async () => {
    const waits = bill('4799', [line('1')], { order: null });
    await add(waits);
    await instruct(waits, 'waits', { executeOn: day('2026-03-09') });
    await sent();
    expect(await drifts('undebited_payment')).toEqual([]);
    await show(statement([paymentLine({ endToEndId: key('a') })], { id: 'x', from: day('2026-03-03'), to: day('2026-03-20') }));
    expect(await drifts('undebited_payment')).toEqual([]);
    expect((await ledger.drifts(clock('2026-03-20'))).filter(({ reconciler }) => reconciler === 'finance.undebited_payment')).toEqual([]);
  });
});
