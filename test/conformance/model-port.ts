/**
 * The laws of every model port, over the wire and with its provider's own client. A port brings how it is built, and two
 * streams in its own dialect, for what the model server cannot be made to say: a refusal, and an answer that breaks off.
 */
import { createServer } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deliberate } from '../../src/deliberate/deliberate.ts';
import { ModelError, type Meter, type ModelPort, type ModelRequest, type Usage } from '../../src/deliberate/ports.ts';
import { defineAgent, defineReadTool, defineWriteTool } from '../../src/kernel/define.ts';
import { AgentName, deriveId, OrgId, PersonId } from '../../src/kernel/ids.ts';
import { LocalDate } from '../../src/kernel/time.ts';

export interface Wire {
  /** The port on a server at this address. @param callMs of a try, in milliseconds */
  at(url: string, callMs?: number): ModelPort;
  /** A whole stream, as its API sends it, that refuses with `REFUSAL`. */
  readonly refusal: string;
  /** The beginning of a stream: it says `BEGUN`, and more would have to come. */
  readonly begun: string;
}
export const REFUSAL = 'I will not.';
export const BEGUN = 'Good mor';

const mock = new LLMock({ port: 0 });
const asked = (userMessage: string, hasToolResult?: boolean) => (hasToolResult === undefined ? { userMessage } : { userMessage, hasToolResult });
const call = (name: string, args: string) => ({ toolCalls: [{ name, arguments: args }] });
mock.addFixture({ match: asked('balance', true), response: { content: 'It is 12.00 EUR.' } });
mock.addFixture({ match: asked('balance'), response: call('test__get_balance', '{"account":"a"}') });
mock.addFixture({ match: asked('hold', true), response: { content: 'Proposed.' } });
mock.addFixture({ match: asked('hold'), response: call('test__hold_thing', '{"thing":"x"}') });
mock.addFixture({ match: asked('wrongly'), response: call('test__hold_thing', '{"thing":7}') });
mock.addFixture({ match: asked('unknown'), response: call('test__launch_rocket', '{}') });
mock.addFixture({ match: asked('brokenly'), response: call('test__hold_thing', '{"thing":') });
mock.addFixture({ match: asked('hello'), response: { content: 'Good morning to you.' }, chunkSize: 5 });

