/** One message into Slack: streamed, posted, or put in the place of what stands there. */
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackMessage } from '../../client.ts';
import { askedContent, toldContent } from './asked-card.ts';
import { amendmentContent } from './amendment-card.ts';
import { cardContent, type Content } from './card.ts';
import { EVENT_TYPE, keyOf, metadata, MOST_TEXT, Ts, unlessUnheard, type Begun, type Post, type There } from './post.ts';
import { closed, stream } from './stream.ts';
import { cut, escaped, pieces, plain } from './text.ts';

const MOST_SEEN = 200; // messages that are looked through for one of ours: those since it was due

/** @throws what Slack's client throws */
export async function deliver(post: Post, message: SlackMessage, begun: Begun): Promise<There> {
  const { web } = post;
  const channel = message.channel ?? (await directMessages(web, message.user));
  const ended = await closed(post, message);
  if (ended) return ended;
  const ts = message.ts ?? (message.unsure ? await find(post, message, channel) : undefined);
  if (ts !== undefined) return replace(post, message, { channel, ts });
  if (message.says.kind === 'reply' && message.thread !== null) {
    const streamed = await stream(post, message, { channel, thread: message.thread, text: message.says.text }, begun);
    if (streamed) return streamed;
  }
  const thread = message.thread === null ? {} : { thread_ts: message.thread };
  const posted = await web.chat.postMessage({
    ...contentOf(post, message),
    channel,
    ...thread,
    parse: 'none',
    link_names: false,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    metadata: metadata(message),
  });
  return { channel, ts: Ts.parse(posted.ts) };
}

async function directMessages(web: webApi.WebClient, user: string): Promise<string> {
  return z.object({ id: z.string() }).parse((await web.conversations.open({ users: user })).channel).id;
}

function contentOf({ inbox, zone, now }: Post, { says, begins }: SlackMessage): Content {
  if (says.kind === 'amendment') return amendmentContent(says, zone);
  if (says.kind === 'consent' || says.kind === 'duty') return askedContent(says);
  if (says.kind === 'told') return toldContent(says, inbox);
  if (says.kind === 'card') return cardContent(says, inbox, zone, now());
  const text = cut(says.text, MOST_TEXT).slice(begins);
  return { text: escaped(cut(text, 3_000)), blocks: pieces(text, 2_900).map((piece) => ({ type: 'section', text: plain(piece, 3_000) })) };
}

/** What stands there becomes what is to be seen; a stream that broke off ends with it. */
async function replace(post: Post, message: SlackMessage, { channel, ts }: There): Promise<There> {
  if (message.says.kind === 'reply') await post.web.chat.stopStream({ channel, ts }).catch(unlessUnheard);
  await post.web.chat.update({ ...contentOf(post, message), channel, ts, parse: 'none', link_names: false, metadata: metadata(message) });
  return { channel, ts };
}

const Seen = z.array(
  z.object({
    ts: z.string(),
    user: z.string().optional(),
    bot_id: z.string().optional(),
    metadata: z.object({ event_type: z.string(), event_payload: z.object({ key: z.string().optional() }).loose() }).optional(),
  }),
);

/**
 * Our message among those since it was due: by its key; of an answer also one of ours without any key, for a stream carries its key from its
 * end on alone, and one answer at a time is under way in a thread.
 */
async function find(post: Post, message: SlackMessage, channel: string): Promise<string | undefined> {
  const since = { channel, oldest: String(Date.parse(message.at) / 1000 - 5), include_all_metadata: true, limit: MOST_SEEN };
  const seen = message.thread === null ? await post.web.conversations.history(since) : await post.web.conversations.replies({ ...since, ts: message.thread });
  const ours = Seen.parse(seen.messages ?? []).filter(({ user, bot_id }) => user === post.self.user || bot_id === post.self.bot);
  const keyed = ours.find((one) => one.metadata?.event_type === EVENT_TYPE && one.metadata.event_payload.key === keyOf(message));
  const bare = message.says.kind === 'reply' ? ours.find((one) => one.metadata?.event_type !== EVENT_TYPE) : undefined;
  return (keyed ?? bare)?.ts;
}
