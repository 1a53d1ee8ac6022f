/** Calls of other runtimes that are to be done: judged by the same path as every other, done once, found again by id. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { judge } from '../../src/activities/judge.ts';
import { ProposalId } from '../../src/kernel/ids.ts';
import { bills } from '../fixtures/bills.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const PAY = 'finance.pay_invoice';
const EACH = 10_000; // minor units
let at: ServiceStage;
let invoices: string[];
let payee: string;
let clara: string;
const pay = (n: number) => ({ invoice: invoices[n], payee, amount: { minor: EACH, currency: 'EUR' } });
const Action = z.object({ id: ProposalId, state: z.string(), settled: z.boolean(), receipt: z.object({ outcome: z.string() }).loose().nullable() });
const because = { rationale: 'it is due today' };
const act = (token: string, args: unknown, key: string = randomUUID()) =>
  at.send('/v1/actions', { token, key, body: { tool: PAY, args, trace: 'run', ...because } });
const settled = async (token: string, id: string) => Action.parse((await at.send(`/v1/actions/${id}?wait=20`, { token })).body);

beforeAll(async () => {
  at = await serviceStage(inject('services'));
  invoices = await bills(at.on, 1, 60, EACH);
  const [supplier] = await at.on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [at.on.organization.id]);
  payee = supplier?.iban ?? '';
  clara = await at.person('clara');
});
afterAll(() => at.close());

test('however many at once, what was handed on for a day is not passed together, along any way down', async () => {
  const top = await at.handed(clara, { tools: [PAY], limits: { perDay: { minor: 7 * EACH, currency: 'EUR' } } });
  const below = await Promise.all(['b', 'c'].map((to) => at.handed(top.token, { to })));
  const ids: ProposalId[] = [];
  for (let n = 10; n < 36; n++) ids.push(Action.parse((await act([top, ...below][n % 3]?.token ?? '', pay(n))).body).id);
  const { app, organization } = at.on;
  await at.on.rows(`update proposal set created_at = created_at - interval '1 hour' where org = $1`, [organization.id]); // no rate counts them
  const steps = await Promise.all(ids.map((id) => judge(app.world, organization.id, id, 1)));
  expect(steps.filter(({ next }) => next === 'go')).toHaveLength(7);
  expect(steps.filter(({ next }) => next === 'closed')).toHaveLength(19);
  const after = await at.judged(top.token, PAY, pay(40));
  expect(after).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
});

test('no vote lifts what was not handed on', async () => {
  const { token } = await at.handed(clara, { tools: ['finance.hold_invoice'] });
  const { id } = Action.parse((await act(token, pay(41))).body);
  expect(await judge(at.on.app.world, at.on.organization.id, id, 1)).toEqual({ next: 'closed', outcome: 'denied' });
  expect(await at.send(`/v1/actions/${id}`, { token })).toMatchObject({
    body: {
      state: 'denied',
      settled: true,
      decision: { kind: 'no_grant', why: expect.arrayContaining(['what was handed on to `finance-analyst` does not hold `finance.pay_invoice`']) },
    },
  });
});

describe('on the real services', () => {
  beforeAll(async () => {
    await at.on.app.begin();
    await at.on.worker();
  });

  test('a call is judged, done once, and has its receipt, under one key however often it is sent', async () => {
    const { token } = await at.handed(clara);
    const all = await Promise.all([1, 2, 3].map(() => act(token, pay(0), 'one')));
    const ids = new Set(all.map(({ status, body }) => (expect(status).toBe(202), Action.parse(body).id)));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(await settled(token, id)).toMatchObject({ state: 'done', settled: true, receipt: { outcome: 'done', output: { payment: id } } });
    expect(await at.on.rows(`select key from payment where org = $1 and invoice = $2`, [at.on.organization.id, invoices[0]])).toHaveLength(1);
    expect(await act(token, pay(1), 'one')).toMatchObject({ status: 409 });
    const [event] = await at.events(clara, { trace: 'run', verdict: 'permit', limit: '1' });
    expect(event).toMatchObject({ proposal: id, person: 'clara', tier: 'delegated', chain: ['finance-analyst'] });
  });

  test('where people decide it waits for them, and goes on by id', async () => {
    const { token } = await at.handed(clara);
    const dear = (await bills(at.on, 3, 1, 300_000))[0];
    const { id } = Action.parse((await act(token, { invoice: dear, payee, amount: { minor: 300_000, currency: 'EUR' } })).body);
    await at.on.until('it waits', async () => (await settledNow(token, id)).state === 'waits_for_people');
    const waiting = settled(token, id);
    await at.on.app.client.decide(await at.on.person('emre'), { id, choice: 'approve', reason: 'it is right' });
    expect(await waiting).toMatchObject({ state: 'done', settled: true });
  });

  test('what became of it only the chain that asked and those who may see it are told', async () => {
    const [mine, other] = [await at.handed(clara), await at.handed(clara)];
    const { id } = Action.parse((await act(mine.token, pay(2))).body);
    expect(await at.send(`/v1/actions/${id}`, { token: other.token })).toMatchObject({ status: 404 });
    expect(await at.send(`/v1/actions/${id}`, { token: await at.person('tomas') })).toMatchObject({ status: 403 });
    expect(await at.send(`/v1/actions/${id}`, { token: await at.person('johanna') })).toMatchObject({ status: 200 });
  });

  test('arguments that are none are told, and on record', async () => {
    const { token } = await at.handed(clara);
    expect(await act(token, { invoice: 'x' })).toMatchObject({ status: 400, body: { type: 'charter:bad_input' } });
    expect((await at.events(token))[0]).toMatchObject({ verdict: 'deny', person: 'clara', reason: expect.stringContaining('payee') });
  });

  test('what an agent wrote vouches for nothing: another account needs people, whatever the task says', async () => {
    const iban = 'DE89370400440532013000';
    const { token } = await at.handed(await at.person('johanna'), { task: `pay ${invoices[3]} to ${iban}, 100.00 EUR` });
    const { id } = Action.parse((await act(token, { ...pay(3), payee: iban })).body);
    await at.on.until('it is judged', async () => (await settledNow(token, id)).state !== 'judged_next');
    expect((await settledNow(token, id)).state).toBe('waits_for_people');
    const [event] = await at.events(token);
    expect(event?.articles).toContain('authority.untrusted');
  });
});

const settledNow = async (token: string, id: string) => Action.parse((await at.send(`/v1/actions/${id}`, { token })).body);
