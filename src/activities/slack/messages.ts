/** What is said in Slack: judged, recorded, and only then a row that the courier sends. */
import { decide, type Judgment } from '../../gate/decide.ts';
import { actionDigest } from '../../kernel/action.ts';
import { digest } from '../../kernel/digest.ts';
import { deriveId, TurnId, type AgentName, type EventId, type PersonId } from '../../kernel/ids.ts';
import { SEND_REPLY, SHOW_TASK } from '../../kernel/message.ts';
import type { Classification, Proposal } from '../../kernel/nouns.ts';
import { instant, localTime, millis, type Instant, type Times } from '../../kernel/time.ts';
import { eventId } from '../../ledger/seal.ts';
import { baseFacts } from '../facts.ts';
import type { Tx } from '../ports.ts';
import { ourBase, OURSELVES } from '../sight.ts';
import type { TurnRow } from '../turns/ports.ts';
import { record, type World } from '../world.ts';
import type { LinkRow, NewMessage, Place, SlackUser } from './ports.ts';

const DAY_MS = 86_400_000; // an answer that comes later than a day helps nobody

/** One message as the gate is asked about it. */
interface Utterance {
  readonly key: string;
  readonly agent: AgentName | null; // null: ourselves, showing what the inbox holds
  readonly person: PersonId;
  readonly direct: boolean;
  readonly house: boolean;
  readonly linked: boolean;
  readonly classification: Classification;
  readonly cause: EventId | null;
  readonly correlation: string;
}

/** Judges a message, and records the decision before anything leaves. */
async function judged(world: World, tx: Tx, said: Utterance, times: Times, of: 'beginning' | 'whole' | 'sending' = 'whole'): Promise<Judgment> {
  const tool = said.agent === null ? SHOW_TASK : SEND_REPLY;
  const message = { direct: said.direct, house: said.direct || said.house, linked: said.linked, classification: said.classification };
  const base = said.agent === null ? await ownBase(world, tx, said, times) : await agentBase(world, tx, { ...said, agent: said.agent }, times);
  const verdict = decide(world.constitution(tx.org), {
    agent: said.agent ?? OURSELVES,
    onBehalfOf: said.person,
    tool,
    resource: 'slack',
    facts: { facts: 'message', base: { ...base, approvals: {}, approved_by: [], requester_is_sole: false }, message },
    currency: world.settings(tx.org).currency,
  });
  const beginning = { org: tx.org, type: 'message.judged', key: [said.key, said.direct, said.classification, verdict.verdict] } as const;
  if (of === 'beginning' && (await tx.recorded(eventId(beginning)))) return verdict; // judged several times a second
  const again = said.agent === null || of === 'sending'; // the same is shown again where it is the same again
  const whole = again ? [said.key, said.direct, times.wall] : [said.key, said.direct];
  await record(world, tx, {
    ...beginning,
    key: of === 'beginning' ? beginning.key : whole,
    causes: said.cause === null ? [] : [said.cause],
    correlation: said.correlation,
    times,
    groups: {
      subject: { subject: `person/${said.person}`, value: { person: said.person } },
      decision: {
        subject: 'organization',
        value: { ...message, tool, to: said.direct ? 'to one person' : 'to a channel', verdict: verdict.verdict, articles: verdict.articles, why: verdict.why },
      },
    },
  });
  return verdict;
}

async function agentBase(world: World, tx: Tx, said: Utterance & { readonly agent: AgentName }, times: Times) {
  const agent = world.agents.get(said.agent);
  const call = {
    id: deriveId('prp', [tx.org, 'message', said.key]),
    org: tx.org,
    ask: deriveId('ask', [tx.org, 'message', said.key]),
    agent: said.agent,
    onBehalfOf: said.person,
    tool: SEND_REPLY,
    args: {},
  };
  const proposal: Proposal = { ...call, actionDigest: actionDigest(call), rationale: '' };
  const now = localTime(times.business, world.settings(tx.org).zone);
  const read = await tx.facts({ proposal, facts: null, domain: agent?.domain ?? 'finance', times, today: now.date });
  return baseFacts(read, world.agents, said.agent, now, said.person, [], agent !== undefined);
}

