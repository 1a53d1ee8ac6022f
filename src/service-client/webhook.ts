/** Word that the gate sends when an action changes, instead of being asked. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const Word = z.object({ type: z.literal('action.changed'), data: z.object({ id: z.string(), state: z.string(), settled: z.boolean() }) });

/** What changed. Ids and states: the rest is asked for, with the token. */
export type ActionChanged = z.infer<typeof Word>['data'];

const OFF_S = 300; // either way: older word is a repetition, and newer word a forgery or a wrong clock

/**
 * Reads a message that says it is the gate's. The same one may come twice.
 * @param secret `webhookSecret` of the delegation
 * @param headers `webhook-id`, `webhook-timestamp`, `webhook-signature`, in lower case, as Node gives them
 * @param body as it came, byte by byte
 * @param now milliseconds since 1970
 * @returns undefined where it was not signed with the secret, lately: answer 401, and do nothing
 */
export function verifyWebhook(
  secret: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
  now: number = Date.now(),
): ActionChanged | undefined {
  const [id, stamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (typeof id !== 'string' || typeof stamp !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(stamp)) return undefined;
  if (Math.abs(now / 1_000 - Number(stamp)) > OFF_S) return undefined;
  const own = Buffer.from(`v1,${createHmac('sha256', secret).update(`${id}.${stamp}.${body}`).digest('base64')}`);
  const theirs = Buffer.from(signature);
  if (own.length !== theirs.length || !timingSafeEqual(own, theirs)) return undefined;
  try {
    return Word.safeParse(JSON.parse(body)).data?.data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
