/** Answers that are read while they come: a whole one piece by piece, and one that is being written as far as it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackDesk, SlackMessage } from '../../client.ts';
import { metadata, MOST_TEXT, Ts, unlessUnheard, type Begun, type Post, type There } from './post.ts';
import { asMarkdown, cut, pieces } from './text.ts';

const PIECE = 600; // characters of an answer at a time
const MOST_STREAMED = 9_000; // characters before a stream rolls over: `markdown_text` takes 12,000, and marks grow
const STREAM_MS = 4 * 60_000; // Slack ends a stream after five minutes
const TOUCH_MS = 300; // between two pieces: people read, and Slack counts calls

const startStream = ({ web }: Post, { user, team }: SlackMessage, { channel, thread }: Pick<Streamed, 'channel' | 'thread'>, piece: string) =>
  web.chat.startStream({ channel, thread_ts: thread, markdown_text: asMarkdown(piece), recipient_user_id: user, recipient_team_id: team });

/**
 * What was added to an answer that is being written goes behind what stands there. Where that cannot be, or nobody knows what stands there,
 * nothing more is sent before it is whole. @throws what Slack's client throws where nothing was heard
 */
export async function grow(post: Post, message: SlackMessage, desk: Pick<SlackDesk, 'streamed' | 'held'>): Promise<void> {
  const { says, channel, thread, ts, stream, streamed, unsure } = message;
  if (says.kind !== 'reply' || channel === null || thread === null || unsure || stream === 'over' || !lasts(post, message)) return desk.held(message);
  if (stream === 'none' && ts !== null) return desk.held(message);
  const added = says.text.slice(streamed);
  const there =
    ts === null
      ? await startStream(post, message, { channel, thread }, added).catch(unlessUnheard)
      : await post.web.chat.appendStream({ channel, ts, markdown_text: asMarkdown(added) }).catch(unlessUnheard);
  return there ? desk.streamed(message, channel, Ts.parse(there.ts), says.text.length) : desk.held(message);
}

const lasts = ({ now }: Post, { says, at }: SlackMessage): boolean =>
  says.kind === 'reply' && says.text.length < MOST_STREAMED && now() - Date.parse(at) < STREAM_MS;

/** The end of an answer that was streamed while it was written; undefined where what stands there has to be replaced. */
export async function closed(post: Post, message: SlackMessage): Promise<There | undefined> {
  const { says, channel, ts, stream, streamed, unsure } = message;
  if (says.kind !== 'reply' || channel === null || ts === null || stream !== 'open' || unsure || !lasts(post, message)) return undefined;
  for (const piece of pieces(says.text.slice(streamed), PIECE)) {
    if (!(await post.web.chat.appendStream({ channel, ts, markdown_text: asMarkdown(piece) }).catch(unlessUnheard))) return undefined;
    await sleep(TOUCH_MS);
  }
  const stopped = await post.web.chat.stopStream({ channel, ts, metadata: metadata(message) }).catch(unlessUnheard);
  return stopped ? { channel, ts } : undefined;
}

interface Streamed {
  readonly channel: string;
  readonly thread: string;
  readonly text: string;
}

/** A whole answer as it is read, piece by piece; undefined where Slack does not stream here. After the first piece, an error leaves the rest to `replace`. */
export async function stream(post: Post, message: SlackMessage, { channel, thread, text }: Streamed, begun: Begun): Promise<There | undefined> {
  const { web, now } = post;
  const [first = '', ...rest] = pieces(cut(text, MOST_TEXT), PIECE);
  const start = (piece: string) => startStream(post, message, { channel, thread }, piece);
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
