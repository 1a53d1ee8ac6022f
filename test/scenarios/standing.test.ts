/** Who has no standing in a domain does nothing in it by their own word: not alone, and not through an agent. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Caller, TaskCard } from '../../src/client.ts';
import { PersonId } from '../../src/kernel/ids.ts';
import { judge } from '../../src/activities/judge.ts';
import type { JsonObject } from '../../src/kernel/nouns.ts';
import { bills, propose as proposePayment } from '../fixtures/bills.ts';
import { reviewed, stage, type Stage } from '../fixtures/stage.ts';

let on: Stage;
const operator: Caller = { kind: 'operator' };
beforeAll(async () => {
  on = await stage(inject('services'));
  await on.app.begin();
  await on.worker();
  await reviewed(on, 'first');
});
afterAll(() => on.close());

async function proposed(person: string, tool: string, args: JsonObject): Promise<TaskCard> {
  const { id } = await on.app.client.propose(await on.person(person), { tool, args, reason: 'because I can', message: randomUUID() });
  await on.until('it is judged', async () => {
    const { outcome, waits } = await on.app.client.task(operator, { id });
    return outcome !== null || waits;
  });
  return on.app.client.task(operator, { id });
}
const needs = (task: TaskCard) => task.decision?.articles.map(({ id }) => id);
const instructed = async (): Promise<string> => {
  const [payment] = await on.rows<{ key: string }>(`select key from payment where org = $1 and state = 'instructed' order by key limit 1`, [
    on.organization.id,
  ]);
  return payment?.key ?? '';
};

test('whoever answers for nothing takes back no payment; finance may let it be taken back', async () => {
  const payment = await instructed();
  const task = await proposed('greta', 'finance.withdraw_payment', { payment, reason: 'because I can' });
  expect(task).toMatchObject({ outcome: null, waits: true });
  expect(needs(task)).toEqual(['authority.standing.finance']);
  await expect(on.app.client.decide(await on.person('greta'), { id: task.id, choice: 'approve', reason: '' })).rejects.toMatchObject({ code: 'not_eligible' });
  await on.app.client.decide(await on.person('clara'), { id: task.id, choice: 'approve', reason: '' });
  await on.until('it is taken back', async () => (await on.app.client.task(operator, { id: task.id })).outcome === 'done');
});

test('whoever answers for nothing stops no supplier', async () => {
  const task = await proposed('greta', 'compliance.hold', { supplier: 'S-001', reason: 'because I can' });
  expect(task).toMatchObject({ outcome: null, waits: true });
  expect(needs(task)).toEqual(['authority.standing.compliance']);
});

describe('in finance, what needs nobody is done for', () => {
  test.each([
    ['who has the role', 'clara'],
    ['the owner', 'johanna'],
    ['who has authority declared', 'paul'],
  ])('%s', async (_who, person) => {
    expect(await proposed(person, 'finance.withdraw_payment', { payment: await instructed(), reason: 'it is not due' })).toMatchObject({
      outcome: 'done',
      votes: [],
    });
  });
  test('but not for who answers for another domain', async () => {
    const task = await proposed('nadia', 'finance.withdraw_payment', { payment: await instructed(), reason: 'it is not due' });
    expect(needs(task)).toEqual(['authority.standing.finance']);
  });
});

describe('what an agent does for a person', () => {
  const asked = async (batch: number, person: string, minor: number) => {
    const [invoice = ''] = await bills(on, batch, 1, minor);
    const id = await proposePayment(on, invoice, minor, PersonId.parse(person));
    await judge(on.app.world, on.organization.id, id, 1);
    return on.app.client.task(operator, { id });
  };
  test('needs finance where the person has no standing in it', async () =>
    expect(needs(await asked(1, 'greta', 10_000))).toContain('authority.standing.finance'));
  test('keeps within that person’s own authority, though the agent’s is wider', async () => {
    await on.rows(`update person set authority = jsonb_set(authority, '{finance,perDay}', '900000000') where org = $1 and person = 'paul'`, [
      on.organization.id,
    ]);
    expect((await asked(2, 'paul', 50_000)).decision?.verdict).toBe('permit');
    expect(needs(await asked(3, 'paul', 50_001))).toEqual(['finance.call']);
  });
  test('and within none where the person was given none', async () => {
    await on.rows(`update person set authority = '{}' where org = $1 and person = 'clara'`, [on.organization.id]);
    expect(needs(await asked(4, 'clara', 100))).toEqual(['finance.call', 'finance.day']);
  });
});

test('what a person writes into a call is stated where that person has standing in the domain, and nowhere else', async () => {
  const [invoice = ''] = await bills(on, 5, 1, 10_000);
  await on.rows('update invoice set matched = false where org = $1 and id = $2', [on.organization.id, invoice]); // no record vouches for its amount
  const args = { invoice, payee: 'DE02120300000000202051', amount: { minor: 10_000, currency: 'EUR' } };
  expect(needs(await proposed('greta', 'finance.pay_invoice', args))).toContain('authority.untrusted');
  expect(needs(await proposed('clara', 'finance.pay_invoice', args))).not.toContain('authority.untrusted');
});
