/** Slack over HTTP: which requests are Slack's, what of its events is for us, and whether the manifest asks for what the code uses. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { heard } from '../../src/surfaces/slack/events.ts';
import { redacted } from '../../src/surfaces/slack/server.ts';
import { slackFound } from '../../src/processes/slack.ts';
import { SlackSettings } from '../../src/kernel/slack.ts';
import { mention, signed, type Body } from '../fixtures/slack.ts';
import { SECRET, slackStage, type SlackStage } from '../fixtures/slack-stage.ts';

const file = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const vectors = z
  .object({
    public_documentation_signing_secret: z.string(),
    cases: z.array(z.object({ desc: z.string(), now: z.int(), headers: z.record(z.string(), z.string()), body: z.string(), valid: z.boolean() })),
  })
  .parse(JSON.parse(file('../fixtures/slack-signatures.json')));

let at: SlackStage;
beforeAll(async () => {
  at = await slackStage(inject('services'), {
    review: false,
    secret: vectors.public_documentation_signing_secret,
    change: (organization) => ({ ...organization, slack: SlackSettings.parse({ mode: 'http', port: 0 }) }),
  });
  await at.link('greta', 'UGRETA');
});
afterEach(() => vi.useRealTimers());
afterAll(() => at.close());

async function post(body: string, headers: Record<string, string>): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${at.surface.port}/slack/events`, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}
const secret = vectors.public_documentation_signing_secret;
const turns = async () => (await at.on.rows('select id from turn where org = $1', [at.on.organization.id])).length;
const now = () => Math.floor(Date.now() / 1000);

describe('which requests are Slack’s', () => {
  test.each(vectors.cases)('$desc', async ({ now: seconds, headers, body, valid }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1000 });
    const { status } = await post(body, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
    if (valid) expect(status).not.toBe(401);
    else expect(status).toBe(401);
  });

  test.each([
    { what: 'just now', offset: 0, status: 200 },
    { what: 'under five minutes ago', offset: -290, status: 200 },
    { what: 'over five minutes ago', offset: -310, status: 401 },
    { what: 'over five minutes ahead', offset: 310, status: 401 },
  ])('a request of $what: $status', async ({ offset, status }) => {
    const before = await turns();
    const body = JSON.stringify(mention(`Ev7${Math.abs(offset)}`, 'UGRETA', 'operations: which machines are there?', { channel: `C${offset}` }));
    expect((await post(body, signed(secret, body, now() + offset))).status).toBe(status);
    await at.settled();
    expect(await turns()).toBe(before + (status === 200 ? 1 : 0));
  });

  test('another secret, another path: nothing', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect((await post(body, signed(SECRET, body))).status).toBe(401);
    expect((await post(body, signed(secret, body))).text).toContain('abc');
    const elsewhere = await fetch(`http://127.0.0.1:${at.surface.port}/`, { method: 'POST', body, headers: signed(secret, body) });
    expect(elsewhere.status).toBe(404);
  });
});

describe('Slack’s own payloads', () => {
  const self = { user: 'UBOT', team: 'T1', bot: 'BBOT' };
  const samples = z
    .array(z.object({ kind: z.string(), body: z.record(z.string(), z.unknown()).and(z.object({ event: z.record(z.string(), z.unknown()) })) }))
    .parse(JSON.parse(file('../fixtures/slack-events.json')));
  /** The sample's shape, with what makes it one that was really sent. */
  const real = ({ body }: (typeof samples)[number], type: string, channel_type: string): Body => ({
    ...body,
    type: 'event_callback',
    team_id: 'T1',
    event_id: 'Ev1',
    event: {
      ...body.event,
      type,
      channel_type,
      user: 'U1',
      channel: 'D1',
      ts: '1.1',
      thread_ts: '1.0',
      team: 'T1',
      user_team: 'T1',
      text: 'hello',
      bot_id: '',
    },
  });

  test.each(samples)('$kind', (sample) => {
    const [, kind = ''] = sample.kind.split(':');
    const [type = '', subtype] = kind.split('.');
    const body = real(sample, type, type === 'message' ? 'im' : 'channel');
    const ours = heard({ ...body, event: { ...z.record(z.string(), z.unknown()).parse(body['event']), subtype: subtype } }, self);
    const own = type === 'app_mention' || (type === 'message' && [undefined, 'file_share', 'thread_broadcast'].includes(subtype));
    expect(ours !== undefined, kind).toBe(own);
    if (ours) expect(ours).toMatchObject({ user: 'U1', channel: 'D1', thread: '1.0', text: 'hello', direct: type === 'message' });
  });
});

describe('the manifest', () => {
  const manifest = z
    .object({
      oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
      settings: z.object({
        event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
        interactivity: z.object({ is_enabled: z.literal(true) }),
        socket_mode_enabled: z.literal(true),
      }),
    })
    .loose()
    .parse(parse(file('../../slack/manifest.yaml')));
  const folder = fileURLToPath(new URL('../../src/surfaces/slack/', import.meta.url));
  const source = readdirSync(folder)
    .map((name) => readFileSync(`${folder}${name}`, 'utf8'))
    .join('\n');
  /** https://docs.slack.dev/reference/methods: what each method asks of a bot. */
  const SCOPES: Readonly<Record<string, readonly string[]>> = {
    'auth.test': [],
    'chat.postMessage': ['chat:write'],
    'chat.postEphemeral': ['chat:write'],
    'chat.update': ['chat:write'],
    'chat.startStream': ['chat:write'],
    'chat.appendStream': ['chat:write'],
    'chat.stopStream': ['chat:write'],
    'conversations.open': ['im:write'],
    'conversations.history': ['im:history'],
    'conversations.replies': ['im:history', 'channels:history', 'groups:history'],
    'conversations.members': ['channels:read', 'groups:read'],
    'users.info': ['users:read'],
    'users.list': ['users:read'],
    'views.open': [],
  };
  const EVENTS: Readonly<Record<string, string>> = { app_mention: 'app_mentions:read', 'message.im': 'im:history' };

  test('asks for what the code calls and hears, and for nothing else', () => {
    const called = [...new Set([...source.matchAll(/\b(?:web|client)\.((?:chat|conversations|users|views|auth)\.\w+)\(/g)].map(([, method = '']) => method))];
    expect(called.sort()).toEqual(Object.keys(SCOPES).sort());
    const needed = [...called.flatMap((method) => SCOPES[method] ?? expect.fail(method)), ...Object.values(EVENTS)];
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...new Set(needed)].sort());
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(Object.keys(EVENTS).sort());
  });
});

describe('tokens', () => {
  const socket = SlackSettings.parse({});
  test.each([
    { env: {}, settings: socket, kind: 'off' },
    { env: { SLACK_BOT_TOKEN: 'xoxb-1' }, settings: socket, kind: 'incomplete' },
    { env: { SLACK_APP_TOKEN: 'xapp-1' }, settings: socket, kind: 'incomplete' },
    { env: { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, settings: socket, kind: 'on' },
    { env: { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, settings: SlackSettings.parse({ mode: 'http' }), kind: 'incomplete' },
    { env: { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' }, settings: SlackSettings.parse({ mode: 'http' }), kind: 'on' },
  ])('$env with $settings.mode: $kind', ({ env, settings, kind }) => expect(slackFound(env, settings).kind).toBe(kind));

  test('stand in no log', () => {
    expect(redacted('failed with xoxb-12-ab and xapp-1-A0-9-ff.')).toBe('failed with [token] and [token].');
    expect(JSON.stringify(at.logged)).not.toMatch(/xoxb|xapp/);
  });
});
