/** The part of the client that is about Slack, and what its surface needs of the rows. */
import { z } from 'zod';
import type { AmendmentCard, ConsentRow, HumanTaskRow, Outputs, RotaChangeRow, TaskCard } from './client.ts';
import type { Digest } from './kernel/digest.ts';
import { TimeOfDay, type SlackSettings } from './kernel/slack.ts';
import { Text } from './kernel/text.ts';

export const slackInputs = {
  slack_link: z.strictObject({ person: Text.max(60) }),
  slack_unlink: z.strictObject({ person: Text.max(60) }),
  slack_digest: z.strictObject({ at: z.union([TimeOfDay, z.literal('off')]) }),
  slack_status: z.strictObject({}),
};

export interface SlackOutputs {
  slack_link: { readonly person: string; readonly code: string; readonly expiresAt: string; readonly state: SlackState }; // the code goes to the bot in a direct message, once
  slack_unlink: { readonly person: string; readonly ended: boolean };
  slack_digest: { readonly at: string };
  slack_status: {
    readonly state: SlackState;
    readonly links: readonly { readonly person: string; readonly since: string; readonly valid: boolean; readonly digest: string }[];
    readonly messages: Readonly<Record<string, number>>; // by state: waiting, sending, sent, failed
  };
}

export type SlackState = 'off' | 'connecting' | 'connected';

/** A message of somebody in Slack, as the surface understood it. */
export interface SlackHeard {
  readonly event: string;
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  readonly thread: string;
  readonly ts: string;
  readonly direct: boolean;
  readonly text: string;
}

/** What Slack says of whoever said it, and of the place. */
export interface SlackStanding {
  readonly house: boolean; // everybody who reads it there is of our house
  readonly standing: 'member' | 'guest' | 'stranger' | 'bot' | 'gone';
}

/** What was kept, and waits until it is known who said it. */
export interface SlackKept extends Omit<SlackHeard, 'text' | 'ts' | 'thread'> {
  readonly tries: number; // to find that out, this one included
  readonly at: string; // when it was heard
}

/** What a person was asked themselves, and nobody can answer for them: to take a shift, or to see to an obligation. */
export type SlackAsked = { readonly kind: 'consent'; readonly asked: ConsentRow } | { readonly kind: 'duty'; readonly asked: HumanTaskRow };

/** A message that is due. A card's task is as it is now, and so is what is halted. */
export interface SlackMessage {
  readonly key: string; // of its cause
  readonly team: string;
  readonly user: string;
  readonly channel: string | null; // null: the person's direct messages
  readonly thread: string | null;
  readonly ts: string | null; // of what is there of it
  readonly begins: number; // the character of the text with which that one begins
  readonly whole: boolean; // an answer that is still being written is not
  readonly house: boolean; // it may be read there only while everybody there is of our house
  readonly stream: 'none' | 'open' | 'over'; // over: what is not there comes with the whole
  readonly streamed: number; // characters of it in the open stream
  readonly unsure: boolean; // it may be there already
  readonly tries: number; // this one included
  readonly at: string;
  readonly says:
    | { readonly kind: 'reply' | 'notice' | 'digest'; readonly text: string }
    | {
        readonly kind: 'card';
        readonly task: TaskCard;
        readonly me: Outputs['me']; // whose card it is; of an account that is not linked any more nobody's
        readonly halted: readonly string[];
        readonly business: string; // the organization's own time
        readonly names: Readonly<Record<string, string>>;
      }
    | {
        readonly kind: 'amendment';
        readonly amendment: AmendmentCard;
        readonly me: Outputs['me']; // the owner whose card it is
        readonly names: Readonly<Record<string, string>>;
      }
    | (SlackAsked & { readonly me: Outputs['me'] })
    | { readonly kind: 'told'; readonly told: RotaChangeRow };
  readonly shows: Digest; // what will have been shown
}

/** What the Slack surface needs of the rows, besides acting for people through `Client`: nothing of it decides anything. */
export interface SlackDesk {
  readonly settings: SlackSettings;
  readonly zone: string;
  state(now: SlackState): void;
  /** Committed when it returns, and nothing is done for anybody yet. */
  hear(heard: SlackHeard): Promise<'known' | 'kept'>;
  /** What waits until it is known who said it, of each thread the first; nobody else gets it for a minute. */
  kept(most: number): Promise<readonly SlackKept[]>;
  /** It is known who said it: committed when it returns, as a turn, or as a sentence back; `known` where it was so before. */
  settle(event: string, who: SlackStanding): Promise<'known' | 'said' | 'turn'>;
  keptAgain(event: string, waitMs: number): Promise<void>;
  /** Nobody says who it was: nothing comes of it. */
  drop(event: string): Promise<void>;
  /** Compares what is shown with what the inbox holds, and puts what differs on its way; the day's digests too. */
  keepUp(): Promise<void>;
  /** Messages that are due; nobody else gets them for a minute. */
  take(most: number): Promise<readonly SlackMessage[]>;
  begun(message: SlackMessage, channel: string, ts: string, begins: number): Promise<void>;
  /** So many characters of what is being written are there. */
  streamed(message: SlackMessage, channel: string, ts: string, characters: number): Promise<void>;
  /** Nothing more of it is sent before it is whole. */
  held(message: SlackMessage): Promise<void>;
  /** Not everybody who reads there is of our house any more: the person alone gets it, and the channel is told so, as far as the gate lets it. */
  aside(message: SlackMessage): Promise<void>;
  sent(message: SlackMessage, channel: string, ts: string): Promise<void>;
  /** @param unsure it may be there all the same */
  again(message: SlackMessage, waitMs: number, unsure: boolean, error: string): Promise<void>;
  fail(message: SlackMessage, error: string): Promise<void>;
}
