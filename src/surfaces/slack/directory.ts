/** What Slack says of a user: a member of ours, or somebody without authority. Remembered for a few minutes. */
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackHeard } from '../../client.ts';
import type { Self } from './events.ts';

type Standing = SlackHeard['standing'];

const REMEMBERED_MS = 5 * 60_000; // who was made a guest or deactivated loses authority within this time
const MOST = 2_000; // people

const User = z.object({
  team_id: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
});

/** @throws what the call throws: who is not known has no authority */
export type Directory = (team: string, user: string) => Promise<Standing>;

/** @param web gives up within the time in which Slack wants its answer @param now milliseconds since 1970 */
export function directory(web: Pick<webApi.WebClient, 'users'>, self: Self, now: () => number): Directory {
  const known = new Map<string, { readonly standing: Standing; readonly until: number }>();
  return async (team, user) => {
    if (team !== self.team) return 'stranger';
    const before = known.get(user);
    if (before && before.until > now()) return before.standing;
    const standing = standingOf(User.parse((await web.users.info({ user })).user), self);
    if (known.size >= MOST) known.clear();
    known.set(user, { standing, until: now() + REMEMBERED_MS });
    return standing;
  };
}

function standingOf(user: z.infer<typeof User>, self: Self): Standing {
  if (user.is_bot) return 'bot';
  if (user.deleted) return 'gone';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== self.team)) return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