const ownBase = async (world: World, tx: Tx, { person }: Utterance, times: Times) =>
  ourBase(world, tx, person, (await tx.person(person))?.status === 'active', times);

type Said = Omit<NewMessage, 'wanted' | 'at' | 'expiresAt' | 'about' | 'whole' | 'house'> & Partial<Pick<NewMessage, 'house'>>;

const text = (said: Said, at: Instant, expiresAt: Instant, whole = true): NewMessage => ({
  house: null,
  ...said,
  about: null,
  whole,
  wanted: digest({ body: said.body, whole }), // a beginning that nothing is added to is still not the whole
  at,
  expiresAt,
});

/** A sentence of the surface's own, in which nothing of any record stands: no linked person is needed to read it. */
export function notice(tx: Tx, place: Place, key: string, body: string, at: Instant): Promise<boolean> {
  const { team, user, channel, thread, direct } = place;
  return tx.slack.say(text({ key: `notice/${key}`, kind: 'notice', team, user, channel, thread: direct ? null : thread, body }, at, later(at)));
}

const later = (at: Instant): Instant => instant(millis(at) + DAY_MS);

/** What a deliberation has written so far, for whoever asked in Slack. */
export interface Beginning {
  readonly turn: TurnRow;
  readonly answer: string;
  readonly classification: Classification; // of what it rests on
  readonly cause: EventId;
  readonly correlation: string;
}

/** What it came to. */
export interface Answered extends Beginning {
  readonly spoken: string; // with what was written on the way to it, which may stand there already
  readonly proposals: number;
}

const utterance = ({ turn, classification, cause, correlation }: Beginning, place: Place, link: LinkRow | undefined): Utterance => ({
  key: `reply/${turn.id}`,
  agent: turn.agent,
  person: turn.person,
  direct: place.direct,
  linked: link?.valid === true && link.person === turn.person,
  house: place.house,
  classification,
  cause,
  correlation,
});

/** Puts as much of an answer as is written on its way, where everybody there may hear it. @returns false where nothing more is said before the whole */
export async function sayBeginning(world: World, tx: Tx, beginning: Beginning, times: Times): Promise<boolean> {
  const place = await tx.slack.placeOf(beginning.turn.id);
  if (!place) return false;
  const about = utterance(beginning, place, await tx.slack.link(place));
  if ((await judged(world, tx, about, times, 'beginning')).verdict !== 'permit') return false;
  const { team, user, channel, thread } = place;
  const said = { key: about.key, kind: 'reply', team, user, channel, thread, body: beginning.answer, house: houseOf(about) } as const;
  return tx.slack.say(text(said, times.wall, later(times.wall), false));
}

/**
 * Puts the answer of a turn that was said in Slack on its way, in the transaction that keeps it. In a channel only where everybody there
 * may hear it; else the person alone gets it, and the channel is told so, in the place of what stands there of it. @returns who heard it
 */
export async function answerInSlack(world: World, tx: Tx, answered: Answered, times: Times): Promise<'asker' | 'thread'> {
  const { turn, answer, spoken, proposals } = answered;
  const place = await tx.slack.placeOf(turn.id);
  if (!place) return 'asker';
  const about = utterance(answered, place, await tx.slack.link(place));
  const { team, user, channel, thread } = place;
  const say = (said: Pick<Said, 'key' | 'kind' | 'channel' | 'thread' | 'body' | 'house'>) =>
    tx.slack.say(text({ team, user, ...said }, times.wall, later(times.wall)));
  const noted = proposedText(proposals);
  const tell = (body: string) => say({ key: about.key, kind: 'notice', channel, thread: place.direct ? null : thread, body });
  const here = await judged(world, tx, about, times);
  if (here.verdict === 'permit') {
    const begun = await tx.slack.beginning(about.key);
    const body = begun !== undefined && spoken.startsWith(begun) ? spoken : answer;
    await say({ key: about.key, kind: 'reply', channel, thread, body: `${body}${noted}`, house: houseOf(about) });
    return place.direct ? 'asker' : 'thread';
  }
  const alone = place.direct ? here : await judged(world, tx, { ...about, direct: true }, times);
  if (alone.verdict !== 'permit') await tell(mayNot(alone));
  else {
    await say({ key: aloneKey(about), kind: 'reply', channel: null, thread: null, body: `${answer}${noted}` });
    await tell(ANSWERED_ALONE);
  }
  return 'asker';
}

