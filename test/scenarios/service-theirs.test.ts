/** Calls whose tool is the caller's own: a warrant once, after one more judgment, with the intent on record before it is used. */
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, inject, test } from 'vitest';
import { deriveId, ProposalId } from '../../src/kernel/ids.ts';
import { createClient, interrupting } from '../../src/package/client.ts';
import { withCrm } from '../fixtures/crm.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const Action = z.object({ id: ProposalId, state: z.string(), settled: z.boolean() });
const Fetched = Action.extend({ warrant: z.string().nullable(), again: z.boolean() });
let at: ServiceStage;
let johanna: string;

beforeAll(async () => {
  at = await serviceStage(inject('services'));
  await withCrm(at.on);
  await at.on.app.begin();
  await at.on.worker();
  johanna = await at.person('johanna');
});
afterAll(() => at.close());

const NOTE = { to: 'sam@customer.example', body: 'Your offer is ready.' };
const handed = (task = 'see to the offers') => at.handed(johanna, { to: 'operations-coordinator', task });
const now = async (token: string, id: string) => Action.parse((await at.send(`/v1/actions/${id}`, { token })).body);
const fetched = async (token: string, id: string) => Fetched.parse((await at.send(`/v1/actions/${id}/warrant`, { method: 'POST', token })).body);
const posted = (token: string, id: string, output: object) => at.send(`/v1/actions/${id}/receipt`, { token, body: { outcome: 'done', output } });
async function asked(token: string, tool: string, args: object, state: string): Promise<ProposalId> {
  const { body } = await at.send('/v1/actions', { token, key: randomUUID(), body: { tool, args, rationale: 'the customer waits for it' } });
  const { id } = Action.parse(body);
  await at.on.until('it is judged', async () => (await now(token, id)).state !== 'judged_next');
  const { body: came } = await at.send(`/v1/actions/${id}`, { token });
  expect(came, JSON.stringify(came)).toMatchObject({ state });
  return id;
}
const intents = (id: string) => at.on.rows(`select warrant from intent where org = $1 and proposal = $2`, [at.on.organization.id, id]);

test('a permitted call is handed over once, with its intent on record first, and closed by its receipt', async () => {
  const { token } = await handed();
  const id = await asked(token, 'crm.get_offers', {}, 'permitted');
  expect(await intents(id)).toEqual([]);
  expect(await posted(token, id, {})).toMatchObject({ status: 400, body: { type: 'charter:not_open' } });
  const all = await Promise.all([1, 2, 3].map(() => fetched(token, id)));
  expect(new Set(all.map(({ warrant }) => warrant)).size).toBe(1);
  expect(all[0]?.warrant).toMatch(/^ey/);
  expect(all.filter(({ again }) => !again)).toHaveLength(1);
  expect(await intents(id)).toHaveLength(1);
  expect(await posted(token, id, { offers: 3 })).toMatchObject({
    status: 200,
    body: { state: 'done', settled: true, receipt: { outcome: 'done', output: { offers: 3 } } },
  });
  expect(await posted(token, id, { offers: 3 })).toMatchObject({ status: 200 });
  expect(await posted(token, id, { offers: 4 })).toMatchObject({ status: 409 });
});

test('an intent that somebody wrote past us hands nothing over and takes no receipt', async () => {
  const { token } = await handed();
  const id = await asked(token, 'crm.get_offers', {}, 'permitted');
  const { organization } = at.on;
  const [event] = await at.on.rows<{ id: string }>(`select id from event where org = $1 and type = 'intent.committed' limit 1`, [organization.id]);
  await at.on.rows('insert into intent (org, proposal, warrant, event, at) values ($1, $2, $3, $4, now())', [
    organization.id,
    id,
    deriveId('wrt', [id]),
    event?.id,
  ]);
  expect(await at.send(`/v1/actions/${id}/warrant`, { method: 'POST', token })).toMatchObject({ status: 400, body: { type: 'charter:not_open' } });
  expect(await posted(token, id, { offers: 3 })).toMatchObject({ status: 400, body: { type: 'charter:not_open' } });
  expect(await at.on.rows('select 1 from receipt where org = $1 and proposal = $2', [organization.id, id])).toEqual([]);
});

