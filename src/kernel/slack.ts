/** How an organization uses Slack: the `slack:` block of organization.yaml. */
import { z } from 'zod';
import { AgentName } from './ids.ts';

/** `07:30`, on the organization's clock. */
export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day; write "07:30", in quotes');
const Channel = z.string().regex(/^[CG][A-Z0-9]{2,20}$/, 'is no channel id; copy it from the foot of the channel’s details, such as C0123ABCD');

export const SlackSettings = z.strictObject({
  mode: z.enum(['socket', 'http']).default('socket'), // socket: Charter calls Slack, and nothing of it is open to the internet
  port: z.int().min(0).max(65_535).default(8322), // on loopback, of mode http: a proxy of yours hands Slack's requests on
  channels: z.record(Channel, AgentName).default({}), // whom a channel asks, where nobody is named
  aliases: z.record(z.string().regex(/^[\p{Ll}\p{N}-]{2,40}$/u, 'is no alias; write one word in lower case'), AgentName).default({}),
  digest: TimeOfDay.default('08:00'), // for whoever has not chosen another time
  inbox: z.url().default('http://localhost:8321'), // what a card's `Open in the inbox` opens
});
export type SlackSettings = z.infer<typeof SlackSettings>;
