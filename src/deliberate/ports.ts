/** The model, as deliberation needs it, and the meter that stops it. */
import type { Digest } from '../kernel/digest.ts';
import type { AgentName } from '../kernel/ids.ts';
import type { Classification } from '../kernel/nouns.ts';
import type { Sensitive } from '../kernel/sensitive.ts';
import type { Tellable } from './sealed.ts';

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly call: string; readonly text: string };

/** A call as the model made it. `args` is unparsed where it is no JSON. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly raw: string };
}

export interface ToolSpec {
  readonly name: string; // `finance.pay_invoice`; adapters spell it as their API allows
  readonly summary: string;
  readonly inputSchema: Readonly<Record<string, unknown>>; // JSON Schema
}

export interface Usage {
  readonly model: string;
  readonly input: number; // tokens
  readonly output: number;
  readonly micros: number; // cost, millionths of a US dollar
}

/** What one call of the model came to. */
export type ModelTurn =
  | { readonly kind: 'answer'; readonly text: string; readonly usage: Usage }
  | { readonly kind: 'calls'; readonly text: string; readonly calls: readonly ToolCall[]; readonly usage: Usage }
  | { readonly kind: 'refusal'; readonly text: string; readonly usage: Usage };

export interface ModelRequest {
  readonly system: string;
  readonly transcript: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly maxOutputTokens: number;
  /** Is asked before each try, and told after it; a port that is refused makes no call. */
  readonly reserve: (most: Usage) => Promise<Reserved>;
  /** Hears the answer so far, as often as it grows; after a stream that broke it begins anew. */
  readonly onText?: (soFar: string) => void;
}

/** A large language model behind somebody's API. Every adapter passes `test/conformance/model-port.ts`. */
export interface ModelPort {
  readonly name: 'anthropic' | 'openai' | 'playbook';
  readonly model: string;
  readonly address: URL | null; // that is asked; null where nothing leaves this process
  /** @throws ModelError */
  next(request: ModelRequest, signal: AbortSignal): Promise<ModelTurn>;
}

/** Money set aside for one try of a call. Whoever got it settles it; what is never settled stays spent. */
export type Reserved = { readonly ok: true; settle(usage: Usage): Promise<void> } | { readonly ok: false; readonly why: string };

/** The model could not answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  constructor(
    readonly code: 'rate_limited' | 'overloaded' | 'cut_stream' | 'timed_out' | 'bad_key' | 'request_refused' | 'too_long' | 'no_money',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What one call is going to tell a model. */
export interface Telling {
  readonly classification: Classification; // of the most sensitive thing in it, but for what is sealed
  readonly kinds: readonly Sensitive[]; // of sensitive values in it
  readonly sealed: number; // values that stand behind names
  readonly wire: Digest; // of all that is sent
}

/** The gate, asked about the model's destination. */
export interface Destination extends Tellable {
  /** Whether something of this class may be told at all. */
  classification(of: Classification): boolean;
  /** Judged and on record before it leaves. @returns why not; undefined where it may leave */
  leaves(telling: Telling): Promise<string | undefined>;
}

/** Counts what models cost, and says when it is enough. */
export interface Meter {
  /** Sets aside the most that one try may cost, within the agent's own month and the organization's. */
  reserve(agent: AgentName, most: Usage): Promise<Reserved>;
}
