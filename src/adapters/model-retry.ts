/** What both model adapters do alike: wait as told and within a bound, and count what lost attempts cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError, type ModelRequest, type ModelTurn, type ToolCall, type Usage } from '../deliberate/ports.ts';

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

const CHARACTERS_A_TOKEN = 4; // a rule of thumb of both providers, for what a broken stream does not tell

/** One try: what its stream said so far, for the listener; and what it cost where it is lost. */
export class Listening {
  private said = '';
  private began = false;
  constructor(
    private readonly model: string,
    private readonly request: ModelRequest,
  ) {}

  /** The provider answers, and bills from here on. */
  begin(): void {
    this.began = true;
  }
  hear(delta: string): void {
    this.said += delta;
    this.request.onText?.(this.said);
  }
  lost(): readonly Usage[] {
    if (!this.began) return [];
    const { system, transcript, tools } = this.request;
    const tokens = (text: string) => Math.ceil(text.length / CHARACTERS_A_TOKEN);
    return [usage(this.model, tokens(JSON.stringify({ system, transcript, tools })), tokens(this.said))];
  }
}

/** Tries again where that can help: told to wait, overloaded, or cut off in the middle. What lost tries cost counts. @throws ModelError */
export async function patiently(
  attempt: (listening: Listening) => Promise<ModelTurn>,
  to: { readonly model: string; readonly request: ModelRequest },
  explain: (error: unknown) => { error: ModelError; waitMs: number | undefined },
  signal: AbortSignal,
): Promise<ModelTurn> {
  const spent: Usage[] = [];
  let waited = 0;
  for (let tries = 1; ; tries++) {
    const listening = new Listening(to.model, to.request);
    try {
      const turn = await attempt(listening);
      return { ...turn, usage: [...spent, turn.usage].reduce(together) };
    } catch (cause) {
      signal.throwIfAborted();
      const { error, waitMs } = explain(cause);
      spent.push(...listening.lost());
      const wait = waitMs ?? FIRST_WAIT_MS * 2 ** (tries - 1);
      const again = error.code === 'rate_limited' || error.code === 'overloaded' || (error.code === 'cut_stream' && tries === 1);
      if (!again || tries >= MOST_TRIES || waited + wait > LONGEST_WAITING_MS) throw new ModelError(error.code, error.message, spent, { cause });
      waited += wait;
      await sleep(wait, undefined, { signal });
    }
  }
}

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
