/** For graphs of LangGraph.js: where people decide, the graph's own interrupt is a task of Charter, and a resumed graph goes on by the same key. */
import { CharterError, type Call } from './client.ts';

/** What a graph is interrupted with. */
export interface CharterInterrupt {
  readonly charter: string; // the action that waits for people
  readonly says: string;
}

/** `interrupt` of `@langchain/langgraph`. It throws the first time, and returns when the graph is resumed. */
export type Interrupt = (value: CharterInterrupt) => unknown;

/**
 * A governed function as a node calls it. It interrupts the graph while people decide; resumed with anything, it asks again, and runs once it is
 * permitted. A graph that is resumed too early is interrupted again.
 * @throws CharterError as `governed`, but never `waiting`
 */
export function interrupting<I, R>(governed: (input: I, call: Call) => Promise<R>, interrupt: Interrupt): (input: I, call: Omit<Call, 'waitMs'>) => Promise<R> {
  return async (input, call) => {
    for (;;) {
      try {
        return await governed(input, { ...call, waitMs: SHORTLY_MS });
      } catch (error) {
        if (!(error instanceof CharterError) || error.code !== 'waiting') throw error;
        interrupt({ charter: error.action ?? '', says: error.message });
      }
    }
  };
}

const SHORTLY_MS = 1_000; // the gate alone takes milliseconds; people take longer, and the graph need not be held in memory

/** What a tool of LangChain is called with, as far as it is needed here. */
export interface ToolConfig {
  readonly configurable?: Readonly<Record<string, unknown>>;
  readonly toolCall?: { readonly id?: string };
}

/**
 * A governed function as the function of a tool: `tool(toolFunction(charter.governed(send), interrupt, because), { name, description, schema })`. The
 * thread and the id that the model gave its call are the key, so that a graph that is resumed, or run again, acts once.
 * @param because the rationale of a call, for whoever decides
 * @throws CharterError as `interrupting`; TypeError where the call has no id, or the graph no thread
 */
export function toolFunction<I, R>(
  governed: (input: I, call: Call) => Promise<R>,
  interrupt: Interrupt,
  because: (input: I) => string,
): (input: I, config: ToolConfig) => Promise<R> {
  const run = interrupting(governed, interrupt);
  return (input, { configurable, toolCall }) => {
    const [thread, id] = [configurable?.['thread_id'], toolCall?.id];
    if (typeof thread !== 'string' || id === undefined)
      throw new TypeError('A governed tool needs a graph with a `thread_id` and a call with an id: without them the same call could be made twice.');
    return run(input, { key: `${thread}/${id}`.slice(-LONGEST_KEY), rationale: because(input) });
  };
}

const LONGEST_KEY = 100; // of the gate; the end of it tells calls apart
