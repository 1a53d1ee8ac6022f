/** The gate for runtimes that are not ours: who calls is known from the token, and a chain of them only ever narrows. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { bills } from '../fixtures/bills.ts';
import { inHours, serviceStage, type Handed, type ServiceStage } from '../fixtures/service.ts';

const PAY = 'finance.pay_invoice';
const EACH = 10_000; // minor units
let at: ServiceStage;
let invoices: string[];
let large: string[]; // twice as much each
let payee: string;
let clara: string;
const pay = (n: number) => ({ invoice: invoices[n], payee, amount: { minor: EACH, currency: 'EUR' } });
const payLarge = (n: number) => ({ invoice: large[n], payee, amount: { minor: 2 * EACH, currency: 'EUR' } });

beforeAll(async () => {
  at = await serviceStage(inject('services'));
  invoices = await bills(at.on, 1, 40, EACH);
  large = await bills(at.on, 2, 5, 2 * EACH);
  const [supplier] = await at.on.rows<{ iban: string }>(`select iban from supplier where org = $1 and id = 'S-001'`, [at.on.organization.id]);
  payee = supplier?.iban ?? '';
  clara = await at.person('clara');
});
afterAll(() => at.close());

describe('nobody is nobody:', () => {
  const body = { tool: PAY, args: {} };
  test.each([
    ['without a token', undefined],
    ['with a token of nobody', 'made-up'],
  ])('a call %s is refused, and on record', async (_how, token) => {
    const johanna = await at.person('johanna');
    const before = (await at.events(johanna, { verdict: 'deny' })).length;
    const { status, headers, body: said } = await at.send('/v1/decisions', { body, ...(token === undefined ? {} : { token }) });
    expect(status).toBe(401);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(said).toMatchObject({ type: token === undefined ? 'charter:token_missing' : 'charter:token_unknown' });
    const after = await at.events(johanna, { verdict: 'deny' });
    expect(after).toHaveLength(before + 1);
    expect(after[0]).toMatchObject({ person: null, agent: null, tier: null, verdict: 'deny', organization: at.on.organization.id });
  });
  test('a person alone is no agent: their own token judges no call', async () => {
    expect(await at.send('/v1/decisions', { token: clara, body })).toMatchObject({ status: 401 });
  });
  test('a delegation opens nothing else', async () => {
    const { token } = await at.handed(clara);
    expect(await at.send('/v1/inbox', { token, body: { all: true } })).toMatchObject({ status: 403, body: { type: 'charter:token_unknown' } });
  });
  test('who calls is not taken from the body', async () => {
    const { token } = await at.handed(clara);
    expect(await at.send('/v1/decisions', { token, body: { ...body, person: 'johanna' } })).toMatchObject({ status: 400 });
  });
});

test('a decision is an event with time, organization, person, agent, chain, tier, tool, verdict, reason, articles and trace', async () => {
  const first = await at.handed(clara, { tier: 'interactive' });
  const second = await at.handed(first.token, { to: 'payer' });
  const asked = Date.now();
  const { event, verdict } = await at.judged(second.token, PAY, pay(0), { trace: 'run-1' });
  const [found, ...more] = await at.events(clara, { trace: 'run-1' });
  expect(Date.now() - asked).toBeLessThan(1_000);
  expect(more).toEqual([]);
  expect(found).toEqual({
    ...{ id: event, organization: at.on.organization.id, person: 'clara', agent: 'finance-analyst', chain: ['finance-analyst', 'payer'], tier: 'delegated' },
    ...{ tool: PAY, verdict, reason: '', articles: [expect.any(String)], trace: 'run-1', proposal: null, at: expect.any(String) },
  });
  expect(verdict).toBe('permit');
});

test('a denial is an event, and so is a call of a tool that is none, with what was wrong', async () => {
  const { token } = await at.handed(clara);
  expect(await at.judged(token, 'finance.print_money', {}, { trace: 'run-2' })).toMatchObject({ verdict: 'deny', kind: 'malformed' });
  expect(await at.judged(token, PAY, { invoice: 'x' }, { trace: 'run-2' })).toMatchObject({ verdict: 'deny', kind: 'malformed' });
  const found = await at.events(clara, { trace: 'run-2', verdict: 'deny' });
  expect(found.map(({ tool }) => tool)).toEqual([PAY, 'finance.print_money']);
});

describe('what is handed on is never more than one has:', () => {
  const wide = { tools: [PAY, 'finance.hold_invoice', 'compliance.hold'], limits: { perCall: { minor: 900_000, currency: 'EUR' } } };
  const narrow = { tools: [PAY], limits: { perCall: { minor: EACH, currency: 'EUR' }, perDay: { minor: 2 * EACH, currency: 'EUR' } } };
  const hold = () => ({ invoice: invoices[1], reason: 'it looks odd' });
  test('a worker with a narrow task does not use the wider rights of its person', async () => {
    const all = await at.handed(clara);
    const few = await at.handed(clara, narrow);
    const { kind: allowed } = await at.judged(all.token, 'finance.get_invoice', { invoice: invoices[1], today: '2026-03-02' });
    expect(allowed).toBe('permitted');
    expect(await at.judged(few.token, 'finance.get_invoice', { invoice: invoices[1], today: '2026-03-02' })).toMatchObject({
      verdict: 'deny',
      kind: 'no_grant',
    });
    expect(await at.judged(few.token, PAY, pay(1))).toMatchObject({ verdict: 'permit' });
    expect(await at.judged(all.token, PAY, payLarge(0))).toMatchObject({ verdict: 'permit' });
    expect(await at.judged(few.token, PAY, payLarge(0))).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
  });
  test('asked wider, it is the same; and the one who asked reads what it came to', async () => {
    const few = await at.handed(clara, narrow);
    const wider = await at.handed(few.token, { to: 'greedy', ...wide });
    expect(wider.tools).toEqual([PAY]);
    expect(wider.chain).toEqual(['finance-analyst', 'greedy']);
    expect(await at.judged(wider.token, 'finance.hold_invoice', hold())).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
    expect(await at.judged(wider.token, PAY, payLarge(0))).toMatchObject({
      verdict: 'deny',
      kind: 'no_grant',
      why: expect.arrayContaining([`what was handed on to \`finance-analyst\` is at most ${EACH} in minor units for one call; this is ${2 * EACH}`]),
    });
  });
  test('a chain keeps its narrowest link, wherever it stands', async () => {
    const links = [narrow, {}, wide];
    let token = clara;
    for (const [n, link] of links.entries()) token = (await at.handed(token, { ...link, ...(n === 0 ? {} : { to: `hop-${n}` }) })).token;
    expect(await at.judged(token, PAY, pay(2))).toMatchObject({ verdict: 'permit' });
    expect(await at.judged(token, 'finance.hold_invoice', hold())).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
    expect(await at.judged(token, PAY, payLarge(0))).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
  });
  test('the fourth hop is one too many for any call', async () => {
    let token = clara;
    const made: Handed[] = [];
    for (const to of ['finance-analyst', 'b', 'c', 'd']) {
      made.push(await at.handed(token, { to }));
      token = made.at(-1)?.token ?? '';
    }
    const [third, fourth] = [await at.judged(made[2]?.token ?? '', PAY, pay(2)), await at.judged(token, PAY, pay(2))];
    expect(third.verdict).toBe('permit');
    expect(fourth).toMatchObject({ verdict: 'deny', articles: [{ id: 'replication.chain' }] });
  });
  test('chains beside one another do not mix', async () => {
    const [left, right] = [await at.handed(clara, { tools: [PAY] }), await at.handed(clara, { tools: ['finance.hold_invoice'] })];
    expect((await at.judged(left.token, PAY, pay(3))).verdict).toBe('permit');
    expect((await at.judged(right.token, PAY, pay(3))).verdict).toBe('deny');
    await at.send(`/v1/delegations/${left.id}`, { method: 'DELETE', token: clara });
    expect(await at.send('/v1/decisions', { token: left.token, body: { tool: PAY, args: pay(3) } })).toMatchObject({ status: 401 });
    expect((await at.judged(right.token, 'finance.hold_invoice', hold())).kind).not.toBe('no_grant');
  });
  test('a refusal changes nothing of the chain', async () => {
    const { token } = await at.handed(clara, narrow);
    expect((await at.judged(token, PAY, payLarge(1))).verdict).toBe('deny');
    expect((await at.judged(token, PAY, pay(4))).verdict).toBe('permit');
  });
  test('it comes no nearer to a person', async () => {
    const far = await at.handed(clara, { tier: 'background' });
    expect(await at.handed(far.token, { to: 'b', tier: 'interactive' })).toMatchObject({ tier: 'background' });
  });
});

describe('a chain ends', () => {
  test.each([
    ['with its first link', async (first: Handed) => void (await at.send(`/v1/delegations/${first.id}`, { method: 'DELETE', token: clara }))],
    [
      'when its time is over',
      async (first: Handed) =>
        void (await at.on.rows(`update delegation set expires_at = now() where org = $1 and id = $2`, [at.on.organization.id, first.id])),
    ],
  ])('%s', async (_when, end) => {
    const first = await at.handed(clara);
    const second = await at.handed(first.token, { to: 'b' });
    expect((await at.judged(second.token, PAY, pay(5))).verdict).toBe('permit');
    await end(first);
    expect(await at.send('/v1/decisions', { token: second.token, body: { tool: PAY, args: pay(5) } })).toMatchObject({ status: 401 });
  });
  test('with the token that it began with', async () => {
    const greta = await at.person('greta');
    const { token } = await at.handed(greta);
    await at.on.app.client.revoke_token({ kind: 'operator' }, { what: 'greta' });
    expect(await at.send('/v1/decisions', { token, body: { tool: PAY, args: pay(5) } })).toMatchObject({ status: 401 });
  });
  test('by its person, an owner, or whoever stands above it, and nobody else', async () => {
    const first = await at.handed(clara);
    const second = await at.handed(first.token, { to: 'b' });
    const end = (id: string, token: string) => at.send(`/v1/delegations/${id}`, { method: 'DELETE', token });
    expect(await end(first.id, await at.person('emre'))).toMatchObject({ status: 403 });
    expect(await end(first.id, second.token)).toMatchObject({ status: 403 });
    expect(await end(second.id, first.token)).toMatchObject({ status: 200, body: { ended: [second.id] } });
    expect(await end(first.id, await at.person('johanna'))).toMatchObject({ status: 200, body: { ended: [first.id] } });
  });
});

describe('under one key', () => {
  const body = () => ({ to: 'finance-analyst', task: 'settle what is due', expires: inHours(2) });
  test('one thing is handed on, with one token', async () => {
    const asked = body();
    const [one, two] = [
      await at.send('/v1/delegations', { token: clara, key: 'k-1', body: asked }),
      await at.send('/v1/delegations', { token: clara, key: 'k-1', body: asked }),
    ];
    expect(one.status).toBe(201);
    expect(two.body).toEqual(one.body);
    expect(await at.send('/v1/delegations', { token: clara, key: 'k-1', body: { ...asked, task: 'something else' } })).toMatchObject({ status: 409 });
  });
  test('one call is judged, once', async () => {
    const { token } = await at.handed(clara);
    const asked = { tool: PAY, args: pay(6), trace: 'run-once' };
    const all = await Promise.all([1, 2, 3].map(() => at.send('/v1/decisions', { token, key: 'k-2', body: asked })));
    expect(new Set(all.map(({ body: said }) => JSON.stringify(said))).size).toBe(1);
    expect(await at.events(clara, { trace: 'run-once' })).toHaveLength(1);
    expect(await at.send('/v1/decisions', { token, key: 'k-2', body: { ...asked, args: pay(7) } })).toMatchObject({ status: 409 });
  });
});

describe('of calls each reads what is theirs:', () => {
  test('who has nothing to do with finance sees none of its calls; whoever it was made for does', async () => {
    const { token } = await at.handed(clara);
    await at.judged(token, PAY, pay(8), { trace: 'run-seen' });
    expect(await at.events(await at.person('tomas'), { trace: 'run-seen' })).toEqual([]);
    expect(await at.events(await at.person('johanna'), { trace: 'run-seen' })).toHaveLength(1);
  });
  test('a worker sees what was called on its own task, and below it', async () => {
    const [mine, other] = [await at.handed(clara), await at.handed(clara)];
    const below = await at.handed(mine.token, { to: 'b' });
    for (const { token } of [mine, other, below]) await at.judged(token, PAY, pay(9), { trace: 'run-own' });
    expect((await at.events(mine.token, { trace: 'run-own' })).map(({ chain }) => chain)).toEqual([['finance-analyst', 'b'], ['finance-analyst']]);
    expect(await at.events(below.token, { trace: 'run-own' })).toHaveLength(1);
  });
});