export function modelPortLaws(name: string, wire: Wire): void {
  describe(`${name}: a model port`, () => {
    beforeAll(() => mock.start());
    afterAll(() => mock.stop());
    const port = () => wire.at(mock.url);

    test('answers, in pieces as they come, and what it cost is counted', async () => {
      const [spent, heard]: [Usage[], string[]] = [[], []];
      const result = await talk(port(), 'hello', { meter: free(spent), onText: (delta) => heard.push(delta) });
      expect(result).toMatchObject({ answer: 'Good morning to you.', stopped: 'done', turns: 1, by: port().model });
      expect(heard.length).toBeGreaterThan(1);
      expect(heard.at(-1)).toBe('Good morning to you.');
      for (const [n, soFar] of heard.entries()) expect(soFar.startsWith(heard[n - 1] ?? '')).toBe(true);
      expect(spent).toMatchObject([{ model: port().model }]);
    });
    test('hands on a call as the model made it, by the name that we gave the tool', async () => {
      const turn = await port().next(request('what is the balance?'), soon());
      expect(turn).toMatchObject({ kind: 'calls', calls: [{ name: 'test.get_balance', args: { ok: true, value: { account: 'a' } } }] });
    });
    test('reads through a tool, and answers from what it read', async () => {
      expect(await talk(port(), 'what is the balance?')).toMatchObject({ answer: 'It is 12.00 EUR.', drafts: [], turns: 2 });
    });
    test('proposes by the same types as the playbook, and does nothing', async () => {
      expect((await talk(port(), 'please hold it')).drafts).toEqual([
        { tool: 'test.hold_thing', args: { thing: 'x' }, rationale: 'Asked for in conversation.' },
      ]);
    });
    test.each([
      ['with arguments that are not the tool’s', 'do it wrongly'],
      ['of a tool that is not there', 'use the unknown one'],
      ['whose arguments are no JSON', 'do it brokenly'],
    ])('a call %s is told, twice at most, and becomes no proposal', async (_what, text) => {
      expect(await talk(port(), text)).toMatchObject({ drafts: [], stopped: 'model_failed' });
    });
    test('a limit stops it in the middle, and says so', async () => {
      const result = await talk(port(), 'what is the balance?', { turns: 1 });
      expect(result).toMatchObject({ stopped: 'limit_turns', turns: 1 });
      expect(result.answer).toContain('stopped before I was done');
    });
    test('no money, no call', async () => {
      const broke: Meter = { reserve: () => Promise.resolve({ ok: false, why: 'spent' }) };
      expect(await talk(port(), 'hello', { meter: broke })).toMatchObject({ stopped: 'limit_money', turns: 0, answer: 'spent' });
    });
  });

  describe(`${name}: a server in trouble`, () => {
    afterEach(() => Promise.all(open.splice(0).map((close) => close())));

    test('a refusal is an answer of its own kind, and costs what it cost', async () => {
      const server = await answering({ status: 200, body: wire.refusal, then: 'end' });
      const turn = await wire.at(server.url).next(request('hello'), soon());
      expect(turn).toMatchObject({ kind: 'refusal', text: REFUSAL });
      expect(turn.usage.input + turn.usage.output).toBeGreaterThan(0);
      expect(server.hits()).toBe(1);
    });
    test('a refusal ends the conversation, and is what people read', async () => {
      const server = await answering({ status: 200, body: wire.refusal, then: 'end' });
      expect(await talk(wire.at(server.url), 'hello')).toMatchObject({ stopped: 'refusal', answer: REFUSAL, drafts: [] });
    });
    test.each([
      { law: '429 is waited for as told, and given up after four tries', status: 429, headers: { 'retry-after': '0' }, code: 'rate_limited', tries: 4 },
      { law: 'a wait that would be too long is not begun', status: 429, headers: { 'retry-after': '600' }, code: 'rate_limited', tries: 1 },
      { law: 'an overloaded server is tried again', status: 529, headers: { 'retry-after': '0' }, code: 'overloaded', tries: 4 },
      { law: 'a wrong key is said at once', status: 401, headers: {}, code: 'bad_key', tries: 1 },
      { law: 'what is too long is said at once', status: 413, headers: {}, code: 'too_long', tries: 1 },
      { law: 'a request that is refused is not repeated', status: 400, headers: {}, code: 'request_refused', tries: 1 },
    ])('$law', async ({ status, headers, code, tries }) => {
      const server = await answering({ status, headers, body: '{"error":{"message":"no"}}', then: 'end' });
      expect(await failure(wire.at(server.url))).toBe(code);
      expect(server.hits()).toBe(tries);
    });
    test('429 is waited for as long as told, no less', async () => {
      const server = await answering(
        { status: 429, headers: { 'retry-after': '1' }, body: '{}', then: 'end' },
        { status: 200, body: wire.refusal, then: 'end' },
      );
      const begun = performance.now();
      expect(await wire.at(server.url).next(request('hello'), soon())).toMatchObject({ kind: 'refusal' });
      expect(performance.now() - begun).toBeGreaterThan(990); // timers count whole milliseconds, and may be one early
      expect(server.hits()).toBe(2);
    });
    test.each([
      { how: 'cut off', then: 'cut' },
      { how: 'ended too early', then: 'end' },
    ] as const)('a stream that is $how is tried once more, and its half is no answer', async ({ then }) => {
      const server = await answering({ status: 200, body: wire.begun, then });
      const heard: string[] = [];
      expect(await failure(wire.at(server.url), (delta) => heard.push(delta))).toBe('cut_stream');
      expect(heard.at(-1)).toBe(BEGUN); // the cut came in the middle of an answer, and the second try began anew
      expect(server.hits()).toBe(2);
    });
    test('a stream that was cut is made good by the next try', async () => {
      const server = await answering({ status: 200, body: wire.begun, then: 'cut' }, { status: 200, body: wire.refusal, then: 'end' });
      const turn = await wire.at(server.url).next(request('hello'), soon());
      expect(turn).toMatchObject({ kind: 'refusal', text: REFUSAL });
      expect(turn.usage.output).toBeGreaterThan(4); // the refusal's four, and what was said before the cut
    });
    test('a broken stream costs all that was set aside for it, for nobody says what it cost; what the server refused costs nothing', async () => {
      const server = await answering({ status: 200, body: wire.begun, then: 'cut' });
      const [spent, reserved]: [Usage[], Usage[]] = [[], []];
      expect(await talk(wire.at(server.url), 'hello', { meter: free(spent, reserved) })).toMatchObject({ stopped: 'model_failed' });
      expect(spent).toHaveLength(2);
      expect(spent).toEqual(reserved);
      for (const { input, output, micros } of spent) expect(Math.min(input, output, micros)).toBeGreaterThan(0);
      const gone = await answering({ status: 401, body: '{}', then: 'end' });
      const none: Usage[] = [];
      await talk(wire.at(gone.url), 'hello', { meter: free(none) });
      expect(none).toMatchObject([{ input: 0, output: 0, micros: 0 }]);
    });
    test('what is set aside bounds what is sent and what may be written; what the answer did not need is given back', async () => {
      const server = await answering({ status: 200, body: wire.refusal, then: 'end' });
      const [spent, reserved]: [Usage[], Usage[]] = [[], []];
      await talk(wire.at(server.url), 'hello', { meter: free(spent, reserved) });
      expect(reserved[0]?.input).toBeGreaterThan(Buffer.byteLength(JSON.stringify(server.bodies[0])));
      expect(reserved[0]?.output).toBe(8_000);
      expect(spent[0]?.micros).toBeLessThan(reserved[0]?.micros ?? 0);
    });
    test('without money for another try there is none', async () => {
      const server = await answering({ status: 200, body: wire.begun, then: 'cut' });
      let tries = 0;
      const meter: Meter = { reserve: () => Promise.resolve(tries++ === 0 ? { ok: true, settle: () => Promise.resolve() } : { ok: false, why: 'spent' }) };
      expect(await talk(wire.at(server.url), 'hello', { meter })).toMatchObject({ stopped: 'limit_money', answer: 'spent' });
      expect(server.hits()).toBe(1);
    });
    test('a stream that falls silent is given up in time, and costs what was set aside', async () => {
      const server = await answering({ status: 200, body: wire.begun, then: 'hang' });
      const [spent, reserved]: [Usage[], Usage[]] = [[], []];
      expect(await talk(wire.at(server.url, 300), 'hello', { meter: free(spent, reserved) })).toMatchObject({ stopped: 'model_failed' });
      expect(spent).toEqual(reserved);
      expect(server.hits()).toBe(1);
    });
    test.each([
      { during: 'a wait', reply: { status: 429, headers: { 'retry-after': '5' }, body: '{}', then: 'end' } },
      { during: 'a stream', reply: { status: 200, body: wire.begun, then: 'hang' } },
    ] as const)('an abort in $during ends it at once, for good, and is no failure of the model', async ({ reply }) => {
      const stop = new AbortController();
      let aborted = Infinity;
      const server = await answering({ ...reply, heard: () => setTimeout(() => ((aborted = performance.now()), stop.abort()), 200) });
      expect(await failure(wire.at(server.url), undefined, stop.signal)).toBe('aborted');
      expect(performance.now() - aborted).toBeLessThan(2_000);
      expect(server.hits()).toBe(1);
    });
  });
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly then: 'end' | 'cut' | 'hang';
  heard?(): void; // when a request has come in
}
const open: (() => Promise<void>)[] = [];

