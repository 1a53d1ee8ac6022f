/** Each provider's dialect, and the laws of every model port run on it. */
import { expect, test, vi } from 'vitest';
import { anthropicModel } from '../../../src/adapters/anthropic/model.ts';
import { openAiModel } from '../../../src/adapters/openai/model.ts';
import { chooseModel } from '../../../src/models.ts';
import { answering, BEGUN, failure, modelPortLaws, REFUSAL, talk } from '../../conformance/model-port.ts';

/** Server-sent events: each object under its own `type`, as both providers name their events. */
const events = (...all: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[]): string =>
  all.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('');

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null };
const saying = (text: string) => [
  { type: 'message_start', message: { ...message, usage: { input_tokens: 7, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
];
modelPortLaws('anthropic', {
  at: (url, callMs) => anthropicModel({ apiKey: 'x', model: 'claude-haiku-test', baseUrl: url, ...(callMs === undefined ? {} : { callMs }) }),
  begun: events(...saying(BEGUN)),
  refusal: events(
    ...saying(REFUSAL),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 4 } },
    { type: 'message_stop' },
  ),
});

test('anthropic: what the model thought goes back with its calls as it came', async () => {
  const thinking = { type: 'thinking', thinking: 'hm', signature: 'sig' };
  const call = { type: 'tool_use', id: 'tu_1', name: 'test__get_balance', input: {} };
  const turn = events(
    { type: 'message_start', message: { ...message, usage: { input_tokens: 7, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { ...thinking, thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: call },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"account":"a"}' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 4 } },
    { type: 'message_stop' },
  );
  const done = events(
    ...saying('12.00'),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
    { type: 'message_stop' },
  );
  const server = await answering({ status: 200, body: turn, then: 'end' }, { status: 200, body: done, then: 'end' });
  expect(await talk(anthropicModel({ apiKey: 'x', model: 'claude-haiku-test', baseUrl: server.url }), 'balance')).toMatchObject({ answer: '12.00' });
  expect(server.bodies[1]).toMatchObject({ messages: [{}, { role: 'assistant', content: [thinking, { ...call, input: { account: 'a' } }] }, {}] });
  await server.close();
});

test('anthropic: the model taken by default has no end of life that its own client knows of', async () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { model } = await chooseModel({ ANTHROPIC_API_KEY: 'x' });
  const server = await answering({ status: 401, body: '{}', then: 'end' });
  await failure(anthropicModel({ apiKey: 'x', model, baseUrl: server.url }));
  expect(said).not.toHaveBeenCalled();
  await failure(anthropicModel({ apiKey: 'x', model: 'claude-sonnet-4-5', baseUrl: server.url }));
  expect(said).toHaveBeenCalled(); // the client does tell
  said.mockRestore();
  await server.close();
});

const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', output: [], tools: [] };
const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] };
const here = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const refused = { type: 'refusal', refusal: REFUSAL };
modelPortLaws('openai responses', {
  at: (url, callMs) => openAiModel({ apiKey: 'x', model: 'gpt-5', baseUrl: `${url}/v1`, api: 'responses', ...(callMs === undefined ? {} : { callMs }) }),
  begun: events(
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.content_part.added', ...here, part: { type: 'output_text', text: '', annotations: [] } },
    { type: 'response.output_text.delta', ...here, delta: BEGUN },
  ),
  refusal: events(
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.content_part.added', ...here, part: { type: 'refusal', refusal: '' } },
    { type: 'response.refusal.delta', ...here, delta: REFUSAL },
    { type: 'response.refusal.done', ...here, refusal: REFUSAL },
    { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', content: [refused] } },
    {
      type: 'response.completed',
      response: {
        ...response,
        status: 'completed',
        output: [{ ...item, status: 'completed', content: [refused] }],
        usage: { input_tokens: 7, output_tokens: 4, total_tokens: 11 },
      },
    },
  ),
});

/** What one API alone can say. */
test.each([
  ['server_error', 'overloaded', 4],
  ['rate_limit_exceeded', 'rate_limited', 4],
  ['invalid_prompt', 'request_refused', 1],
])('openai responses: a response that failed by `%s` is no answer, and is %s', async (code, as, hits) => {
  const failed = { ...response, status: 'failed', error: { code, message: 'no' } };
  const server = await answering({
    status: 200,
    body: events({ type: 'response.created', response }, { type: 'response.failed', response: failed }),
    then: 'end',
  });
  const model = openAiModel({ apiKey: 'x', model: 'gpt-5', baseUrl: server.url, api: 'responses' });
  expect(await failure(model)).toBe(as);
  expect(server.hits()).toBe(hits);
  await server.close();
});

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;
modelPortLaws('openai chat', {
  at: (url, callMs) => openAiModel({ apiKey: 'x', model: 'gpt-5', baseUrl: `${url}/v1`, api: 'chat', ...(callMs === undefined ? {} : { callMs }) }),
  begun: chunk({ role: 'assistant', content: BEGUN }),
  refusal: `${chunk({ role: 'assistant', refusal: REFUSAL })}${chunk({}, 'stop')}${chunk({}, null, { choices: [], usage: { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 } })}data: [DONE]\n\n`,
});
