/**
 * Carries messages to Slack, one at a time, in the order of their causes. A message is done when Slack has said so; where nothing was heard
 * of a try, it is looked for by its key before it is sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import type { SlackDesk, SlackMessage } from '../../client.ts';
import { deliver } from './deliver.ts';
import type { Post } from './post.ts';
import { grow } from './stream.ts';

const LOOK_MS = 400; // a decision shows on its cards within a second
const MOST = 10; // messages of one round
const LONGEST_WAIT_MS = 60_000; // between two tries, and the longest silence that we keep because Slack asked for one
const TRANSIENT = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'accesslimited',
  'invalid_auth', // the operator mends these: nothing is lost until then
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
]);

export interface Courier {
  /** Looks now, and not only in a moment. */
  stir(): void;
  /** Ends after the message in hand. */
  ended: Promise<void>;
}

export interface CourierOptions extends Post {
  readonly desk: SlackDesk;
  readonly closing: AbortSignal;
  readonly log: (fields: object, message: string) => void;
}

export function startCourier(options: CourierOptions): Courier {
  const { closing } = options;
  let stirred = new AbortController();
  const wait = (ms: number) => sleep(ms, undefined, { signal: AbortSignal.any([closing, stirred.signal]) }).catch(() => undefined);
  const run = async (): Promise<void> => {
    for (let troubles = 0; !closing.aborted;) {
      stirred = new AbortController();
      try {
        const { carried, pause } = await round(options);
        troubles = 0;
        if (pause > 0) await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
        else if (carried < MOST) await wait(LOOK_MS);
      } catch (error) {
        troubles += 1;
        options.log({ err: error }, 'what is to be said in Slack cannot be read; tried again');
        await wait(backoff(troubles));
      }
    }
  };
  return { stir: () => stirred.abort(), ended: run() };
}

const backoff = (tries: number): number => Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(tries, 10));

/** @returns how many messages were in hand, and for how long Slack wants to hear nothing */
async function round(options: CourierOptions): Promise<{ readonly carried: number; readonly pause: number }> {
  const { desk, closing } = options;
  await desk.keepUp();
  const due = await desk.take(MOST);
  let pause = 0;
  for (const message of due) {
    if (pause > 0 || closing.aborted) await desk.again(message, pause, false, 'waits its turn');
    else pause = await carry(options, message);
  }
  return { carried: due.length, pause };
}

async function carry(options: CourierOptions, message: SlackMessage): Promise<number> {
  const { desk, log } = options;
  try {
    if (!message.whole) {
      await grow(options, message, desk);
      return 0;
    }
    const { channel, ts } = await deliver(options, message, (...begun) => desk.begun(message, ...begun));
    await desk.sent(message, channel, ts);
    return 0;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'refused') {
      log({ slack: trouble.error, kind: message.says.kind }, 'Slack refused a message');
      await desk.fail(message, trouble.error);
      return 0;
    }
    const waitMs = trouble.kind === 'asked_to_wait' ? trouble.waitMs : backoff(message.tries);
    await desk.again(message, waitMs, trouble.kind === 'unheard', trouble.error);
    return trouble.kind === 'asked_to_wait' ? Math.min(LONGEST_WAIT_MS, waitMs) : 0;
  }
}

type Failure =
  | { readonly kind: 'asked_to_wait'; readonly waitMs: number; readonly error: string } // it was not taken
  | { readonly kind: 'not_now' | 'unheard' | 'refused'; readonly error: string };

/** What is known of a message after an error: only where nothing came back may it be there all the same. */
function troubleOf(error: unknown): Failure {
  if (error instanceof webApi.WebAPIRateLimitedError) return { kind: 'asked_to_wait', waitMs: error.retryAfter * 1000, error: 'ratelimited' };
  if (error instanceof webApi.WebAPIPlatformError) return { kind: TRANSIENT.has(error.data.error) ? 'not_now' : 'refused', error: error.data.error };
  if (error instanceof webApi.WebAPIHTTPError) return { kind: 'unheard', error: `HTTP ${error.statusCode}` };
  return { kind: 'unheard', error: error instanceof Error ? error.name : 'unknown' };
}