test('where people decide the warrant waits for them, and is there after however long', async () => {
  const { token } = await at.handed(await at.person('paul'), { to: 'operations-coordinator', task: 'see to the offers' });
  const id = await asked(token, 'crm.send_note', NOTE, 'waits_for_people');
  expect(await fetched(token, id)).toMatchObject({ warrant: null, state: 'waits_for_people' });
  const { decision, may } = await at.on.app.client.task({ kind: 'operator' }, { id });
  expect(decision?.needs.map(({ role }) => role)).toContain('manager');
  for (const { person } of may)
    await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' }).catch(() => undefined);
  await at.on.until('it is permitted', async () => (await now(token, id)).state !== 'waits_for_people');
  expect((await now(token, id)).state).toBe('permitted');
  expect((await fetched(token, id)).warrant).toMatch(/^ey/);
});

test('a halt between the permit and the warrant stops it', async () => {
  const { token } = await handed();
  const id = await asked(token, 'crm.get_offers', {}, 'permitted');
  const owner = await at.on.person('johanna');
  const scope = { kind: 'agent', agent: 'operations-coordinator' } as const;
  await at.on.app.client.halt(owner, { scope, reason: 'stop it all' });
  expect(await fetched(token, id)).toMatchObject({ warrant: null, state: 'halted', settled: true });
  await at.on.app.client.resume(owner, { scope, reason: 'go on' });
});

test('a chain that ended fetches nothing', async () => {
  const first = await handed();
  const second = await at.handed(first.token, { to: 'b' });
  const id = await asked(second.token, 'crm.get_offers', {}, 'permitted');
  await at.send(`/v1/delegations/${first.id}`, { method: 'DELETE', token: johanna });
  expect(await at.send(`/v1/actions/${id}/warrant`, { method: 'POST', token: second.token })).toMatchObject({ status: 401 });
  expect(await intents(id)).toEqual([]);
});

test('a narrow task does not reach the tool of another', async () => {
  const { token } = await at.handed(johanna, { to: 'operations-coordinator', tools: ['crm.send_note'] });
  await asked(token, 'crm.get_offers', {}, 'denied');
  expect(await at.judged(token, 'crm.get_offers', {})).toMatchObject({ verdict: 'deny', kind: 'no_grant' });
});

