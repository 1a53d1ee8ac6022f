/** The model ports over the wire, against a model server, with the providers' own clients. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anthropicModel } from '../../../src/adapters/anthropic/model.ts';
import { openAiModel } from '../../../src/adapters/openai/model.ts';
import { deliberate } from '../../../src/deliberate/deliberate.ts';
import { ModelError, type Meter, type ModelPort, type ModelRequest, type Usage } from '../../../src/deliberate/ports.ts';
import { defineAgent, defineReadTool, defineWriteTool, type Reads } from '../../../src/kernel/define.ts';
import { AgentName, deriveId, OrgId, PersonId } from '../../../src/kernel/ids.ts';
import { LocalDate } from '../../../src/kernel/time.ts';

const mock = new LLMock({ port: 0 });
beforeAll(async () => {
  mock.addFixture({ match: { userMessage: 'balance', hasToolResult: true }, response: { content: 'It is 12.00 EUR.' } });
  mock.addFixture({ match: { userMessage: 'balance' }, response: { toolCalls: [{ name: 'test__get_balance', arguments: '{"account":"a"}' }] } });
  mock.addFixture({ match: { userMessage: 'hold', hasToolResult: true }, response: { content: 'Proposed.' } });
  mock.addFixture({ match: { userMessage: 'hold' }, response: { toolCalls: [{ name: 'test__hold_thing', arguments: '{"thing":"x"}' }] } });
  mock.addFixture({ match: { userMessage: 'wrongly' }, response: { toolCalls: [{ name: 'test__hold_thing', arguments: '{"thing":7}' }] } });
  mock.onMessage('hello', { content: 'Good morning to you.' });
  await mock.start();
});
afterAll(() => mock.stop());

const ports = {
  anthropic: () => anthropicModel({ apiKey: 'x', model: 'claude-sonnet-4-5', baseUrl: mock.url }),
  responses: () => openAiModel({ apiKey: 'x', model: 'gpt-5', baseUrl: `${mock.url}/v1`, api: 'responses' }),
  chat: () => openAiModel({ apiKey: 'x', model: 'gpt-5', baseUrl: `${mock.url}/v1`, api: 'chat' }),
} as const;

const getBalance = defineReadTool<object>()({
  name: 'test.get_balance',
  summary: 'Balance',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ account: z.string() }),
  output: z.strictObject({ minor: z.int() }),
  run: () => Promise.resolve({ minor: 1_200 }),
});
const holdThing = defineWriteTool<object>()({
  name: 'test.hold_thing',
  summary: 'Hold',
  effect: 'write',
  governs: {},
  facts: 'none',
  resource: { type: 'Invoice', argument: 'thing' },
  compensation: 'none',
  input: z.strictObject({ thing: z.string() }),
  output: z.strictObject({}),
  card: () => [],
  run: () => Promise.resolve({}),
});
const money = { minor: 1_000, currency: 'EUR' };
const agent = (limits: { turns: number; tokens: number }) =>
  defineAgent({
    name: 'tester',
    domain: 'finance',
    purpose: 'to be tested',
    owner: 'finance',
    reads: [getBalance],
    proposes: [holdThing],
    authority: { perCall: money, perDay: money },
    limits: { ...limits, money },
    playbook: {},
    questions: [],
  });
const reads: Reads = { read: async (tool) => tool.output.parse({ minor: 1_200 }) };
const free = (spent: Usage[] = []): Meter => ({
  allowed: () => Promise.resolve({ ok: true }),
  spend: (_agent, usage) => Promise.resolve(void spent.push(usage)),
});
const now = { date: LocalDate.parse('2026-03-02'), hour: 9, minute: 0, weekday: 1 };
const org = OrgId.parse('t');

const talk = (model: ModelPort, text: string, meter = free(), limits = { turns: 6, tokens: 50_000 }, onText?: (delta: string) => void) =>
  deliberate({
    ask: {
      id: deriveId('ask', [org, text]),
      org,
      agent: AgentName.parse('tester'),
      onBehalfOf: PersonId.parse('ana'),
      about: { kind: 'question', text, conversation: 'c' },
      cause: deriveId('evt', [org, text]),
    },
    agent: agent(limits),
    prompt: 'Be brief.',
    reads,
    model,
    meter,
    now,
    signal: AbortSignal.timeout(30_000),
    ...(onText ? { onText } : {}),
  });

describe.each(Object.keys(ports) as (keyof typeof ports)[])('%s', (name) => {
  test('answers, in pieces as they come, and what it cost is counted', async () => {
    const [spent, heard]: [Usage[], string[]] = [[], []];
    const result = await talk(ports[name](), 'hello', free(spent), undefined, (delta) => heard.push(delta));
    expect(result).toMatchObject({ answer: 'Good morning to you.', stopped: 'done', turns: 1 });
    expect(heard.join('')).toBe('Good morning to you.');
    expect(spent).toHaveLength(1);
  });
  test('reads through a tool, and answers from what it read', async () => {
    expect(await talk(ports[name](), 'what is the balance?')).toMatchObject({ answer: 'It is 12.00 EUR.', drafts: [], turns: 2 });
  });
  test('proposes by the same types as the playbook, and does nothing', async () => {
    expect((await talk(ports[name](), 'please hold it')).drafts).toEqual([
      { tool: 'test.hold_thing', args: { thing: 'x' }, rationale: 'Asked for in conversation.' },
    ]);
  });
  test('a malformed call is told, twice at most, and becomes no proposal', async () => {
    expect(await talk(ports[name](), 'do it wrongly')).toMatchObject({ drafts: [], stopped: 'model_failed' });
  });
  test('a limit stops it in the middle, and says so', async () => {
    const result = await talk(ports[name](), 'what is the balance?', free(), { turns: 1, tokens: 50_000 });
    expect(result).toMatchObject({ stopped: 'limit_turns', turns: 1 });
    expect(result.answer).toContain('stopped before I was done');
  });
  test('no money, no call', async () => {
    const broke: Meter = { allowed: () => Promise.resolve({ ok: false, why: 'spent' }), spend: () => Promise.resolve() };
    expect(await talk(ports[name](), 'hello', broke)).toMatchObject({ stopped: 'limit_money', turns: 0, answer: 'spent' });
  });
});

describe('a server in trouble', () => {
  let server: Server;
  let hits: number;
  const request: ModelRequest = { system: '', transcript: [{ role: 'user', text: 'hello' }], tools: [], maxOutputTokens: 50 };
  const at = async (answer: (n: number) => { status: number; headers?: Record<string, string>; body: string; cut?: boolean }) => {
    hits = 0;
    server = createServer((_request, response) => {
      const { status, headers = {}, body, cut } = answer(++hits);
      response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json', ...headers });
      response.write(body);
      if (cut) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const each = (url: string): ModelPort[] => [
    anthropicModel({ apiKey: 'x', model: 'm', baseUrl: url }),
    openAiModel({ apiKey: 'x', model: 'm', baseUrl: url, api: 'responses' }),
    openAiModel({ apiKey: 'x', model: 'm', baseUrl: url, api: 'chat' }),
  ];
  const failure = (model: ModelPort) =>
    model.next(request, AbortSignal.timeout(20_000)).then(
      () => undefined,
      (error: unknown) => (error instanceof ModelError ? error.code : error),
    );

  test('429 is waited for as told, and given up after four tries', async () => {
    for (const model of each(await at(() => ({ status: 429, headers: { 'retry-after': '0' }, body: '{"error":{"message":"slow down"}}' })))) {
      hits = 0;
      expect(await failure(model)).toBe('rate_limited');
      expect(hits).toBe(4);
    }
    server.close();
  });
  test('a wait that would be too long is not begun', async () => {
    for (const model of each(await at(() => ({ status: 429, headers: { 'retry-after': '600' }, body: '{}' })))) {
      hits = 0;
      expect(await failure(model)).toBe('rate_limited');
      expect(hits).toBe(1);
    }
    server.close();
  });
  test('a stream that is cut is tried once more', async () => {
    for (const model of each(await at(() => ({ status: 200, body: 'event: message_start\ndata: {"type":"message_sta', cut: true })))) {
      hits = 0;
      expect(await failure(model)).toBe('cut_stream');
      expect(hits).toBe(2);
    }
    server.close();
  });
  test('a wrong key is said at once', async () => {
    for (const model of each(await at(() => ({ status: 401, body: '{}' })))) {
      hits = 0;
      expect(await failure(model)).toBe('bad_key');
      expect(hits).toBe(1);
    }
    server.close();
  });
  test('a refusal is an answer of its own kind', async () => {
    const body = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', refusal: 'I will not.' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
    const url = await at(() => ({ status: 200, body }));
    expect(await openAiModel({ apiKey: 'x', model: 'm', baseUrl: url, api: 'chat' }).next(request, AbortSignal.timeout(5_000))).toMatchObject({
      kind: 'refusal',
      text: 'I will not.',
    });
    server.close();
  });
  test('an abort ends it', async () => {
    const url = await at(() => ({ status: 429, headers: { 'retry-after': '5' }, body: '{}' }));
    await expect(anthropicModel({ apiKey: 'x', model: 'm', baseUrl: url }).next(request, AbortSignal.timeout(100))).rejects.toThrow();
    server.close();
  });
});
