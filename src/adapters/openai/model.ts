/** The model port on OpenAI's Responses API, and on Chat Completions where a compatible server answers. Both streamed. */
import OpenAI, { APIError } from 'openai';
import { ModelError, type Message, type ModelPort, type ModelRequest, type ModelTurn } from '../../deliberate/ports.ts';
import { argsOf, codeOf, isFree, outName, ourName, patiently, retryAfterMs, usage, type Explained, type Listening } from '../model-retry.ts';

export interface OpenAiOptions {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl?: string;
  readonly api: 'responses' | 'chat'; // chat: Ollama, vLLM and others that speak Chat Completions alone
  readonly callMs?: number; // a try's
}

export function openAiModel({ apiKey, model, baseUrl, api, callMs }: OpenAiOptions): ModelPort {
  const client = new OpenAI({ apiKey, maxRetries: 0, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) });
  return {
    name: 'openai',
    model,
    address: new URL(client.baseURL),
    next(request, signal) {
      const call = { model, request, ...(callMs === undefined ? {} : { callMs }) };
      if (api === 'chat') {
        const body = chatBody(model, request);
        return patiently((listening, within) => chat(client, body, listening, within), { ...call, body }, explain, signal);
      }
      const body = responsesBody(model, request);
      return patiently((listening, within) => respond(client, body, listening, within), { ...call, body }, explain, signal);
    },
  };
}

const responsesBody = (model: string, request: ModelRequest) => ({
  model,
  instructions: request.system,
  input: request.transcript.flatMap(toResponses),
  max_output_tokens: request.maxOutputTokens,
  store: false,
  tools: request.tools.map(({ name, summary, inputSchema }) => ({
    type: 'function' as const,
    name: outName(name),
    description: summary,
    parameters: { ...inputSchema },
    strict: false,
  })),
});

async function respond(client: OpenAI, body: ReturnType<typeof responsesBody>, listening: Listening, signal: AbortSignal): Promise<ModelTurn> {
  const stream = client.responses.stream(body, { signal });
  stream.on('event', () => listening.begin());
  stream.on('response.output_text.delta', ({ delta }) => listening.hear(delta));
  const response = await stream.finalResponse();
  // The client hands out what it has where a stream ends without its last event; half an answer is none.
  if (response.status === 'failed') throw failed(response.error);
  if (response.status === 'in_progress' || response.status === 'queued') throw new Error(`the response is ${response.status}`);
  const cost = response.usage ? usage(body.model, response.usage.input_tokens, response.usage.output_tokens) : listening.most;
  const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])).join('');
  if (refusal !== '') return { kind: 'refusal', text: refusal, usage: cost };
  const text = parts.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])).join('');
  const calls = response.output.flatMap((item) =>
    item.type === 'function_call' ? [{ id: item.call_id, name: ourName(item.name), args: argsOf(item.arguments) }] : [],
  );
  return calls.length > 0 ? { kind: 'calls', text, calls, usage: cost } : { kind: 'answer', text, usage: cost };
}

/** What a response says of its own failure, within a stream that the server answered with 200. */
function failed(error: OpenAI.Responses.ResponseError | null): ModelError {
  const code = error?.code === 'rate_limit_exceeded' ? 'rate_limited' : error?.code === 'server_error' ? 'overloaded' : 'request_refused';
  return new ModelError(code, `The model's server gave up on it (\`${error?.code ?? 'unknown'}\`).`);
}

function toResponses(message: Message): OpenAI.Responses.ResponseInputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }];
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.call, output: message.text }];
    case 'assistant':
      return [
        ...(message.text === '' ? [] : [{ role: 'assistant' as const, content: message.text }]),
        ...message.calls.map(({ id, name, args }) => ({
          type: 'function_call' as const,
          call_id: id,
          name: outName(name),
          arguments: args.ok ? JSON.stringify(args.value) : args.raw,
        })),
      ];
  }
}

const chatBody = (model: string, request: ModelRequest) => ({
  model,
  max_tokens: request.maxOutputTokens,
  stream_options: { include_usage: true },
  messages: [{ role: 'system' as const, content: request.system }, ...request.transcript.map(toChat)],
  tools: request.tools.map(({ name, summary, inputSchema }) => ({
    type: 'function' as const,
    function: { name: outName(name), description: summary, parameters: { ...inputSchema } },
  })),
});

async function chat(client: OpenAI, body: ReturnType<typeof chatBody>, listening: Listening, signal: AbortSignal): Promise<ModelTurn> {
  const stream = client.chat.completions.stream(body, { signal });
  stream.on('chunk', () => listening.begin());
  stream.on('content', (delta) => listening.hear(delta));
  const completion = await stream.finalChatCompletion();
  const cost = completion.usage ? usage(body.model, completion.usage.prompt_tokens, completion.usage.completion_tokens) : listening.most;
  const message = completion.choices[0]?.message;
  if (message?.refusal) return { kind: 'refusal', text: message.refusal, usage: cost };
  const calls = (message?.tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [{ id: call.id, name: ourName(call.function.name), args: argsOf(call.function.arguments) }] : [],
  );
  const text = message?.content ?? '';
  return calls.length > 0 ? { kind: 'calls', text, calls, usage: cost } : { kind: 'answer', text, usage: cost };
}

function toChat(message: Message): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text };
    case 'tool':
      return { role: 'tool', tool_call_id: message.call, content: message.text };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text,
        ...(message.calls.length === 0
          ? {}
          : {
              tool_calls: message.calls.map(({ id, name, args }) => ({
                id,
                type: 'function' as const,
                function: { name: outName(name), arguments: args.ok ? JSON.stringify(args.value) : args.raw },
              })),
            }),
      };
  }
}

function explain(error: unknown): Explained {
  if (error instanceof ModelError) return { error, waitMs: undefined, free: false };
  if (error instanceof APIError) {
    const status: number | undefined = error.status;
    return {
      error: new ModelError(codeOf(status), `The model's server answered ${status ?? 'and broke off'}.`, { cause: error }),
      waitMs: retryAfterMs(error.headers),
      free: isFree(status, error),
    };
  }
  return { error: new ModelError('cut_stream', 'The answer broke off.', { cause: error }), waitMs: undefined, free: false };
}
