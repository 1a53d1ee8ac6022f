/** The connection to a Temporal server, and how it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';

/** How to reach a Temporal server. */
export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
  readonly tls?: ConnectionOptions['tls'];
  readonly apiKey?: string;
}

const LONGEST_PAUSE_MS = 2_000; // between two tries of a call: so long the end may have to wait

/**
 * Its `close` lets the tries that are due run out first: the client's own timer, where it fires on a closed channel, throws what nobody
 * can catch, and ends the process in the middle of its shutdown.
 */
export async function connectTemporal({ address, tls, apiKey }: TemporalAddress): Promise<Connection> {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  let [closing, dueUntil] = [false, 0];
  const retries = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closing && retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const pause = Math.min(LONGEST_PAUSE_MS, delayFunction(attempt, status));
      dueUntil = Math.max(dueUntil, performance.now() + pause);
      return pause;
    },
  });
  const connection = await Connection.connect({
    address,
    connectTimeout: '5s',
    interceptors: [retries],
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  const end = connection.close.bind(connection);
  return Object.assign(connection, {
    async close() {
      closing = true;
      const left = dueUntil - performance.now();
      if (left > 0) await sleep(left + 50); // timers fire a little late
      await end();
    },
  });
}
