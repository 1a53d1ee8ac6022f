/** The model port on Anthropic's Messages API, streamed. */
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { ModelError, type Message, type ModelPort, type ModelRequest, type ModelTurn, type ToolCall, type Usage } from '../../deliberate/ports.ts';
import { argsOf, codeOf, isFree, outName, ourName, patiently, retryAfterMs, usage, type Explained, type Listening } from '../model-retry.ts';

export interface AnthropicOptions {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl?: string;
  readonly callMs?: number; // a try's
}

export function anthropicModel({ apiKey, model, baseUrl, callMs }: AnthropicOptions): ModelPort {
  const client = new Anthropic({ apiKey, maxRetries: 0, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) });
  return {
    name: 'anthropic',
    model,
    address: new URL(client.baseURL),
    next(request, signal) {
      const body = bodyOf(model, request);
      const call = { model, request, body, ...(callMs === undefined ? {} : { callMs }) };
      return patiently((listening, within) => attempt(client, body, listening, within), call, explain, signal);
    },
  };
}

const bodyOf = (model: string, request: ModelRequest): Anthropic.MessageStreamParams => ({
  model,
  max_tokens: request.maxOutputTokens,
  system: request.system,
  messages: request.transcript.map(toAnthropic),
  tools: request.tools.map(({ name, summary, inputSchema }) => ({
    name: outName(name),
    description: summary,
    input_schema: { type: 'object', ...inputSchema },
  })),
});

async function attempt(client: Anthropic, body: Anthropic.MessageStreamParams, listening: Listening, signal: AbortSignal): Promise<ModelTurn> {
  const stream = client.messages.stream(body, { signal });
  stream.on('streamEvent', () => listening.begin());
  stream.on('text', (delta) => listening.hear(delta));
  const message = await stream.finalMessage();
  const cost = usage(body.model, message.usage.input_tokens, message.usage.output_tokens);
  const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  if (message.stop_reason === 'refusal') return { kind: 'refusal', text: text || 'The model declined to answer this.', usage: cost };
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: block.id, name: ourName(block.name), args: typeof block.input === 'string' ? argsOf(block.input) : { ok: true as const, value: block.input } }]
      : [],
  );
  if (calls.length === 0) return message.stop_reason === 'max_tokens' && text === '' ? unanswered(cost) : { kind: 'answer', text, usage: cost };
  asSaid.set(calls, message.content);
  return { kind: 'calls', text, calls, usage: cost };
}

const unanswered = (cost: Usage): ModelTurn => ({
  kind: 'answer',
  text: 'I came to no answer within the length that I may take; ask for less at once.',
  usage: cost,
});

/**
 * The model's own blocks of a turn, by the calls that were read from them: its thinking is signed, and goes back with its calls
 * unchanged (Messages API, extended thinking with tool use).
 */
const asSaid = new WeakMap<readonly ToolCall[], Anthropic.ContentBlockParam[]>();

function toAnthropic(message: Message): Anthropic.MessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text };
    case 'tool':
      return { role: 'user', content: [{ type: 'tool_result', tool_use_id: message.call, content: message.text }] };
    case 'assistant': {
      const blocks = asSaid.get(message.calls);
      if (blocks) return { role: 'assistant', content: blocks };
      return {
        role: 'assistant',
        content: [
          ...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]),
          ...message.calls.map(({ id, name, args }) => ({ type: 'tool_use' as const, id, name: outName(name), input: args.ok ? args.value : {} })),
        ],
      };
    }
  }
}

function explain(error: unknown): Explained {
  if (error instanceof APIError) {
    const status: number | undefined = error.status;
    return {
      error: new ModelError(codeOf(status), `Anthropic answered ${status ?? 'and broke off'}.`, { cause: error }),
      waitMs: retryAfterMs(error.headers),
      free: isFree(status, error),
    };
  }
  return { error: new ModelError('cut_stream', 'The answer broke off.', { cause: error }), waitMs: undefined, free: false };
}