/** A server that gives these replies in turn, the last of them from then on. */
export async function answering(
  ...replies: readonly [Reply, ...Reply[]]
): Promise<{ url: string; hits(): number; readonly bodies: readonly unknown[]; close(): Promise<void> }> {
  let hits = 0;
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    void readJson(request).then((body: unknown) => bodies.push(body));
    const { status, headers, body, then, heard } = replies[Math.min(hits++, replies.length - 1)] ?? replies[0];
    heard?.();
    response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json', ...headers });
    response.write(body);
    if (then === 'end') response.end();
    if (then === 'cut') setTimeout(() => response.destroy(), 50); // what was written is out by then
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  open.push(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, hits: () => hits, bodies, close };
}

const soon = () => AbortSignal.timeout(20_000);
const request = (text: string): ModelRequest => ({
  system: '',
  transcript: [{ role: 'user', text }],
  tools: [{ name: 'test.get_balance', summary: 'Balance', inputSchema: { type: 'object', properties: {} } }],
  maxOutputTokens: 50,
  reserve: (most) => free().reserve(AgentName.parse('tester'), most),
});

/** What became of a call that is to fail: the code of its ModelError, or that it was aborted. */
export const failure = (model: ModelPort, onText?: (delta: string) => void, signal = soon()): Promise<unknown> =>
  model.next({ ...request('hello'), ...(onText ? { onText } : {}) }, signal).then(
    (turn) => turn,
    (error: unknown) => (error instanceof ModelError ? error.code : signal.aborted ? 'aborted' : error),
  );

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
  classification: 'internal',
  effect: 'write',
  governs: {},
  facts: null,
  resource: { type: 'Invoice', argument: 'thing' },
  compensation: { tool: null, why: 'It is for a test.' },
  input: z.strictObject({ thing: z.string() }),
  output: z.strictObject({}),
  card: () => [],
  run: () => Promise.reject(new Error('a write tool ran while an agent deliberated')),
});
const money = { minor: 1_000, currency: 'EUR' };
const org = OrgId.parse('t');
const free = (spent: Usage[] = [], reserved: Usage[] = []): Meter => ({
  reserve: (_agent, most) => Promise.resolve({ ok: true, settle: (usage) => Promise.resolve(void (reserved.push(most), spent.push(usage))) }),
});

