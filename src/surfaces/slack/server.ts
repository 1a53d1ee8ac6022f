/**
 * The Slack surface: Bolt in Socket Mode or behind HTTP, the hearing, and the courier. What somebody says is a row before Slack is told
 * that it was heard, and no call to Slack lies between; where it cannot be kept Slack is told nothing, and says it again.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, HTTPReceiver, LogLevel, webApi, type AppOptions, type Logger, type ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Client, SlackDesk } from '../../client.ts';
import type { Trouble } from '../api/problems.ts';
import { listenToAmendments } from './amendment-presses.ts';
import { listenToAsked } from './asked-presses.ts';
import { startCourier } from './courier.ts';
import { directory } from './directory.ts';
import { heard, type Self } from './events.ts';
import { startHearing } from './hearing.ts';
import { listen } from './presses.ts';
import { LONGEST_WAIT_MS } from './trouble.ts';

const KEEP_MS = 2_500; // Slack waits three seconds for its answer
const CALL_MS = 10_000; // of one call to Slack
const LOOKUP_MS = 1_500; // of a call that a press or somebody's question waits for
const SKEW_S = 300; // https://docs.slack.dev/authentication/verifying-requests-from-slack: older is a replay; newer is no clock of Slack's

export interface SlackTokens {
  readonly bot: string;
  readonly app: string | undefined; // Socket Mode
  readonly signingSecret: string | undefined; // HTTP
}

export interface SlackOptions extends Trouble {
  readonly client: Client;
  readonly desk: SlackDesk;
  readonly tokens: SlackTokens;
  readonly apiUrl?: string; // Slack's, unless it stands elsewhere
  readonly now?: () => number; // milliseconds since 1970
}

export interface Slack {
  /** Hears and speaks; it comes to that also where Slack does not answer at first. */
  readonly ready: Promise<void>;
  readonly port: number | undefined; // of mode http
  /** Hears nothing more, and ends after what is in hand. */
  close(): Promise<void>;
}

/** Bolt, with each event kept before it is acknowledged: `App.processEvent` acknowledges at once. */
class KeepingApp extends App {
  constructor(
    private readonly keep: (body: unknown) => Promise<void>,
    options: AppOptions,
  ) {
    super(options);
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    await this.keep(event.body);
    await super.processEvent(event);
  }
}

export async function startSlack(options: SlackOptions): Promise<Slack> {
  const { desk } = options;
  const closing = new AbortController();
  const hearing: { app?: App; receiver?: HTTPReceiver; ended?: Promise<unknown> } = {};
  const server = desk.settings.mode === 'http' ? await serve(() => hearing.receiver, options) : undefined;
  desk.state('connecting');
  const ready = connect(options, closing.signal).then(async (self) => {
    if (!self) return;
    const { app, receiver, ended } = begin(options, self, closing.signal);
    Object.assign(hearing, { app, ended, ...(receiver ? { receiver } : {}) });
    if (!receiver) await app.start();
    desk.state('connected');
  });
  ready.catch((error: unknown) => options.log({ err: error }, 'Slack is not connected'));
  return {
    ready,
    port: server && portOf(server),
    async close() {
      desk.state('off');
      closing.abort();
      if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
      else await hearing.app?.stop();
      await hearing.ended;
    },
  };
}

const portOf = (server: Server): number => z.object({ port: z.int() }).parse(server.address()).port;

/** Who we are in Slack, asked until it answers; undefined where we end before. */
async function connect(options: SlackOptions, closing: AbortSignal): Promise<Self | undefined> {
  const { tokens, log } = options;
  const web = new webApi.WebClient(tokens.bot, clientOptions(options, CALL_MS));
  for (let tries = 0; !closing.aborted; tries++) {
    try {
      const me = z.object({ user_id: z.string(), team_id: z.string(), bot_id: z.string() }).parse(await web.auth.test());
      return { user: me.user_id, team: me.team_id, bot: me.bot_id };
    } catch (error) {
      log({ err: error }, 'Slack does not answer, or does not take the token; tried again');
      await sleep(Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(tries, 6)), undefined, { signal: closing }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Every wait and every retry is the courier's to decide, on rows. */
const clientOptions = ({ apiUrl, log }: SlackOptions, timeout: number): webApi.WebClientOptions => ({
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout,
  logger: quiet(log),
});

function begin(options: SlackOptions, self: Self, closing: AbortSignal) {
  const { tokens, apiUrl, desk, client, log, missing } = options;
  const now = options.now ?? Date.now;
  const web = new webApi.WebClient(tokens.bot, clientOptions(options, CALL_MS));
  const who = directory({ web: new webApi.WebClient(tokens.bot, clientOptions(options, LOOKUP_MS)), self, now });
  const courier = startCourier({ web, directory: who, self, desk, inbox: desk.settings.inbox, zone: desk.zone, now, closing, log });
  const hearing = startHearing({ desk, directory: who, now, closing, log, settled: () => courier.stir() });
  const keep = async (body: unknown): Promise<void> => {
    const said = heard(body, self);
    if (!said) return;
    await within(KEEP_MS, desk.hear(said));
    hearing.stir();
  };
  const logger = quiet(log);
  const receiver =
    desk.settings.mode === 'http' ? new HTTPReceiver({ signingSecret: tokens.signingSecret ?? '', logger, processBeforeResponse: false }) : undefined;
  const app = new KeepingApp(keep, {
    ...(receiver ? { receiver } : { socketMode: true, appToken: tokens.app ?? '' }),
    authorize: () => Promise.resolve({ botToken: tokens.bot, botId: self.bot, botUserId: self.user, teamId: self.team }),
    logger,
    clientOptions: apiUrl === undefined ? {} : { slackApiUrl: apiUrl },
  });
  app.error((error) => {
    log({ err: error }, 'Slack: a press or a form failed');
    return Promise.resolve();
  });
  const presses = { client, web, directory: who, stirred: () => courier.stir(), log, missing };
  listen(app, presses);
  listenToAmendments(app, presses);
  listenToAsked(app, presses);
  return { app, receiver, ended: Promise.all([hearing.ended, courier.ended]) };
}

/** @throws Error where it takes longer; what goes on is heard again as the same */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(new Error('not kept in time')), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Slack's requests, with the one thing that Bolt does not look at: a time that is ahead of ours. */
function serve(receiver: () => HTTPReceiver | undefined, { desk, now = () => Date.now() }: SlackOptions): Promise<Server> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const stamp = Number(request.headers['x-slack-request-timestamp']);
    const bolt = receiver();
    if (!bolt) response.writeHead(503).end();
    else if (!(Math.abs(now() / 1000 - stamp) <= SKEW_S)) response.writeHead(401).end();
    else if (request.method !== 'POST' || request.url !== '/slack/events') response.writeHead(404).end();
    else bolt.requestListener(request, response);
  };
  return new Promise((resolve, reject) => {
    const server = createServer(answer).listen(desk.settings.port, '127.0.0.1', () => resolve(server));
    server.once('error', reject);
  });
}

/** Bolt's own log, without what may hold a token or somebody's words: its first sentence, and tokens out of that. */
function quiet(log: SlackOptions['log']): Logger {
  const tell = (...said: unknown[]): void => log({ bolt: redacted(String(said[0])) }, 'Slack');
  const nothing = (): void => undefined;
  return { debug: nothing, info: nothing, warn: tell, error: tell, setLevel: nothing, getLevel: () => LogLevel.WARN, setName: nothing };
}

export const redacted = (text: string): string => text.replace(/\bx(?:ox[a-z]|app)-[\w-]+/g, '[token]').slice(0, 300);
