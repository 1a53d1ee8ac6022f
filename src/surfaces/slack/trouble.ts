/** What is known after an error of Slack's client, and when it is tried again. */
import { webApi } from '@slack/bolt';

export const LONGEST_WAIT_MS = 60_000; // between two tries, and the longest silence that we keep because Slack asked for one
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

export type Failure =
  | { readonly kind: 'asked_to_wait'; readonly waitMs: number; readonly error: string } // it was not taken
  | { readonly kind: 'not_now' | 'unheard' | 'refused'; readonly error: string };

/** What is known of a call after an error: only where nothing came back may it be carried out all the same. */
export function troubleOf(error: unknown): Failure {
  if (error instanceof webApi.WebAPIRateLimitedError) return { kind: 'asked_to_wait', waitMs: error.retryAfter * 1000, error: 'ratelimited' };
  if (error instanceof webApi.WebAPIPlatformError) return { kind: TRANSIENT.has(error.data.error) ? 'not_now' : 'refused', error: error.data.error };
  if (error instanceof webApi.WebAPIHTTPError) return { kind: 'unheard', error: `HTTP ${error.statusCode}` };
  return { kind: 'unheard', error: error instanceof Error ? error.name : 'unknown' };
}

/** @returns milliseconds until the next try */
export const backoff = (tries: number): number => Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(tries, 10));

/** How long a try waits for the next. */
export const waitAfter = (failure: Failure, tries: number): number =>
  failure.kind === 'asked_to_wait' ? Math.min(LONGEST_WAIT_MS, failure.waitMs) : backoff(tries);
