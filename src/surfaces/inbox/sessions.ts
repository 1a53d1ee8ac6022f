/**
 * Who sits at a browser. A person's token makes a link, a link makes a session, once; behind each session stays that very
 * token, so that votes keep the rule of their credential. A session has two secrets: a cookie, which the browser also sends to every other
 * program on this machine's name, and one that only pages of our own origin can read. In memory alone: whoever was signed in opens a new
 * link after a restart.
 */
import { randomBytes } from 'node:crypto';
import type { Caller } from '../../client.ts';

const LINK_LIFE_MS = 5 * 60_000; // from the terminal to the browser
const SESSION_LIFE_MS = 12 * 3_600_000; // a working day
const SECRET_BYTES = 24; // 192 bits: nobody guesses one
export const MOST_LINKS = 5; // of one person at a time; the oldest goes
export const MOST_SESSIONS = 10; // of one person: a few browsers, some of them forgotten; the oldest ends
export const MOST_STREAMS = 5; // of one session: a browser holds six connections to one server, and one is for reads and votes

/** What a browser brings. One of the two alone is nobody. */
export interface Keys {
  readonly cookie: string | undefined;
  readonly page: string | undefined;
}

/** Whoever a link or a session is for. */
export interface Holder {
  readonly token: string;
  readonly person: string;
  readonly name: string;
}

export interface Sessions {
  /** A code for one session; it works once, for five minutes. */
  link(holder: Holder): string;
  /** Whose a code is; undefined where it was used, has run out, or never was. */
  meant(code: string): Holder | undefined;
  /** A new session; undefined as above. */
  redeem(code: string): { readonly cookie: string; readonly page: string } | undefined;
  /** Who a session is; undefined where it has ended. */
  holder(keys: Keys): Holder | undefined;
  caller(keys: Keys): Caller | undefined;
  /** One more open page of a session. It aborts where the session has opened more since than it may. */
  stream(keys: Keys): AbortController;
  closed(keys: Keys, stream: AbortController): void;
  end(keys: Keys): void;
}

interface Entry {
  readonly holder: Holder;
  readonly until: number;
  readonly streams: AbortController[];
}

const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url');
const keyOf = ({ cookie, page }: Keys): string => `${cookie ?? ''} ${page ?? ''}`; // no secret holds a blank

/** @param now milliseconds since 1970, wall clock */
export function createSessions(now: () => number): Sessions {
  const [links, sessions] = [new Map<string, Entry>(), new Map<string, Entry>()];
  const add = (to: Map<string, Entry>, key: string, holder: Holder, life: number, most: number): void => {
    for (const [old, { until }] of to) if (until <= now()) to.delete(old);
    const own = [...to].filter(([, entry]) => entry.holder.person === holder.person); // the oldest first
    for (const [old] of own.slice(0, Math.max(0, own.length - most + 1))) to.delete(old);
    to.set(key, { holder, until: now() + life, streams: [] });
  };
  const live = (entry: Entry | undefined): Entry | undefined => (entry && entry.until > now() ? entry : undefined);
  const session = (keys: Keys): Entry | undefined => live(sessions.get(keyOf(keys)));
  return {
    link(holder) {
      const code = secret();
      add(links, code, holder, LINK_LIFE_MS, MOST_LINKS);
      return code;
    },
    meant: (code) => live(links.get(code))?.holder,
    redeem(code) {
      const entry = live(links.get(code));
      links.delete(code);
      if (!entry) return undefined;
      const keys = { cookie: secret(), page: secret() };
      add(sessions, keyOf(keys), entry.holder, SESSION_LIFE_MS, MOST_SESSIONS);
      return keys;
    },
    holder: (keys) => session(keys)?.holder,
    caller(keys) {
      const entry = session(keys);
      return entry && { kind: 'person', token: entry.holder.token };
    },
    stream(keys) {
      const [mine, streams] = [new AbortController(), session(keys)?.streams ?? []];
      streams.push(mine);
      for (const old of streams.splice(0, Math.max(0, streams.length - MOST_STREAMS))) old.abort();
      return mine;
    },
    closed(keys, stream) {
      const streams = session(keys)?.streams ?? [];
      if (streams.includes(stream)) streams.splice(streams.indexOf(stream), 1);
    },
    end: (keys) => void sessions.delete(keyOf(keys)),
  };
}