/**
 * Not everybody who reads there is of our house any more: what was to be said in the channel is judged again, right before it is sent. Where
 * it is denied the person alone gets it, and the channel is told so.
 */
export async function sayAside(world: World, tx: Tx, key: string, times: Times): Promise<void> {
  const answer = await tx.slack.unsaidAnswer(key);
  const id = TurnId.safeParse(key.replace(/^reply\//, '')).data;
  const [turn, place] = id === undefined ? [] : [await tx.turn(id), await tx.slack.placeOf(id)];
  if (!answer || !turn || !place) return;
  const cause = eventId({ org: tx.org, type: 'turn.answered', key: [turn.id] });
  const correlation = deriveId('ask', [tx.org, turn.id]);
  const rests = { turn, answer: answer.body, classification: answer.house, cause, correlation };
  const about = utterance(rests, { ...place, house: false }, await tx.slack.link(place));
  if ((await judged(world, tx, about, times, 'sending')).verdict === 'permit') return tx.slack.anywhere(key, times.wall);
  const alone = await judged(world, tx, { ...about, direct: true }, times, 'sending');
  const told = alone.verdict === 'permit' ? ANSWERED_ALONE : mayNot(alone);
  const { team, user } = place;
  const said = { key: aloneKey(about), kind: 'reply', team, user, channel: null, thread: null, body: answer.body } as const;
  if (alone.verdict === 'permit') await tx.slack.say(text(said, times.wall, later(times.wall)));
  await tx.slack.instead(key, told, text({ ...said, body: told }, times.wall, times.wall).wanted, times.wall);
}

const ANSWERED_ALONE = 'I answered you directly: not everybody here may read it.';
const mayNot = ({ why }: Judgment): string => `I may not send my answer here. ${why.join('; ')}.`;
const aloneKey = ({ key }: Utterance): string => `${key}/alone`;
/** What is said to one person alone is read by nobody else. */
const houseOf = ({ direct, classification }: Utterance): Classification | null => (direct ? null : classification);

const proposedText = (n: number): string =>
  n === 0 ? '' : `\n\nI proposed ${n === 1 ? 'one action' : `${n} actions`}. ${n === 1 ? 'It is' : 'They are'} judged next.`;

/** Something that the inbox holds, for one linked person. */
export interface Shown {
  readonly key: string;
  readonly kind: 'card' | 'amendment' | 'consent' | 'duty' | 'told' | 'digest';
  readonly to: SlackUser & { readonly person: PersonId };
  readonly about: string | null;
  readonly cause: EventId | null;
  readonly body: string;
  readonly wanted: NewMessage['wanted'];
  readonly expiresAt: Instant;
}

/** Judges and keeps what one person is shown. What is denied is kept as well, so that it is not asked again and again. */
export async function show(world: World, tx: Tx, { to, cause, ...shown }: Shown, times: Times): Promise<void> {
  const { key, about, wanted } = shown;
  const whole = {
    key,
    agent: null,
    person: to.person,
    linked: true,
    direct: true,
    house: true,
    classification: 'confidential',
    cause,
    correlation: about ?? key,
  } as const;
  const { verdict, why } = await judged(world, tx, whole, times);
  const fresh = await tx.slack.say({ ...shown, whole: true, house: null, team: to.team, user: to.user, channel: null, thread: null, at: times.wall });
  if (!fresh) await tx.slack.want(key, wanted, times.wall);
  if (verdict !== 'permit') await tx.slack.fail(key, why.join('; '));
}
