/** What every way into Slack shares: who we are there, and how one of our messages is known again. */
import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { SlackMessage } from '../../client.ts';
import { digest } from '../../kernel/digest.ts';

export const MOST_TEXT = 30_000; // characters of an answer; the inbox has it whole

export interface Post {
  readonly web: webApi.WebClient;
  readonly self: { readonly user: string; readonly team: string; readonly bot: string };
  readonly inbox: string;
  readonly zone: string;
  readonly now: () => number; // milliseconds since 1970
}

export interface There {
  readonly channel: string;
  readonly ts: string;
}

/** Keeps that Slack has a part of it, from a character on, before the rest is sent. */
export type Begun = (channel: string, ts: string, begins: number) => Promise<void>;

export const Ts = z.string().min(1);

/** The cause as others may see it: no name stands in it. */
export const keyOf = ({ key }: SlackMessage): string => digest(key).slice(0, 32);
export const EVENT_TYPE = 'charter_message';
export const metadata = (message: SlackMessage) => ({ event_type: EVENT_TYPE, event_payload: { key: keyOf(message) } });

/** Slack's no is an answer: it streams no more, or never did. */
export function unlessUnheard(error: unknown): void {
  if (!(error instanceof webApi.WebAPIPlatformError)) throw error;
}
