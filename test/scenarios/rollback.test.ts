/** What is called wrong is undone as far as it can be, the last first, each by a call that the gate judges; and what cannot be is said. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller, RollbackCard, TaskCard } from '../../src/client.ts';
import { housekeeping } from '../../src/activities/housekeeping.ts';
import { bills, propose } from '../fixtures/bills.ts';
import { billOf, plantedFor } from '../fixtures/planted.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

const operator: Caller = { kind: 'operator' };
const WHY = 'it was not ours to pay';

let on: Stage;
let clara: Caller;
beforeAll(async () => {
  on = await stage(inject('services'));
  await housekeeping(on.app.world, on.organization.id);
  await on.worker();
  await reviewed(on, 'first');
  await reviewed(on, 'first', 'operations');
  clara = await on.person('clara');
});
afterAll(() => on.close());

const routine = plantedFor('finance-analyst').filter(({ expect: what }) => what === 'permit');
const bill = (n: number): string => routine[n]?.subject ?? `no routine bill ${n}`;
const now = (id: string): Promise<RollbackCard> => on.app.client.rollback(operator, { id });
const ended = async (id: string): Promise<RollbackCard> => {
  await on.until('the rollback has ended', async () => (await now(id)).begun?.ended === true);
  return now(id);
};
const wrong = async (who: Caller, id: string) => {
  await on.app.client.wrong(who, { id, reason: WHY });
  return ended(id);
};
const proposalsNow = async () => (await on.tasks()).length;

describe('a payment that has not left', () => {
  let paid: TaskCard;
  let undone: RollbackCard;
  beforeAll(async () => {
    paid = await on.task(bill(0));
    undone = await wrong(clara, paid.id);
  });

  test('is taken back, by a call with a warrant and a receipt of its own', async () => {
    expect(undone.steps).toMatchObject([{ proposal: paid.id, state: 'undone', waits: false, says: '' }]);
    expect((await on.app.client.task(operator, { id: paid.id })).payment).toMatchObject({ state: 'withdrawn', reason: WHY });
    const compensation = undone.steps[0]?.compensation ?? '';
    expect(await on.app.client.task(operator, { id: compensation })).toMatchObject({ tool: 'finance.withdraw_payment', requester: 'clara', outcome: 'done' });
    const [rows] = await on.rows<{ warrants: number; receipts: number }>(
      'select (select count(*)::int from warrant where org = $1 and proposal = $2) warrants, (select count(*)::int from receipt where org = $1 and proposal = $2) receipts',
      [on.organization.id, compensation],
    );
    expect(rows).toEqual({ warrants: 1, receipts: 1 });
  });

  test('has it in its story, and nothing of it is withheld from finance', async () => {
    const says = (await on.app.client.why(clara, { id: paid.id })).map((event) => event.says);
    expect(says).toContain(`clara said that it was wrong: ${WHY}`);
    expect(says).toContain('of what was called wrong 1 undone, 0 left as it is');
    expect(says.filter((one) => one.startsWith('finance-analyst proposed finance.withdraw_payment'))).toHaveLength(1);
  });

  test('said twice, by whomever, nothing more is done', async () => {
    const before = await proposalsNow();
    expect(await on.app.client.wrong(clara, { id: paid.id, reason: 'I say so again' })).toMatchObject({ anew: false, begun: { person: 'clara', reason: WHY } });
    expect(await on.app.client.wrong(await on.person('emre'), { id: paid.id, reason: 'I say so too' })).toMatchObject({ anew: false });
    expect(await proposalsNow()).toBe(before);
    expect(await on.rows(`select 1 from event where org = $1 and type = 'rollback.begun'`, [on.organization.id])).toHaveLength(1);
  });

  test('is not paid again by the next review: its drift is as one that was declined', async () => {
    const [drift] = await on.rows<{ state: string }>('select state from drift where org = $1 and key = $2', [
      on.organization.id,
      `finance.due_invoice/${bill(0)}`,
    ]);
    expect(drift?.state).toBe('declined');
    await reviewed(on, 'after');
    const again = (await on.tasks()).filter(({ tool, args }) => tool === 'finance.pay_invoice' && args['invoice'] === paid.args['invoice']);
    expect(again.map(({ id }) => id)).toEqual([paid.id]);
  });

  test('is a case for its agent: the drift, the call, and why it was wrong', async () => {
    expect(undone.cases).toBe(1);
    const { cases } = await on.app.client.eval_cases(operator, { agent: 'finance-analyst' });
    expect(cases.filter(({ proposal }) => proposal === paid.id)).toMatchObject([
      { drift: { reconciler: 'finance.due_invoice', subject: bill(0) }, wrong: { tool: 'finance.pay_invoice', args: paid.args }, reason: WHY, right: null },
    ]);
  });

  test('and what undid it may be called wrong in its turn: finance decides whether its bill is released', async () => {
    const compensation = undone.steps[0]?.compensation ?? '';
    await on.app.client.wrong(clara, { id: compensation, reason: 'it was ours after all' });
    await on.until('it waits for people', async () => (await now(compensation)).steps.some(({ waits }) => waits));
    const release = (await now(compensation)).steps[0]?.compensation ?? '';
    expect(await on.app.client.task(operator, { id: release })).toMatchObject({ tool: 'finance.release_invoice', args: { invoice: bill(0) } });
    await expect(on.app.client.decide(clara, { id: release, choice: 'approve', reason: '' })).rejects.toMatchObject({ code: 'not_eligible' });
    await on.app.client.decide(await on.person('emre'), { id: release, choice: 'approve', reason: 'it adds up' });
    expect((await ended(compensation)).steps).toMatchObject([{ state: 'undone' }]);
  });
});

test('what a person took back by hand is not taken back again', async () => {
  const paid = await on.task(bill(1));
  const { id } = await on.app.client.propose(clara, {
    tool: 'finance.withdraw_payment',
    args: { payment: paid.id, reason: WHY },
    reason: WHY,
    message: 'by hand',
  });
  await on.until('it is taken back', async () => (await on.app.client.task(operator, { id })).outcome === 'done');
  expect((await wrong(clara, paid.id)).steps).toMatchObject([{ state: 'undone', compensation: null, says: 'It was taken back before.' }]);
});

test('what nothing undoes is left as it is, and it is said what people can do', async () => {
  const order = (await on.tasks()).find(({ tool, outcome }) => tool === 'operations.reorder_stock' && outcome === 'done');
  const { steps, cases } = await wrong(await on.person('viktor'), order?.id ?? '');
  expect(steps).toMatchObject([{ state: 'left', compensation: null, says: expect.stringContaining('Call them, and cancel it there') as string }]);
  expect(cases).toBe(1); // its agent learns of it all the same
});

test('of what waits for people nothing was done: it is said how it is declined', async () => {
  const waiting = await on.task(billOf('over_authority'));
  expect((await wrong(clara, waiting.id)).steps).toMatchObject([{ state: 'left', says: expect.stringContaining('charter inbox decide') as string }]);
});

test('who may not decide about an action does not call it wrong', async () => {
  const paid = await on.task(bill(2));
  const begun = await on.rows('select 1 from rollback where org = $1', [on.organization.id]);
  for (const person of ['greta', 'paul', 'nadia'])
    await expect(on.app.client.wrong(await on.person(person), { id: paid.id, reason: WHY }), person).rejects.toMatchObject({ code: 'role_missing' });
  await expect(on.app.client.rollback(await on.person('greta'), { id: paid.id })).rejects.toMatchObject({ code: 'not_yours' });
  expect(await on.rows('select 1 from rollback where org = $1', [on.organization.id])).toHaveLength(begun.length);
});

test('before anybody says so, it is told what would be undone, and nothing is', async () => {
  const paid = await on.task(bill(2));
  expect(await now(paid.id)).toMatchObject({
    begun: null,
    steps: [{ state: 'next', says: expect.stringContaining('`finance.withdraw_payment` would be') as string }],
  });
  expect(await on.rows('select 1 from rollback where org = $1 and target = $2', [on.organization.id, paid.id])).toEqual([]);
});

test('what would have been right is kept, and what no tool takes is refused', async () => {
  const paid = await on.task(bill(2));
  const say = (args: Record<string, string>) => on.app.client.wrong(clara, { id: paid.id, reason: WHY, right: { tool: 'finance.hold_invoice', args } });
  await expect(say({ invoyce: bill(2) })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('`invoyce` is no field') as string });
  await say({ invoice: bill(2) });
  await ended(paid.id);
  const { cases } = await on.app.client.eval_cases(operator, {});
  expect(cases.find(({ proposal }) => proposal === paid.id)?.right).toEqual({ tool: 'finance.hold_invoice', args: { invoice: bill(2) } });
});

test('of an ask, what came of it is meant, and of something that there is not, nothing', async () => {
  const paid = await on.task(bill(3));
  const [row] = await on.rows<{ ask: string }>('select ask from proposal where org = $1 and id = $2', [on.organization.id, paid.id]);
  expect((await now(row?.ask ?? '')).steps.map(({ proposal }) => proposal)).toEqual([paid.id]);
  for (const id of ['ask-00000000000000000000000000', 'evt-00000000000000000000000000', 'prp-00000000000000000000000000'])
    await expect(on.app.client.wrong(clara, { id, reason: WHY }), id).rejects.toMatchObject({
      code: expect.stringMatching(/^(not_found|task_unknown)$/) as string,
    });
});

test('more than 25 actions are too much at once, and nothing of them is undone', async () => {
  const [cause] = await on.rows<{ id: string }>(`select id from event where org = $1 and type = 'organization.loaded'`, [on.organization.id]);
  for (const invoice of await bills(on, 4, 26, 10_000))
    await on.rows('insert into event_cause (org, effect, cause) select p.org, p.event, $3 from proposal p where p.org = $1 and p.id = $2', [
      on.organization.id,
      await propose(on, invoice, 10_000),
      cause?.id,
    ]);
  await expect(on.app.client.wrong(await on.person('johanna'), { id: cause?.id ?? '', reason: WHY })).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining('More than 25 actions') as string,
  });
  await on.rows(`update proposal set outcome = 'halted' where org = $1 and outcome is null and args ->> 'invoice' like 'S-4%'`, [on.organization.id]);
});

test('of an event, all that came of it is undone, the last effect first', async () => {
  const [started] = await on.rows<{ id: string }>(`select e.id from event e where e.org = $1 and e.type = 'review.started' order by position limit 1`, [
    on.organization.id,
  ]);
  const done = (
    await on.rows<{ proposal: string }>(
      `select r.proposal from receipt r join event e on e.org = r.org and e.id = r.event join proposal p on p.org = r.org and p.id = r.proposal
     join ask a on a.org = p.org and a.id = p.ask and a.about -> 'drift' ->> 'reconciler' like 'finance.%' where r.org = $1 and p.outcome = 'done' order by e.position desc`,
      [on.organization.id],
    )
  ).map(({ proposal }) => proposal);
  expect(done.length).toBeGreaterThan(8);
  const { begun } = await on.app.client.wrong(await on.person('johanna'), { id: started?.id ?? '', reason: WHY });
  expect(begun).toMatchObject({ person: 'johanna' });
  // Holds are released by finance alone: a second person decides, and the rest waits behind, for its order is the reverse.
  const emre = await on.person('emre');
  const decided = new Set<string>();
  await on.until('the rollback has ended', async () => {
    const card = await now(started?.id ?? '');
    for (const { waits, compensation } of card.steps)
      if (waits && compensation && !decided.has(compensation)) {
        decided.add(compensation);
        await on.app.client.decide(emre, { id: compensation, choice: 'approve', reason: 'looked at it' });
      }
    return card.begun?.ended === true;
  });
  const { steps } = await now(started?.id ?? '');
  const settled = steps.filter(({ proposal }) => done.includes(proposal));
  expect(settled.map(({ proposal }) => proposal)).toEqual(done);
  const compensated = await on.rows<{ id: string }>(
    `select p.id from proposal p join ask a on a.org = p.org and a.id = p.ask join receipt r on r.org = p.org and r.proposal = p.id join event e on e.org = r.org and e.id = r.event
     where p.org = $1 and a.about ->> 'rollback' = $2 order by e.position`,
    [on.organization.id, begun?.id],
  );
  expect(compensated.map(({ id }) => id)).toEqual(steps.flatMap(({ compensation, state }) => (state === 'undone' ? (compensation ?? []) : [])));
  expect(compensated.length).toBeGreaterThan(5);
  expect(steps.find(({ card }) => card.some(({ value }) => value === bill(2)))).toMatchObject({
    state: 'left',
    says: expect.stringContaining('It was called wrong before') as string,
  });
  expect(settled.filter(({ proposal }) => proposal === done.at(-1))).toMatchObject([{ state: expect.stringMatching(/^(undone|left)$/) as string }]);
});

test('after the cut-off the gate does not permit it, and it is said who can still do something', async () => {
  const here = await stage(inject('services'));
  try {
    await housekeeping(here.app.world, here.organization.id);
    await here.worker();
    await reviewed(here, 'first');
    const paid = await here.task(bill(3));
    await here.app.client.advance_clock(operator, { ms: 86_400_000 });
    await here.app.client.wrong(await here.person('clara'), { id: paid.id, reason: WHY });
    const card = () => here.app.client.rollback(operator, { id: paid.id });
    await here.until('the rollback has ended', async () => (await card()).begun?.ended === true);
    const [step] = (await card()).steps;
    expect(step).toMatchObject({ state: 'left' });
    expect(step?.says).toContain('denied, by F14 A payment is taken back only before it leaves');
    expect(step?.says).toContain('ask the bank at once to recall it');
  } finally {
    await here.close();
  }
});

test('under a halt nothing is undone; when it is lifted it goes on', async () => {
  const here = await stage(inject('services'));
  try {
    await housekeeping(here.app.world, here.organization.id);
    await here.worker();
    await reviewed(here, 'first');
    await here.temporal.wakeUpkeep(here.organization.id);
    const [paid, johanna] = [await here.task(bill(0)), await here.person('johanna')];
    const scope = { kind: 'agent', agent: 'finance-analyst' } as const;
    await here.rows(`update payment set state = 'sent' where org = $1 and key <> $2`, [here.organization.id, paid.id]);
    await here.rows(
      `update halt set halted = true, by_person = 'johanna', reason = 'a look at it', at = now() where org = $1 and scope = 'agent/finance-analyst'`,
      [here.organization.id],
    ); // a halt by command would take the payment back itself
    await here.app.client.wrong(johanna, { id: paid.id, reason: WHY });
    const held = () => here.rows('select 1 from rollback where org = $1 and held', [here.organization.id]);
    await here.until('it waits for the halt', async () => (await held()).length === 1);
    expect((await here.app.client.rollback(operator, { id: paid.id })).steps).toMatchObject([{ state: 'next', compensation: null }]);
    await here.app.client.resume(johanna, { scope, reason: 'looked at it' });
    await here.until('the rollback has ended', async () => (await here.app.client.rollback(operator, { id: paid.id })).begun?.ended === true);
    expect((await here.app.client.rollback(operator, { id: paid.id })).steps).toMatchObject([{ state: 'undone' }]);
  } finally {
    await here.close();
  }
});

describe('a worker killed before and after each commit of a rollback undoes once', () => {
  const points = [
    { event: 'proposal.made', when: 'before' },
    { event: 'proposal.made', when: 'after' },
    { event: 'receipt.given', when: 'after' },
    { event: 'rollback.ended', when: 'before' },
  ] as const;
  test.concurrent.each(points)('$when $event', async (killAt) => {
    const here = await stage(inject('services'));
    try {
      await housekeeping(here.app.world, here.organization.id);
      const first = await here.worker();
      await reviewed(here, 'first');
      const gone = new Promise((resolve) => first.once('exit', resolve));
      first.kill('SIGKILL');
      await gone;
      const mortal = await here.worker({ killAt });
      const died = new Promise<string | null>((resolve) => mortal.once('exit', (_code, signal) => resolve(signal)));
      const paid = await here.task(bill(0));
      await here.app.client.wrong(await here.person('clara'), { id: paid.id, reason: WHY });
      expect(await died).toBe('SIGKILL');
      await here.worker();
      const card = () => here.app.client.rollback(operator, { id: paid.id });
      await here.until('the rollback has ended', async () => (await card()).begun?.ended === true);
      expect((await card()).steps).toMatchObject([{ state: 'undone' }]);
      const count = async (type: string, key: string) =>
        (
          await here.rows<{ n: number }>(`select count(*)::int n from event where org = $1 and type = $2 and header like '%' || $3 || '%'`, [
            here.organization.id,
            type,
            key,
          ])
        )[0]?.n;
      expect(await here.rows(`select 1 from proposal where org = $1 and tool = 'finance.withdraw_payment'`, [here.organization.id])).toHaveLength(1);
      expect(await count('payment.withdrawn', '')).toBe(1);
      expect(await count('rollback.ended', '')).toBe(1);
    } finally {
      await here.close();
    }
  });
});
