/** What Slack's side of things needs of the database. All of it within the transaction that it is part of. */
import type { Digest } from '../../kernel/digest.ts';
import type { AgentName, PersonId, TokenId, TurnId } from '../../kernel/ids.ts';
import type { Classification } from '../../kernel/nouns.ts';
import type { Instant } from '../../kernel/time.ts';
import type { TokenRow } from '../ports.ts';

/** A user of Slack: known by team and user, never by a name. */
export interface SlackUser {
  readonly team: string;
  readonly user: string;
}

export interface LinkRow extends SlackUser {
  readonly person: PersonId;
  readonly credential: TokenId;
  readonly linkedAt: Instant;
  readonly digestAt: string | null;
  readonly valid: boolean; // the person is active and the credential has not run out
}

/** Where something was said. */
export interface Place extends SlackUser {
  readonly channel: string;
  readonly thread: string;
  readonly direct: boolean;
  readonly house: boolean; // nobody reads there who is not of our house
}

/** What somebody said, kept until it is known who they are there. */
export interface KeptRow extends Omit<Place, 'house'> {
  readonly event: string; // Slack's id of the event: the same one again is the same event
  readonly ts: string; // Slack's id of the message, and its time
  readonly text: string; // without marks: what people read; of a text with a code nothing
  readonly code: Digest | null;
}

export type MessageKind = 'reply' | 'notice' | 'card' | 'amendment' | 'consent' | 'duty' | 'told' | 'digest';

export interface NewMessage extends SlackUser {
  readonly key: string;
  readonly kind: MessageKind;
  readonly channel: string | null; // null: the person's direct messages
  readonly thread: string | null;
  readonly about: string | null;
  readonly body: string;
  readonly wanted: Digest;
  readonly whole: boolean; // an answer that is still being written is not
  readonly house: Classification | null; // of what is said to a channel: how sensitive what it rests on is, for who reads along is asked again right before
  readonly at: Instant;
  readonly expiresAt: Instant;
}

export interface MessageRow extends NewMessage {
  readonly ts: string | null;
  readonly begins: number;
  readonly stream: 'none' | 'open' | 'over'; // over: what is not there comes with the whole
  readonly streamed: number; // characters of the body in the open stream
  readonly unsure: boolean;
  readonly tries: number;
}

/** A card as far as it has to be kept up to date. */
export interface CardRow extends SlackUser {
  readonly key: string;
  readonly about: string;
  readonly wanted: string;
  readonly open: boolean; // it is there, or on its way
}

export interface SlackRows {
  /** False where this event was heard before. */
  hear(event: string, at: Instant): Promise<boolean>;
  keepHeard(kept: KeptRow, at: Instant): Promise<void>;
  /** Takes what is due, of each thread what was said first alone; nobody else gets it until `until`. */
  takeHeard(most: number, at: Instant, until: Instant): Promise<readonly (KeptRow & { readonly tries: number; readonly at: Instant })[]>;
  /** Takes it out, for what comes of it in this transaction; undefined where something came of it before. */
  settleHeard(event: string): Promise<KeptRow | undefined>;
  heardAgain(event: string, at: Instant): Promise<void>;
  /** Forgets what was heard before an instant, and what was sent or given up before it. */
  forget(before: Instant): Promise<void>;

  addCode(code: Digest, person: PersonId, token: TokenId, at: Instant, expires: Instant): Promise<void>;
  /** Uses a code up, whether it still holds or not; gives its person where it does, and the token that asked for it. */
  useCode(code: Digest, at: Instant): Promise<{ readonly person: PersonId; readonly token: TokenId; readonly issuers: readonly string[] } | undefined>;
  addLink(link: Omit<LinkRow, 'valid' | 'digestAt'>): Promise<void>;
  /** Ends the link of a person, the credential behind it and the cards that were shown to them. */
  removeLink(person: PersonId, at: Instant): Promise<LinkRow | undefined>;
  link(who: SlackUser): Promise<LinkRow | undefined>;
  linkOf(person: PersonId): Promise<LinkRow | undefined>;
  links(): Promise<readonly LinkRow[]>;
  chooseDigest(person: PersonId, at: string): Promise<boolean>;
  /** The credential of a link, as `Tx.token` gives one for a secret. */
  credential(who: SlackUser): Promise<TokenRow | undefined>;

  addTurn(turn: TurnId, place: Place, agent: AgentName, at: Instant): Promise<void>;
  placeOf(turn: TurnId): Promise<Place | undefined>;
  /** Whom this thread spoke with last. */
  lastAgent(channel: string, thread: string): Promise<AgentName | undefined>;

  /** False where something whole was said for this cause before. What was not whole grows, or becomes something else. */
  say(message: NewMessage): Promise<boolean>;
  /** What is on file of an answer that is being written. */
  beginning(key: string): Promise<string | undefined>;
  /** Something else comes in the place of what was to be said, and of what stands there of it. */
  instead(key: string, body: string, wanted: Digest, at: Instant): Promise<void>;
  /** Who reads along does not matter for it. */
  anywhere(key: string, at: Instant): Promise<void>;
  /** What is to be said of a whole answer to a channel; undefined where it is said already, or who reads along does not matter. */
  unsaidAnswer(key: string): Promise<{ readonly body: string; readonly house: Classification } | undefined>;
  /** Which of these keys nothing was said for. */
  unsaid(keys: readonly string[]): Promise<readonly string[]>;
  /** Cards of a kind that may yet change. */
  cards(kind: 'card' | 'amendment' | 'consent' | 'duty'): Promise<readonly CardRow[]>;
  /** A card is to show something else from now on. */
  want(key: string, wanted: Digest, at: Instant): Promise<void>;
  /** Takes what is due, the oldest first; nobody else gets it until `until`. */
  take(most: number, at: Instant, until: Instant): Promise<readonly MessageRow[]>;
  /** What is taken shows more than was wanted when it was last looked at; what came to be wanted since stays due. */
  overtook(key: string, wanted: Digest, shows: Digest): Promise<void>;
  /** Slack has it from a character on under this id; it is not all of it yet. */
  begun(key: string, channel: string, ts: string, begins: number): Promise<void>;
  /** The stream has so many characters; what was added meanwhile is due at once. */
  streamed(key: string, channel: string, ts: string, characters: number, shown: Digest, at: Instant): Promise<void>;
  /** Nothing more of it is sent before it is whole. */
  held(key: string, at: Instant): Promise<void>;
  /** It is there, as `shown`; a card that is to show something else by now stays due. @param final a card that changes no more */
  sent(key: string, channel: string, ts: string, shown: Digest, final: boolean): Promise<void>;
  again(key: string, at: Instant, unsure: boolean, error: string): Promise<void>;
  fail(key: string, error: string): Promise<void>;
  counts(): Promise<Readonly<Record<string, number>>>;
}
