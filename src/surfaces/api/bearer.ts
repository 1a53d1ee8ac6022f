/** Who calls, by the token that a request carries. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../client.ts';

/** @param operator the secret of whoever holds the data directory */
export function callerOf(header: string | undefined, operator: string): Caller | undefined {
  const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
  if (token === undefined) return undefined;
  const same = (a: string, b: string) => timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
  return same(token, operator) ? { kind: 'operator' } : { kind: 'person', token };
}