describe('the client', () => {
  const ran: string[] = [];
  const noted = {
    name: 'crm.send_note',
    input: z.object({ to: z.string(), body: z.string() }),
    run: ({ to }: { to: string }) => Promise.resolve({ sent: ran.push(to) }),
  };
  const offers = { name: 'crm.get_offers', input: z.object({}), run: () => Promise.resolve({ offers: ran.push('offers') }) };
  const call = () => ({ key: randomUUID(), rationale: 'the customer waits for it' });
  beforeEach(() => void ran.splice(0));

  test('runs what is permitted, once, and its receipt is on record', async () => {
    const charter = createClient({ url: at.url, token: (await handed()).token });
    const once = { ...call(), trace: 'by-client' };
    expect(await charter.governed(offers)({}, once)).toEqual({ offers: 1 });
    await expect(charter.governed(offers)({}, once)).rejects.toMatchObject({ code: 'fetched_before' });
    expect(ran).toEqual(['offers']);
    const [event] = await at.events(johanna, { trace: 'by-client', limit: '1' });
    expect(await charter.action(event?.proposal ?? '')).toMatchObject({ state: 'done', receipt: { outcome: 'done', output: { offers: 1 } } });
  });

  test('does not run what waits for people, and goes on under the same key', async () => {
    const charter = createClient({ url: at.url, token: (await at.handed(await at.person('paul'), { to: 'operations-coordinator' })).token });
    const once = call();
    const waits = await charter
      .governed(noted)(NOTE, { ...once, waitMs: 1_000 })
      .catch((error: unknown) => error);
    expect(waits).toMatchObject({ code: 'waiting', action: expect.any(String) });
    expect(ran).toEqual([]);
    const { action: id } = z.object({ action: ProposalId }).parse(waits);
    const later = charter.governed(noted)(NOTE, once);
    for (const person of ['viktor', 'johanna'])
      await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' });
    expect(await later).toEqual({ sent: 1 });
  });

  test('does not run what is denied', async () => {
    const charter = createClient({ url: at.url, token: (await at.handed(johanna, { to: 'operations-coordinator', tools: ['crm.get_offers'] })).token });
    await expect(charter.governed(noted)(NOTE, call())).rejects.toMatchObject({ code: 'denied' });
    expect(ran).toEqual([]);
  });

  test.each([
    ['a timeout', () => new Promise<Response>((_, reject) => setTimeout(() => reject(new DOMException('too late', 'TimeoutError')), 10))],
    ['a 500', () => Promise.resolve(new Response('{}', { status: 500 }))],
    ['a 503 that speaks of a permit', () => Promise.resolve(new Response('{"verdict":"permit","why":[],"event":"e","state":"permitted"}', { status: 503 }))],
    ['somebody else who answers 200', () => Promise.resolve(new Response('<html>welcome</html>'))],
  ])('runs nothing at %s', async (_what, answer) => {
    const charter = createClient({ url: at.url, token: 'any', fetch: answer });
    await expect(charter.governed(offers)({}, call())).rejects.toMatchObject({ code: 'unreachable' });
    await expect(charter.decide('crm.get_offers', {})).rejects.toMatchObject({ code: 'unreachable' });
    expect(ran).toEqual([]);
  });

  test('a tool that fails is a receipt that says so', async () => {
    const charter = createClient({ url: at.url, token: (await handed()).token });
    const failing = { ...offers, run: () => Promise.reject(new Error('the CRM is closed')) };
    const failed = await charter
      .governed(failing)({}, call())
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'failed', message: 'the CRM is closed' });
    expect(await charter.action(z.object({ action: z.string() }).parse(failed).action)).toMatchObject({ state: 'failed', receipt: { code: 'tool_failed' } });
  });

  test('a wrong argument does not compile', () => {
    const send = createClient({ url: at.url, token: 'any' }).governed(noted);
    expectTypeOf(send).parameter(0).toEqualTypeOf<{ to: string; body: string }>();
    expectTypeOf(send).returns.resolves.toEqualTypeOf<{ sent: number }>();
    // @ts-expect-error: `too` is no argument of it
    const wrong = () => send({ too: 'x', body: 'y' }, call());
    // @ts-expect-error: a call without a key could be made twice
    const keyless = () => send({ to: 'x', body: 'y' }, { rationale: 'because' });
    expect([wrong, keyless]).toHaveLength(2);
  });
});

test('a graph whose human interrupt is a task goes on when people decided, and not before', async () => {
  const charter = createClient({ url: at.url, token: (await at.handed(await at.person('paul'), { to: 'operations-coordinator' })).token });
  const ran: string[] = [];
  const send = interrupting(
    charter.governed({
      name: 'crm.send_note',
      input: z.object({ to: z.string(), body: z.string() }),
      run: ({ to }) => Promise.resolve({ sent: ran.push(to) }),
    }),
    interrupt,
  );
  const State = Annotation.Root({ sent: Annotation<number> });
  const graph = new StateGraph(State)
    .addNode('note', (_state, { configurable }) => send(NOTE, { key: z.string().parse(configurable?.['thread_id']), rationale: 'the customer waits for it' }))
    .addEdge(START, 'note')
    .addEdge('note', END)
    .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: randomUUID() } };
  const waitsFor = async () => {
    const { tasks } = await graph.getState(thread);
    return z.object({ charter: ProposalId }).parse(tasks[0]?.interrupts.at(-1)?.value).charter;
  };
  await graph.invoke({ sent: 0 }, thread);
  const id = await waitsFor();
  await graph.invoke(new Command({ resume: 'is it decided?' }), thread);
  expect(await waitsFor()).toBe(id);
  expect(ran).toEqual([]);
  for (const person of ['viktor', 'johanna']) await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' });
  await at.on.until('it is permitted', async () => (await charter.action(id)).state === 'permitted');
  expect(await graph.invoke(new Command({ resume: 'it is' }), thread)).toEqual({ sent: 1 });
  expect(await charter.action(id)).toMatchObject({ state: 'done' });
});