/** A whole conversation over a port, with one tool to read and one to propose. */
export const talk = (
  model: ModelPort,
  text: string,
  { meter = free(), turns = 6, onText }: { meter?: Meter; turns?: number; onText?: (delta: string) => void } = {},
) =>
  deliberate({
    way: 'routine',
    earlier: [],
    classes: [],
    destination: { kind: () => true, classification: () => true, leaves: () => Promise.resolve(undefined) },
    ask: {
      id: deriveId('ask', [org, text]),
      org,
      agent: AgentName.parse('tester'),
      onBehalfOf: PersonId.parse('ana'),
      about: { kind: 'question', text, conversation: 'c' },
      cause: deriveId('evt', [org, text]),
    },
    agent: defineAgent({
      name: 'tester',
      domain: 'finance',
      purpose: 'to be tested',
      owner: 'finance',
      reads: [getBalance],
      proposes: [holdThing],
      authority: { perCall: money, perDay: money },
      limits: { turns, tokens: 50_000, money },
      playbook: {},
      questions: [{ about: 'the time', matches: (asked) => asked.includes('time'), answer: (_asked, _reads, { hour }) => Promise.resolve(`It is ${hour}.`) }],
    }),
    colleagues: [],
    prompt: 'Be brief.',
    reads: { read: async (tool) => tool.output.parse({ minor: 1_200 }) },
    model,
    meter,
    now: { date: LocalDate.parse('2026-03-02'), hour: 9, minute: 0, weekday: 1 },
    signal: AbortSignal.timeout(30_000),
    ...(onText ? { onText } : {}),
  });
