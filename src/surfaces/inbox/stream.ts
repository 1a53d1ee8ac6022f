/** Says to a page that something was recorded; what it was the page reads itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Caller, Client } from '../../client.ts';
import { failed, type Trouble } from '../api/problems.ts';

const LOOK_MS = 700; // one indexed row per open page; a vote shows in the other window within a second
const SILENCE_MS = 15_000; // proxies cut what is silent for longer

export interface Watch {
  readonly client: Client;
  readonly caller: () => Caller | undefined; // who the session is now; nobody ends the stream
  readonly closing: AbortSignal; // of the server
  readonly overtaken: AbortSignal; // by pages that were opened later
  readonly closed: () => void;
  readonly trouble: Trouble;
}

export const changes = (c: Context, watch: Watch): Response => {
  const { client, caller, closing, overtaken, closed, trouble } = watch;
  c.header('Connection', 'close'); // when the stream ends so does its connection, and a closing server waits for none
  const ending = AbortSignal.any([closing, overtaken]); // the server's own signal would count a listener for each page
  return streamSSE(c, async (stream) => {
    let [seen, said] = ['', 0];
    try {
      for (let who = caller(); who && !stream.aborted && !ending.aborted; who = caller()) {
        const at = await client.changes(who, {}).then(
          (last) => last.at,
          (error: unknown) => failed(error, 'changes', trouble).then(() => undefined),
        );
        if (at === undefined) return; // the page comes back, and its next read says what is wrong
        if (at !== seen || Date.now() - said > SILENCE_MS) {
          await stream.writeSSE({ event: at === seen ? 'quiet' : 'changed', data: at });
          said = Date.now();
        }
        seen = at;
        await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined); // ending wakes it, and so the loop ends
      }
      if (overtaken.aborted) await stream.writeSSE({ event: 'overtaken', data: '' });
    } finally {
      closed();
    }
  });
};
