/**
 * `charter/client`: the gate of an organization, for a runtime that is not ours. Any async function becomes a governed one: judged, decided by
 * people where they decide, warranted, run here, and its receipt handed in. Where the gate does not answer, nothing runs.
 *
 *     const charter = createClient({ url, token });
 *     const send = charter.governed({ name: 'crm.send_note', input: z.object({ to: z.string() }), run: ({ to }) => mail(to) });
 *     await send({ to: 'sam@customer.example' }, { key: 'note-1', rationale: 'the customer waits for it' });
 */
import { z } from 'zod';
import { Declared, held, type FailOpen, type Held } from './fail-open.ts';

export type { FailOpen, UnjudgedRead } from './fail-open.ts';

/** The call was not done, or nobody knows: what the gate or the way to it said. */
export class CharterError extends Error {
  override readonly name = 'CharterError';
  constructor(
    readonly code: 'unreachable' | 'refused' | 'denied' | 'waiting' | 'fetched_before' | 'failed' | 'receipt_missing',
    message: string,
    readonly action: string | null = null, // to come back with
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface ClientOptions {
  readonly url: string;
  readonly token: string; // of a delegation
  readonly timeoutMs?: number; // of one request; 35 s without it, a little more than the longest wait of the gate
  readonly fetch?: typeof fetch;
  readonly failOpen?: FailOpen; // without it nothing is ever read where the gate does not answer
}

/** A function with the schema of its arguments, under the name that its manifest has in the organization. */
export interface Tool<S extends z.ZodType<Record<string, unknown>>, R extends Record<string, unknown>> {
  readonly name: string;
  readonly input: S;
  run(input: z.output<S>, context: { readonly action: string; readonly warrant: string }): Promise<R>;
}

export interface Call {
  readonly key: string; // of idempotency: the same again is the same action
  readonly rationale: string; // for whoever decides
  readonly trace?: string;
  readonly waitMs?: number; // for people; an hour without it
}

const Why = z.object({ verdict: z.enum(['permit', 'deny', 'escalate']), why: z.array(z.string()) });
const Decision = Why.extend({ event: z.string() });
const Action = z.object({
  id: z.string(),
  state: z.string(),
  settled: z.boolean(),
  decision: Why.nullable(),
  receipt: z.record(z.string(), z.unknown()).nullable(),
});
const Warranted = Action.extend({ warrant: z.string().nullable(), again: z.boolean() });
export type ActionState = z.infer<typeof Action>;

const TIMEOUT_MS = 35_000;
const WAIT_S = 25; // of one question how far it is
const HOUR_MS = 3_600_000;

export interface CharterClient {
  /** What the gate says; nothing is done. @throws CharterError `unreachable`, `refused` */
  decide(tool: string, args: Record<string, unknown>, trace?: string): Promise<z.infer<typeof Decision>>;
  /** How far an action is. @throws CharterError `unreachable`, `refused` */
  action(id: string): Promise<ActionState>;
  /**
   * The function, governed. It runs only with a warrant that was never fetched before.
   * @throws CharterError: `denied`; `waiting` with the action to come back with under the same key; `fetched_before` where it may have run;
   *   `unreachable` and `refused`, where it did not run
   */
  governed<S extends z.ZodType<Record<string, unknown>>, R extends Record<string, unknown>>(tool: Tool<S, R>): (input: z.input<S>, call: Call) => Promise<R>;
  /**
   * Hears what the organization lets be read while the gate is away, and sends in what was read so. A client with `failOpen` does it by itself, with its
   * first call and then once in ten minutes.
   * @returns how many were sent in @throws CharterError `unreachable`, `refused`: they wait on
   */
  catchUp(): Promise<number>;
}

export function createClient(options: ClientOptions): CharterClient {
  const ask = asking(options);
  const open = options.failOpen && { ...options.failOpen, held: held(options.failOpen) };
  return {
    catchUp: () => (open ? catchUp(ask, open.held) : Promise.resolve(0)),
    decide: (tool, args, trace) => ask(Decision, 'POST', '/v1/decisions', { body: { tool, args, ...(trace === undefined ? {} : { trace }) } }),
    action: (id) => ask(Action, 'GET', `/v1/actions/${id}`),
    governed: (tool) => async (input, call) => {
      const parsed = tool.input.parse(input);
      const { key, rationale, trace, waitMs = HOUR_MS } = call;
      const body = { tool: tool.name, args: parsed, rationale, ...(trace === undefined ? {} : { trace }) };
      try {
        if (open && Date.now() - open.held.heard() > HEAR_AGAIN_MS) await catchUp(ask, open.held);
        const { id } = await ask(Action, 'POST', '/v1/actions', { key, body });
        const warrant = await warranted(ask, id, Date.now() + waitMs);
        return await carriedOut(ask, tool, parsed, { action: id, warrant });
      } catch (error) {
        if (!open || !(error instanceof CharterError) || error.code !== 'unreachable' || !open.held.may(tool.name)) throw error;
        const read = { key, tool: tool.name, args: parsed, at: new Date().toISOString() };
        open.held.keep(read); // before it is made: what cannot be kept is not read
        open.shown(read);
        return tool.run(parsed, { action: '', warrant: '' });
      }
    },
  };
}

const HEAR_AGAIN_MS = 600_000;
const SENT_AT_ONCE = 50; // the most that one request takes

async function catchUp(ask: Ask, kept: Held): Promise<number> {
  const waiting = kept.waiting();
  for (let from = 0; from < waiting.length; from += SENT_AT_ONCE) {
    const calls = waiting.slice(from, from + SENT_AT_ONCE);
    await ask(z.object({ events: z.array(z.string()) }), 'POST', '/v1/unjudged', { body: { calls } });
    for (const call of calls) kept.sent(call);
  }
  kept.hear(await ask(Declared, 'GET', '/v1/terms'));
  return waiting.length;
}

type Ask = <S extends z.ZodType>(
  schema: S,
  method: 'GET' | 'POST',
  path: string,
  sent?: { readonly key?: string; readonly body?: unknown },
) => Promise<z.output<S>>;

/** Anything but an answer that was asked for is an error: a timeout, a 5xx, a page of somebody else's. */
function asking({ url, token, timeoutMs = TIMEOUT_MS, fetch: send = fetch }: ClientOptions): Ask {
  return async (schema, method, path, { key, body } = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const init = { method, headers, signal: AbortSignal.timeout(timeoutMs), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const { status, said } = await send(new URL(path, url), init).then(
      async (response) => ({ status: response.status, said: await jsonOf(response) }),
      (error: unknown) => {
        throw new CharterError('unreachable', `The gate at \`${url}\` does not answer; nothing was done.`, null, { cause: error });
      },
    );
    const problem = z.object({ detail: z.string() }).safeParse(said);
    if (status >= 500) throw new CharterError('unreachable', problem.data?.detail ?? `The gate answers ${status}; nothing was done.`);
    if (status >= 400) throw new CharterError('refused', problem.data?.detail ?? `The gate answers ${status}.`);
    const answer = schema.safeParse(said);
    if (!answer.success) throw new CharterError('unreachable', `What answers at \`${url}\` is no gate; nothing was done.`, null, { cause: answer.error });
    return answer.data;
  };
}

const jsonOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Waits for the gate and for people, and fetches the warrant. */
async function warranted(ask: Ask, id: string, until: number): Promise<string> {
  for (;;) {
    const now = await ask(Action, 'GET', `/v1/actions/${id}`);
    if (now.settled) throw new CharterError(now.state === 'done' || now.state === 'failed' ? 'fetched_before' : 'denied', ended(now), id);
    if (now.state === 'permitted') {
      const { warrant, again, ...then } = await ask(Warranted, 'POST', `/v1/actions/${id}/warrant`);
      if (warrant !== null && again)
        throw new CharterError('fetched_before', `The warrant of \`${id}\` was fetched before, and may have been used; see to it yourself.`, id);
      if (warrant !== null) return warrant;
      if (then.settled) throw new CharterError('denied', ended(then), id);
    }
    if (Date.now() >= until) throw new CharterError('waiting', `\`${id}\` waits for people; call again with the same key.`, id);
    await ask(Action, 'GET', `/v1/actions/${id}?wait=${Math.max(1, Math.min(WAIT_S, Math.ceil((until - Date.now()) / 1_000)))}&from=${now.state}`);
  }
}

const ended = ({ id, state, decision }: ActionState): string =>
  `\`${id}\` is ${state}${decision && decision.why.length > 0 ? `: ${decision.why.join('; ')}` : ''}.`;

async function carriedOut<S extends z.ZodType<Record<string, unknown>>, R extends Record<string, unknown>>(
  ask: Ask,
  tool: Tool<S, R>,
  input: z.output<S>,
  context: { readonly action: string; readonly warrant: string },
): Promise<R> {
  const output = await tool.run(input, context).catch(async (error: unknown) => {
    const message = error instanceof Error ? error.message.slice(0, 2_000) : 'no error said why';
    await handIn(ask, context.action, { outcome: 'failed', code: 'tool_failed', message });
    throw new CharterError('failed', message, context.action, { cause: error });
  });
  await handIn(ask, context.action, { outcome: 'done', output });
  return output;
}

const RECEIPT_WAITS_MS = [200, 1_000, 5_000, 20_000]; // between tries: it was done, and the gate should know, also after it was away

/** The same receipt again is answered the same. @throws CharterError `receipt_missing` */
async function handIn(ask: Ask, action: string, receipt: Record<string, unknown>): Promise<void> {
  for (const wait of [0, ...RECEIPT_WAITS_MS]) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      await ask(Action, 'POST', `/v1/actions/${action}/receipt`, { body: receipt });
      return;
    } catch (error) {
      if (!(error instanceof CharterError) || error.code !== 'unreachable') throw error;
    }
  }
  throw new CharterError(
    'receipt_missing',
    `\`${action}\` was carried out, and its receipt could not be handed in: POST /v1/actions/${action}/receipt.`,
    action,
  );
}
