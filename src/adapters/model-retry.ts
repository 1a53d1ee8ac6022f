/** What both model adapters do alike: wait as told and within a bound, and count what lost attempts cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError, type ModelRequest, type ModelTurn, type Reserved, type ToolCall, type Usage } from '../deliberate/ports.ts';

const LONGEST_WAITING_MS = 30_000; // in all; beyond that Temporal tries again later
const MOST_TRIES = 4;
const FIRST_WAIT_MS = 500;

/**
 * US dollars per million tokens, input and output, by the beginning of the model's name. From the providers' public price
 * lists, read in November 2026; a model that is not here is counted at the highest price that is.
 */
const PRICES: readonly (readonly [string, number, number])[] = [
  ['claude-opus-5-5', 4, 20],
  ['claude-opus-5', 5, 25],
  ['claude-opus', 15, 75],
  ['claude-sonnet-5', 2, 10],
  ['claude-sonnet', 3, 15],
  ['claude-haiku', 1, 5],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5', 1.25, 10],
];
const DEAREST = [15, 75] as const;

/** Cost in millionths of a US dollar. */
export function usage(model: string, input: number, output: number): Usage {
  const [, perInput = DEAREST[0], perOutput = DEAREST[1]] = PRICES.find(([prefix]) => model.startsWith(prefix)) ?? [];
  return { model, input, output, micros: Math.ceil(input * perInput + output * perOutput) };
}

const FRAMING_TOKENS = 1_000; // that providers add around tools and messages

/**
 * The most that one try may cost. A token is a byte at least (both providers encode bytes), so that the request's bytes bound
 * what is read; what is written, thinking included, is bounded by the request.
 */
const mostOf = (model: string, body: unknown, maxOutputTokens: number): Usage =>
  usage(model, Buffer.byteLength(JSON.stringify(body)) + FRAMING_TOKENS, maxOutputTokens);

/** One try: what its stream said so far, for the listener; and whether the provider has begun, and bills. */
export class Listening {
  private said = '';
  began = false;
  constructor(
    private readonly request: ModelRequest,
    /** What is counted where nobody tells what it cost. */
    readonly most: Usage,
  ) {}

  /** The provider answers, and bills from here on. */
  begin(): void {
    this.began = true;
  }
  reserve(): Promise<Reserved> {
    return this.request.reserve(this.most);
  }
  hear(delta: string): void {
    this.said += delta;
    this.request.onText?.(this.said);
  }
}

/** What went wrong with a try. `free`: nobody bills it, for it was never sent, or refused as it came. */
export interface Explained {
  readonly error: ModelError;
  readonly waitMs: number | undefined;
  readonly free: boolean;
}

const CALL_MS = 120_000; // a try; a stream that falls silent would otherwise hold its slot for ever

export interface Call {
  readonly model: string;
  readonly request: ModelRequest;
  readonly body: unknown; // as it is sent
  readonly callMs?: number;
}

/**
 * Tries again where that can help: told to wait, overloaded, or cut off in the middle. Each try's money is set aside before it, and
 * settled after it; where it cannot be known what a try cost, all that was set aside is spent.
 * @throws ModelError
 */
export async function patiently(
  attempt: (listening: Listening, signal: AbortSignal) => Promise<ModelTurn>,
  { model, request, body, callMs = CALL_MS }: Call,
  explain: (error: unknown) => Explained,
  signal: AbortSignal,
): Promise<ModelTurn> {
  const lost: Usage[] = [];
  let waited = 0;
  for (let tries = 1; ; tries++) {
    const tried = await tryOnce(attempt, new Listening(request, mostOf(model, body, request.maxOutputTokens)), explain, signal, callMs);
    if (tried.ok) return { ...tried.turn, usage: [...lost, tried.turn.usage].reduce(together) };
    const { error, waitMs, free, most } = tried;
    if (!free) lost.push(most);
    const wait = waitMs ?? FIRST_WAIT_MS * 2 ** (tries - 1);
    const again = error.code === 'rate_limited' || error.code === 'overloaded' || (error.code === 'cut_stream' && tries === 1);
    if (!again || tries >= MOST_TRIES || waited + wait > LONGEST_WAITING_MS) throw error;
    waited += wait;
    await sleep(wait, undefined, { signal });
  }
}

type Tried = { readonly ok: true; readonly turn: ModelTurn } | ({ readonly ok: false; readonly most: Usage } & Explained);

async function tryOnce(
  attempt: (listening: Listening, signal: AbortSignal) => Promise<ModelTurn>,
  listening: Listening,
  explain: (error: unknown) => Explained,
  signal: AbortSignal,
  callMs: number,
): Promise<Tried> {
  const { most } = listening;
  const reserved = await listening.reserve();
  if (!reserved.ok) throw new ModelError('no_money', reserved.why);
  const late = AbortSignal.timeout(callMs);
  let turn: ModelTurn;
  try {
    turn = await attempt(listening, AbortSignal.any([signal, late]));
  } catch (cause) {
    const explained = signal.aborted || late.aborted ? tooLate(cause, callMs) : explain(cause);
    await reserved.settle(explained.free && !listening.began ? { ...most, input: 0, output: 0, micros: 0 } : most);
    signal.throwIfAborted();
    return { ok: false, most, ...explained };
  }
  await reserved.settle(turn.usage);
  return { ok: true, turn };
}

const tooLate = (cause: unknown, callMs: number): Explained => ({
  error: new ModelError('timed_out', `The model did not answer within ${callMs / 1_000} seconds.`, { cause }),
  waitMs: undefined,
  free: false,
});

const together = (a: Usage, b: Usage): Usage => ({ model: b.model, input: a.input + b.input, output: a.output + b.output, micros: a.micros + b.micros });

/** The seconds of a `retry-after` header (RFC 9110 section 10.2.3), in milliseconds. */
export function retryAfterMs(headers: { get(name: string): string | null } | undefined): number | undefined {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** The code of an HTTP status. */
export function codeOf(status: number | undefined): ModelError['code'] {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'bad_key';
  if (status === 413) return 'too_long';
  if (status === undefined) return 'cut_stream';
  return status >= 500 ? 'overloaded' : 'request_refused';
}

const NOT_BILLED = [429, 503, 529]; // besides the refusals of 400 to 499: too much at once, and the server said so as the request came
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Whether it is certain that a try cost nothing. */
export function isFree(status: number | undefined, error: unknown): boolean {
  if (status !== undefined) return (status >= 400 && status < 500 && status !== 408 && status !== 499) || NOT_BILLED.includes(status);
  for (let [cause, depth] = [error, 0]; cause instanceof Error && depth < 5; [cause, depth] = [cause.cause, depth + 1])
    if ('code' in cause && typeof cause.code === 'string' && NEVER_SENT.includes(cause.code)) return true;
  return false;
}

/** Arguments as the model wrote them. */
export function argsOf(raw: string): ToolCall['args'] {
  try {
    return { ok: true, value: raw === '' ? {} : JSON.parse(raw) };
  } catch {
    return { ok: false, raw }; // told to the model, which may try again
  }
}

/** Providers allow letters, digits, `_` and `-` in a tool's name; ours have a dot. */
export const outName = (name: string): string => name.replace('.', '__');
export const ourName = (name: string): string => name.replace('__', '.');
