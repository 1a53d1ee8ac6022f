/** For graphs of LangGraph.js: where people decide, the graph's own interrupt is a task of Charter, and a resumed graph goes on by the same key. */
import { interrupt } from '@langchain/langgraph';
import { CharterError, type Call } from './client.ts';

/** What a graph is interrupted with. */
export interface CharterInterrupt {
  readonly charter: string; // the action that waits for people
  readonly says: string;
}

/**
 * A governed function as a node calls it. It interrupts the graph while people decide; resumed with anything, it asks again, and runs once it is
 * permitted. A graph that is resumed too early is interrupted again.
 * @throws CharterError as `governed`, but never `waiting`
 */
export function interrupting<I, R>(governed: (input: I, call: Call) => Promise<R>): (input: I, call: Omit<Call, 'waitMs'>) => Promise<R> {
  return async (input, call) => {
    for (;;) {
      try {
        return await governed(input, { ...call, waitMs: SHORTLY_MS });
      } catch (error) {
        if (!(error instanceof CharterError) || error.code !== 'waiting') throw error;
        interrupt<CharterInterrupt>({ charter: error.action ?? '', says: error.message });
      }
    }
  };
}

const SHORTLY_MS = 1_000; // the gate alone takes milliseconds; people take longer, and the graph need not be held in memory
