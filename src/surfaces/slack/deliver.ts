/** One message into Slack: streamed, posted, or put in the place of what stands there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackMessage } from '../../client.ts';
import { digest } from '../../kernel/digest.ts';
import { cardContent, type Content } from './card.ts';
import { asMarkdown, cut, escaped, pieces, plain } from './text.ts';

const PIECE = 600; // characters of an answer at a time
const MOST_STREAMED = 9_000; // characters before a stream rolls over: `markdown_text` takes 12,000, and marks grow
const STREAM_MS = 4 * 60_000; // Slack ends a stream after five minutes
const MOST_TEXT = 30_000; // characters of an answer; the inbox has it whole
const MOST_SEEN = 200; // messages that are looked through for one of ours: those since it was due
const TOUCH_MS = 300; // between two pieces: people read, and Slack counts calls

export interface Post {
  readonly web: webApi.WebClient;
  readonly self: { readonly user: string; readonly team: string; readonly bot: string };
  readonly inbox: string;
  readonly zone: string;
  readonly now: () => number; // milliseconds since 1970
}

interface There {
  readonly channel: string;
  readonly ts: string;
}

/** Keeps that Slack has a part of it, from a character on, before the rest is sent. */
type Begun = (channel: string, ts: string, begins: number) => Promise<void>;

/** @throws what Slack's client throws */
export async function deliver(post: Post, message: SlackMessage, begun: Begun): Promise<There> {
  const { web } = post;
  const channel = message.channel ?? (await directMessages(web, message.user));
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

const Ts = z.string().min(1);

async function directMessages(web: webApi.WebClient, user: string): Promise<string> {
  return z.object({ id: z.string() }).parse((await web.conversations.open({ users: user })).channel).id;
}

/** The cause as others may see it: no name stands in it. */
const keyOf = ({ key }: SlackMessage): string => digest(key).slice(0, 32);
const EVENT_TYPE = 'charter_message';
const metadata = (message: SlackMessage) => ({ event_type: EVENT_TYPE, event_payload: { key: keyOf(message) } });

function contentOf({ inbox, zone }: Post, { says, begins }: SlackMessage): Content {
  if (says.kind === 'card') return cardContent(says, inbox, zone);
  const text = cut(says.text, MOST_TEXT).slice(begins);
  return { text: escaped(cut(text, 3_000)), blocks: pieces(text, 2_900).map((piece) => ({ type: 'section', text: plain(piece, 3_000) })) };
}

/** What stands there becomes what is to be seen; a stream that broke off ends with it. */
async function replace(post: Post, message: SlackMessage, { channel, ts }: There): Promise<There> {
  if (message.says.kind === 'reply') await post.web.chat.stopStream({ channel, ts }).catch(unlessUnheard);
  await post.web.chat.update({ ...contentOf(post, message), channel, ts, parse: 'none', link_names: false, metadata: metadata(message) });
  return { channel, ts };
}

/** Slack's no is an answer: it streams no more, or never did. */
function unlessUnheard(error: unknown): void {
  if (!(error instanceof webApi.WebAPIPlatformError)) throw error;
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

interface Streamed {
  readonly channel: string;
  readonly thread: string;
  readonly text: string;
}

/** The answer as it is read, piece by piece; undefined where Slack does not stream here. After the first piece, an error leaves the rest to `replace`. */
async function stream(post: Post, message: SlackMessage, { channel, thread, text }: Streamed, begun: Begun): Promise<There | undefined> {
  const { web, now } = post;
  const [first = '', ...rest] = pieces(cut(text, MOST_TEXT), PIECE);
  const start = (piece: string) =>
    web.chat.startStream({ channel, thread_ts: thread, markdown_text: asMarkdown(piece), recipient_user_id: message.user, recipient_team_id: message.team });
  const opened = await start(first).catch(unlessUnheard);
  if (!opened) return undefined;
  let open = { ts: Ts.parse(opened.ts), since: now(), begins: 0, length: first.length };
  await begun(channel, open.ts, 0);
  for (const piece of rest) {
    await sleep(TOUCH_MS);
    if (now() - open.since < STREAM_MS && open.length + piece.length < MOST_STREAMED) {
      await web.chat.appendStream({ channel, ts: open.ts, markdown_text: asMarkdown(piece) });
      open = { ...open, length: open.length + piece.length };
      continue;
    }
    await web.chat.stopStream({ channel, ts: open.ts });
    open = { ts: Ts.parse((await start(piece)).ts), since: now(), begins: open.begins + open.length, length: piece.length };
    await begun(channel, open.ts, open.begins);
  }
  await web.chat.stopStream({ channel, ts: open.ts, metadata: metadata(message) });
  return { channel, ts: open.ts };
}
