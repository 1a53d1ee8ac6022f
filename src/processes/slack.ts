/** Slack, where its tokens are there: which of them, and the surface on top. */
import type { Slack, SlackTokens } from '../surfaces/slack/server.ts';
import type { SlackSettings } from '../kernel/slack.ts';
import type { Runtime } from './runtime.ts';

export type SlackFound =
  | { readonly kind: 'off'; readonly why: string }
  | { readonly kind: 'incomplete'; readonly why: string }
  | { readonly kind: 'on'; readonly tokens: SlackTokens; readonly how: string };

/** What the environment says. Half a set of tokens is a mistake that is told, and not Slack turned off. */
export function slackFound(env: NodeJS.ProcessEnv, { mode, port }: SlackSettings): SlackFound {
  const [bot, app, signingSecret] = [env['SLACK_BOT_TOKEN'], env['SLACK_APP_TOKEN'], env['SLACK_SIGNING_SECRET']].map((text) => text || undefined);
  if (!bot && !app && !signingSecret) return { kind: 'off', why: 'off: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (docs/how-to/link-slack.md)' };
  if (!bot?.startsWith('xoxb-')) return { kind: 'incomplete', why: 'SLACK_BOT_TOKEN is missing, or does not begin with xoxb-' };
  if (mode === 'socket' && !app?.startsWith('xapp-')) return { kind: 'incomplete', why: 'SLACK_APP_TOKEN is missing, or does not begin with xapp-' };
  if (mode === 'http' && !signingSecret) return { kind: 'incomplete', why: 'SLACK_SIGNING_SECRET is missing, which `mode: http` needs' };
  return { kind: 'on', tokens: { bot, app, signingSecret }, how: mode === 'socket' ? 'Socket Mode' : `HTTP, on port ${port} of loopback` };
}

/** @returns undefined where Slack is off; tokens that are half there are logged, and everything else runs */
export async function slackOf({ app, organization, log }: Runtime, env: NodeJS.ProcessEnv): Promise<Slack | undefined> {
  const found = slackFound(env, organization.slack);
  if (found.kind === 'incomplete') log.error({ slack: found.why }, 'Slack is off');
  if (found.kind !== 'on') return undefined;
  const { startSlack } = await import('../surfaces/slack/server.ts'); // Bolt takes a third of a second to load
  const apiUrl = env['SLACK_API_URL'];
  return startSlack({
    client: app.client,
    desk: app.slack,
    tokens: found.tokens,
    ...(apiUrl ? { apiUrl } : {}),
    missing: () => app.missing(),
    log: (fields, message) => log.error(fields, message),
  });
}
