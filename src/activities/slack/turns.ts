/** What somebody said in Slack is a row before Slack is told that it was heard; once it is known who said it, a turn or a sentence back. */
import { deriveId, type AgentName, type OrgId, type PersonId } from '../../kernel/ids.ts';
import { instant, millis, type Times } from '../../kernel/time.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { Tx } from '../ports.ts';
import type { World } from '../world.ts';
import { burn, codeDigest, codeIn, redeem } from './links.ts';
import { notice } from './messages.ts';
import type { KeptRow, Place } from './ports.ts';

const LONGEST = 8_000; // characters, as of any turn

/** What Slack's directory says of somebody. */
export type Standing = 'member' | 'guest' | 'stranger' | 'bot' | 'gone';

export type Heard = Omit<KeptRow, 'code'>;

/** Whom Slack says that it was, and whether everybody who reads there is of our house. */
export interface Who {
  readonly standing: Standing;
  readonly house: boolean;
}

/** `known`: something came of it before. `turn`: waits for its agent. `said`: answered with a sentence. */
export type Hearing = { readonly state: 'known' | 'said' } | { readonly state: 'turn'; readonly conversation: string };

const NOT_LINKED =
  'I do not know who you are here, so I read and do nothing for you. Run `charter slack link` with your own token, and send me the code it prints.';
const NO_AUTHORITY: Readonly<Record<Exclude<Standing, 'member'>, string>> = {
  guest: 'Guests have no authority here, so I read and do nothing for you. Ask a member of the organization.',
  stranger: 'You belong to another organization, so I read and do nothing for you. Ask a member of this one.',
  bot: 'Programs have no authority here.',
  gone: 'Your account is not active any more, so I read and do nothing for you.',
};

/** Keeps what was heard, whoever said it. @returns false where it was heard before */
export function hear(world: World, org: OrgId, heard: Heard): Promise<boolean> {
  return world.store.tx(org, async (tx) => {
    const { wall } = await tx.times();
    if (!(await tx.slack.hear(heard.event, wall))) return false;
    const code = codeIn(heard.text);
    const text = code === undefined ? heard.text.slice(0, LONGEST) : '';
    await tx.slack.keepHeard({ ...heard, text, code: code === undefined ? null : codeDigest(org, code) }, wall);
    return true;
  });
}

/** One transaction: it is known who said it, and what comes of it. */
export function settle(world: World, org: OrgId, event: string, { standing, house }: Who): Promise<Hearing> {
  return world.store.tx(org, async (tx): Promise<Hearing> => {
    const times = await tx.times();
    const kept = await tx.slack.settleHeard(event);
    if (!kept) return { state: 'known' };
    const heard = { ...kept, house };
    const say = async (body: string): Promise<Hearing> => {
      await notice(tx, heard, `${heard.team}/${heard.channel}/${heard.ts}`, body, times.wall);
      return { state: 'said' };
    };
    if (standing !== 'member') return say(NO_AUTHORITY[standing]);
    if (kept.code !== null) return say(await withCode(world, tx, heard, kept.code, times));
    const link = await tx.slack.link(heard);
    if (!link?.valid) return say(NOT_LINKED);
    const agent = await whom(world, tx, heard);
    if (!agent) return say(question(world));
    if (heard.text.trim() === '') return say('What would you like to know? Write it in one message, after my name.');
    return takeUp(tx, heard, link.person, agent, times);
  });
}

/** A code that others have seen is used up at once: whoever came first would be linked as somebody else. */
async function withCode(world: World, tx: Tx, heard: Place, code: Digest, times: Times): Promise<string> {
  if (!heard.direct) {
    await burn(tx, code, times);
    return 'Others here have seen this code, so it holds no longer. Ask for another, and send it to me alone.';
  }
  const made = await redeem(world, tx, heard, code, times);
  return made.state === 'refused' ? made.why : `You are linked as ${made.name}. Ask me something, or wait for what needs you.`;
}

async function takeUp(tx: Tx, heard: Heard & Place, person: PersonId, agent: AgentName, times: Times): Promise<Hearing> {
  const message = `${heard.team}/${heard.channel}/${heard.ts}`;
  const id = deriveId('trn', [tx.org, 'slack', person, message]);
  const conversation = deriveId('thr', [tx.org, 'slack', heard.team, heard.channel, heard.thread]); // shared: each turn in it has its own speaker
  // Slack's time of the message orders a thread, whatever the order in which its events came.
  const said = instant(Math.min(millis(times.wall), Math.round(Number(heard.ts) * 1000)));
  if (!(await tx.addTurn({ id, source: 'slack', message: `${person}/${message}`, conversation, person, agent, content: heard.text }, said)))
    return { state: 'known' };
  await tx.slack.addTurn(id, heard, agent, said);
  return { state: 'turn', conversation };
}

/** Whom somebody speaks to: whom they name, else whom the thread or the channel speaks to, else the only one there is. */
async function whom(world: World, tx: Tx, { text, channel, thread }: Heard): Promise<AgentName | undefined> {
  const { aliases, channels } = world.settings(tx.org).slack;
  const names = new Map<string, AgentName>([...world.agents.values()].flatMap(({ name, domain }) => [[name, name] as const, [domain, name] as const]));
  for (const [alias, name] of Object.entries(aliases)) if (world.agents.has(name)) names.set(alias, name);
  const words = text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  const first = names.get(words[0] ?? '');
  if (first) return first;
  const before = await tx.slack.lastAgent(channel, thread);
  if (before && world.agents.has(before)) return before;
  const ofChannel = channels[channel];
  if (ofChannel && world.agents.has(ofChannel)) return ofChannel;
  const named = [...new Set(words.flatMap((word) => names.get(word) ?? []))];
  const [only, ...more] = named.length > 0 ? named : [...world.agents.keys()];
  return more.length === 0 ? only : undefined;
}

function question(world: World): string {
  const all = [...world.agents.values()];
  const [example] = all;
  return `Whom do you ask? Begin with one of these: ${all.map(({ name, domain }) => `${domain} (${name})`).join(', ')}. For example: “${example?.domain ?? 'finance'}: what waits?”`;
}
