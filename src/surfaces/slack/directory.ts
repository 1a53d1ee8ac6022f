/** What Slack says of people: who is a member of ours, who has no authority, and who reads a channel. Remembered for a minute. */
import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackStanding } from '../../client.ts';
import type { Self } from './events.ts';
import { LONGEST_WAIT_MS } from './trouble.ts';

type Standing = SlackStanding['standing'];

const REMEMBERED_MS = 60_000; // who was made a guest or deactivated loses authority, and who joined a channel is seen, within this time
const MOST = 2_000; // people, or channels
const MOST_READERS = 1_000; // of a channel, and of a page; nobody looks through more
const MOST_PAGES = 5;
const UNKNOWN = new Set(['user_not_found', 'user_not_visible']); // Slack's answer is that they are nobody of this workspace

const User = z.object({
  team_id: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
});
const Page = z.object({
  members: z.array(User.extend({ id: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Readers = z.object({ members: z.array(z.string()), response_metadata: z.object({ next_cursor: z.string().optional() }).optional() });

export interface Directory {
  /** @throws what the call throws: who is not known has no authority. While Slack wants to hear nothing it is not asked, and the same is thrown */
  standing(team: string, user: string): Promise<Standing>;
  /** Whether everybody who reads a channel is of our house. @throws what the call throws */
  house(channel: string): Promise<boolean>;
}

export interface DirectoryOptions {
  readonly web: Pick<webApi.WebClient, 'users' | 'conversations'>; // gives up within the time in which Slack wants its answer
  readonly self: Self;
  readonly now: () => number; // milliseconds since 1970
}

export function directory({ web, self, now }: DirectoryOptions): Directory {
  const silence = considerate(now);
  const one = remembered(now, async (user) => {
    const { user: found } = await silence(() => web.users.info({ user })).catch(unlessUnknown);
    return found === undefined ? 'stranger' : standingOf(User.parse(found), self);
  });
  const everybody = remembered(now, () => standings(web, self));
  const house = remembered(now, async (channel) => {
    const { members, response_metadata } = Readers.parse(await web.conversations.members({ channel, limit: MOST_READERS }));
    if (response_metadata?.next_cursor) return false;
    const known = await everybody('');
    return members.every((user) => user === self.user || ['member', 'bot'].includes(known.get(user) ?? 'stranger'));
  });
  return {
    standing: async (team, user) => (team === self.team ? one(user) : 'stranger'),
    house,
  };
}

function unlessUnknown(error: unknown): { readonly user?: undefined } {
  if (error instanceof webApi.WebAPIPlatformError && UNKNOWN.has(error.data.error)) return {};
  throw error;
}

/** Where Slack asked for silence, its answer is given again without a call. */
function considerate(now: () => number): <T>(call: () => Promise<T>) => Promise<T> {
  const asked: { until: number; error?: webApi.WebAPIRateLimitedError } = { until: 0 };
  return async (call) => {
    if (asked.error && now() < asked.until) throw asked.error;
    return call().catch((error: unknown) => {
      if (error instanceof webApi.WebAPIRateLimitedError) Object.assign(asked, { error, until: now() + Math.min(LONGEST_WAIT_MS, error.retryAfter * 1000) });
      throw error;
    });
  };
}

/** Everybody of the workspace, as far as we look. */
async function standings(web: DirectoryOptions['web'], self: Self): Promise<ReadonlyMap<string, Standing>> {
  const known = new Map<string, Standing>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { members, response_metadata } = Page.parse(await web.users.list({ limit: MOST_READERS, ...(cursor ? { cursor } : {}) }));
    for (const { id, ...user } of members) known.set(id, standingOf(user, self));
    cursor = response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return known;
}

/** Asks once for all who want to know the same at a time, and again after a while; what failed is not remembered. */
function remembered<T>(now: () => number, load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  return (key) => {
    const before = known.get(key);
    if (before && before.until > now()) return before.value;
    if (known.size >= MOST) known.clear();
    const value = load(key);
    known.set(key, { value, until: now() + REMEMBERED_MS });
    value.catch(() => known.get(key)?.value === value && known.delete(key));
    return value;
  };
}

function standingOf(user: z.infer<typeof User>, self: Self): Standing {
  if (user.is_bot) return 'bot';
  if (user.deleted) return 'gone';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== self.team)) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
