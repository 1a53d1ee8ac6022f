/**
 * Who sits at a browser. A person's token makes a link, a link makes a session, once; behind each session stays that very
 * token, so that votes keep the rule of their credential. In memory alone: whoever was signed in opens a new link after a restart.
 */
import { randomBytes } from 'node:crypto';
import type { Caller } from '../../client.ts';

const LINK_LIFE_MS = 5 * 60_000; // from the terminal to the browser
const SESSION_LIFE_MS = 12 * 3_600_000; // a working day
const SECRET_BYTES = 24; // 192 bits: nobody guesses one

export interface Sessions {
  /** A code for one session of whoever holds this token; it works once, for five minutes. */
  link(token: string): string;
  /** The secret of a new session; undefined where the code was used, has run out, or never was. */
  redeem(code: string): string | undefined;
  /** Who a session is; undefined where it has ended. */
  caller(secret: string | undefined): Caller | undefined;
  end(secret: string): void;
}

interface Entry {
  readonly token: string;
  readonly until: number;
}

/** @param now milliseconds since 1970, wall clock */
export function createSessions(now: () => number): Sessions {
  const [links, sessions] = [new Map<string, Entry>(), new Map<string, Entry>()];
  const add = (to: Map<string, Entry>, token: string, life: number): string => {
    for (const [key, { until }] of to) if (until <= now()) to.delete(key);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    to.set(secret, { token, until: now() + life });
    return secret;
  };
  const live = (entry: Entry | undefined): Entry | undefined => (entry && entry.until > now() ? entry : undefined);
  return {
    link: (token) => add(links, token, LINK_LIFE_MS),
    redeem(code) {
      const entry = live(links.get(code));
      links.delete(code);
      return entry && add(sessions, entry.token, SESSION_LIFE_MS);
    },
    caller(secret) {
      const entry = secret === undefined ? undefined : live(sessions.get(secret));
      return entry && { kind: 'person', token: entry.token };
    },
    end: (secret) => void sessions.delete(secret),
  };
}
