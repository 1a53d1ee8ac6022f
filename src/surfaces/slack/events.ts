/** Events of Slack, as far as we hear them: somebody mentions us in a channel, or writes to us. Everything else is not for us. */
import { z } from 'zod';
import type { SlackHeard } from '../../client.ts';
import { quoting } from './rich-text.ts';
import { clean, readable } from './text.ts';

const Id = z.string().min(1).max(60);
const Event = z.object({
  type: z.enum(['app_mention', 'message']),
  subtype: z.string().optional(),
  user: Id.optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  blocks: z.unknown().optional(),
  ts: z.string().regex(/^\d+\.\d+$/),
  thread_ts: z.string().optional(),
  channel: Id,
  channel_type: z.string().optional(),
  user_team: Id.optional(),
  team: Id.optional(),
});
const Envelope = z.object({ type: z.literal('event_callback'), team_id: Id, event_id: Id, event: Event });

const OWN_WORDS = new Set([undefined, 'file_share', 'thread_broadcast']); // an edit, a deletion, a bot's or a channel's message is none

/** Who we are in Slack. */
export interface Self {
  readonly user: string;
  readonly team: string;
  readonly bot: string;
}

/** What somebody said to us; undefined where nobody did. */
export function heard(body: unknown, self: Self): SlackHeard | undefined {
  const parsed = Envelope.safeParse(body);
  if (!parsed.success) return undefined;
  const { event, event_id, team_id } = parsed.data;
  const { user, channel, ts, channel_type, type, subtype, bot_id } = event;
  const direct = channel_type === 'im';
  if (user === undefined || user === self.user || bot_id || !OWN_WORDS.has(subtype)) return undefined;
  if (type === 'message' && !direct) return undefined; // in a channel we are spoken to by our name
  return {
    event: event_id,
    team: event.user_team ?? event.team ?? team_id,
    user,
    channel,
    thread: event.thread_ts ?? ts,
    ts,
    direct,
    text: clean(quoting(event.blocks, self.user) ?? readable(event.text, self.user)),
  };
}
