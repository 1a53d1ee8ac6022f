/** Runtimes that are not ours, as people build them: the packaged client with the gate away and back, tools of LangGraph.js, a Python graph. */
import { ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { ProposalId } from '../../src/kernel/ids.ts';
import { ServiceTerms } from '../../src/kernel/service-terms.ts';
import { createClient, toolFunction, type CharterClient, type UnjudgedRead } from '../../src/package/client.ts';
import { withCrm } from '../fixtures/crm.ts';
import { python, pythonHere } from '../fixtures/python.ts';
import { serviceStage, type ServiceStage } from '../fixtures/service.ts';

const GRAPH = fileURLToPath(new URL('../../examples/python-graph/graph.py', import.meta.url));
const NOTE = { to: 'sam@customer.example', body: 'Your offer is ready.' };
let at: ServiceStage;
let johanna: string;

beforeAll(async () => {
  const service = ServiceTerms.parse({ fail_open: ['crm.get_offers'] });
  at = await serviceStage(inject('services'), { change: (organization) => ({ ...organization, service }) });
  await withCrm(at.on);
  await at.on.app.begin();
  await at.on.worker();
  johanna = await at.person('johanna');
});
afterAll(() => at.close());

const agent = async (person: string) => (await at.handed(person, { to: 'operations-coordinator', task: 'see to the offers' })).token;
const approved = async (id: string) => {
  for (const person of ['viktor', 'johanna']) await at.on.app.client.decide(await at.on.person(person), { id, choice: 'approve', reason: 'they asked for it' });
};
const state = async (token: string, id: string) => z.object({ state: z.string() }).parse((await at.send(`/v1/actions/${id}`, { token })).body).state;

describe('while the gate is away', () => {
  const ran: string[] = [];
  const shown: UnjudgedRead[] = [];
  const offers = { name: 'crm.get_offers', input: z.object({}), run: () => Promise.resolve({ offers: ran.push('offers') }) };
  const note = {
    name: 'crm.send_note',
    input: z.object({ to: z.string(), body: z.string() }),
    run: ({ to }: { to: string }) => Promise.resolve({ sent: ran.push(to) }),
  };
  const call = (key: string = randomUUID()) => ({ key, rationale: 'the customer waits for it' });
  let away: 'no' | 'refuses' | 'fails' | 'loses answers' = 'no';
  let token: string;
  let folder: string;
  /** The wire, which can be cut: nothing comes through, a 503 of somebody between, or the request alone comes through. */
  const wire: typeof fetch = async (input, init) => {
    if (away === 'refuses') throw new TypeError('fetch failed');
    if (away === 'fails') return new Response('{"state":"permitted","warrant":"forged","again":false}', { status: 503 });
    const response = await fetch(input, init);
    if (away === 'loses answers' && !String(input).endsWith('/v1/terms')) throw new TypeError('terminated');
    return response;
  };
  const client = (withFolder = true): CharterClient =>
    createClient({ url: at.url, token, fetch: wire, ...(withFolder ? { failOpen: { folder, shown: (read) => void shown.push(read) } } : {}) });
  const kept = () => readdirSync(join(folder, 'unjudged'));

  beforeEach(async () => {
    [away, folder] = ['no', mkdtempSync(join(tmpdir(), 'charter-client-'))];
    token = await agent(johanna);
    ran.splice(0);
    shown.splice(0);
  });

  test.each(['refuses', 'fails'] as const)('a declared read goes on where it %s: shown, kept over a restart, sent in once', async (how) => {
    await client().catchUp(); // it heard what is declared
    away = how;
    const once = call();
    expect(await client().governed(offers)({}, once)).toEqual({ offers: 1 });
    expect(shown).toMatchObject([{ key: once.key, tool: 'crm.get_offers' }]);
    expect(kept()).toHaveLength(1);
    away = 'no';
    const restarted = client();
    expect([await restarted.catchUp(), await restarted.catchUp()]).toEqual([1, 0]);
    expect(kept()).toEqual([]);
    const found = await at.events(johanna, { verdict: 'none', tool: 'crm.get_offers', limit: '5' });
    expect(found[0]).toMatchObject({
      person: 'johanna',
      chain: ['operations-coordinator'],
      verdict: 'none',
      reason: expect.stringContaining(shown[0]?.at ?? '-'),
    });
    expect(await restarted.governed(offers)({}, call())).toEqual({ offers: 2 }); // and goes on as ever
  });

  test('nothing else does: no write, no read without a folder, none that was never heard to be declared', async () => {
    await client().catchUp();
    away = 'refuses';
    await expect(client().governed(note)(NOTE, call())).rejects.toMatchObject({ code: 'unreachable' });
    await expect(client(false).governed(offers)({}, call())).rejects.toMatchObject({ code: 'unreachable' });
    folder = mkdtempSync(join(tmpdir(), 'charter-client-'));
    await expect(client().governed(offers)({}, call())).rejects.toMatchObject({ code: 'unreachable' });
    expect(ran).toEqual([]);
  });

  test('nor one whose word is a day old, or that there is no room to keep', async () => {
    await client().catchUp();
    away = 'refuses';
    const word = join(folder, 'declared.json');
    writeFileSync(word, JSON.stringify({ failOpen: ['crm.get_offers'], heard: Date.now() - 25 * 3_600_000 }));
    await expect(client().governed(offers)({}, call())).rejects.toMatchObject({ code: 'unreachable' });
    writeFileSync(word, JSON.stringify({ failOpen: ['crm.get_offers'], heard: Date.now() }));
    for (let n = 0; n < 1_000; n++) writeFileSync(join(folder, 'unjudged', `${n}.json`), '{}');
    await expect(client().governed(offers)({}, call())).rejects.toMatchObject({ code: 'unreachable' });
    expect(ran).toEqual([]);
  });

  test('a denial is a denial: the gate that answers is never gone round', async () => {
    token = (await at.handed(johanna, { to: 'operations-coordinator', tools: ['crm.send_note'] })).token;
    await client().catchUp();
    await expect(client().governed(offers)({}, call())).rejects.toMatchObject({ code: 'denied' });
    expect([ran, shown]).toEqual([[], []]);
  });

  test('what the gate had begun, and whose answer was lost, does not stand open after recovery', async () => {
    await client().catchUp();
    away = 'loses answers';
    const once = call();
    expect(await client().governed(offers)({}, once)).toEqual({ offers: 1 });
    away = 'no';
    const { id } = z
      .object({ id: ProposalId })
      .parse((await at.send('/v1/actions', { token, key: once.key, body: { tool: offers.name, args: {}, rationale: once.rationale } })).body);
    await client().catchUp();
    expect(await state(token, id)).toBe('overtaken');
  });

  test('a read that is sent in and was not declared is on record as one that is denied', async () => {
    const sent = { calls: [{ key: 'k', tool: 'crm.send_note', args: NOTE, at: new Date().toISOString() }] };
    const [one, two] = [await at.send('/v1/unjudged', { token, body: sent }), await at.send('/v1/unjudged', { token, body: sent })];
    expect(one.status).toBe(200);
    expect(two.body).toEqual(one.body);
    expect((await at.events(johanna, { tool: 'crm.send_note', verdict: 'deny' }))[0]).toMatchObject({ reason: expect.stringContaining('does not let') });
  });
});

test('a tool of LangGraph.js acts once per call of the model, and its interrupt is a task', async () => {
  const token = await agent(await at.person('paul'));
  const ran: string[] = [];
  const charter = createClient({ url: at.url, token });
  const input = z.object({ to: z.string(), body: z.string() });
  const send = charter.governed({ name: 'crm.send_note', input, run: ({ to }) => Promise.resolve({ sent: ran.push(to) }) });
  const noted = tool(
    toolFunction(send, interrupt, ({ to }) => `${to} waits for it`),
    { name: 'send_note', description: 'Send a note', schema: input },
  );
  const State = Annotation.Root({ said: Annotation<ToolMessage> });
  const called = { type: 'tool_call', id: 'call-1', name: 'send_note', args: NOTE } as const; // as a model writes it
  const graph = new StateGraph(State)
    .addNode('act', async (_state, config) => ({
      said: z.instanceof(ToolMessage).parse(await noted.invoke(called, config)),
    }))
    .addEdge(START, 'act')
    .addEdge('act', END)
    .compile({ checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: randomUUID() } };
  await graph.invoke({}, thread);
  const { tasks } = await graph.getState(thread);
  const { charter: id } = z.object({ charter: ProposalId }).parse(tasks[0]?.interrupts.at(-1)?.value);
  expect(ran).toEqual([]);
  await approved(id);
  await at.on.until('it is permitted', async () => (await charter.action(id)).state === 'permitted');
  await graph.invoke(new Command({ resume: 'it is' }), thread);
  expect(ran).toEqual([NOTE.to]);
  expect(await charter.action(id)).toMatchObject({ state: 'done' });
});

test.skipIf(pythonHere === undefined)('a Python graph waits at its interrupt until people decided, and acts once', async () => {
  const token = await agent(await at.person('paul'));
  const child = spawn(join(await python(), 'python'), [GRAPH, randomUUID()], { env: { CHARTER_URL: at.url, CHARTER_TOKEN: token }, timeout: 120_000 });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await lines.next();
    if (typeof value !== 'string') throw new Error(`the graph ended: ${complaints}`);
    const said: unknown = JSON.parse(value);
    return said;
  };
  const Waits = z.object({ interrupt: z.object({ charter: ProposalId }) });
  const { charter: id } = Waits.parse(await next()).interrupt;
  child.stdin.write('is it decided?\n');
  expect(Waits.parse(await next()).interrupt.charter).toBe(id); // too early: it waits on
  expect((await at.on.app.client.task({ kind: 'operator' }, { id })).waits).toBe(true);
  await approved(id);
  await at.on.until('it is permitted', async () => (await state(token, id)) === 'permitted');
  child.stdin.write('it is\n');
  expect(await next()).toEqual({ sent: [NOTE.to] });
  expect(await state(token, id)).toBe('done');
});
