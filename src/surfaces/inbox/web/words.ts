/** What the page says of a task. Pure. */
import type { Input, Outputs, TaskCard } from '../../../client.ts';
import { endedBecause } from '../../counted.ts';
import { shelved } from '../../grouped.ts';
import { quoted } from '../../prose.ts';

export type Me = Outputs['me'];
export type Named = (person: string) => string;

/** `Pay 2,400.00 EUR, To Oak & Sons` */
export function headline({ card, tool }: TaskCard): string {
  const [what, whom] = card;
  if (!what) return tool;
  return `${what.label} ${valueOf(what)}${whom ? `, ${whom.label.toLowerCase()} ${valueOf(whom)}` : ''}`;
}

const valueOf = ({ value, prose }: TaskCard['card'][number]): string => (prose ? quoted(value) : value);

export const waitsFor = (task: TaskCard, me: Me): boolean =>
  task.waits && (task.may.some(({ person }) => person === me.person) || (ownStep(task, me) && secondStepNot(task, me) === undefined));

/** The requester whom an article lets confirm alone, because nobody else could. */
const ownStep = ({ requester, secondStep }: TaskCard, me: Me): boolean =>
  requester === me.person && secondStep?.roles.some((role) => me.roles.includes(role)) === true;

/** What an own request is told beside its card: that it is the same person's word, and no second pair of eyes; undefined where it is none. */
export const secondStepSays = (task: TaskCard, me: Me): string | undefined =>
  ownStep(task, me)
    ? `You asked for this yourself, and nobody else holds the role ${task.secondStep?.roles.join(', ') ?? ''}. You may confirm it yourself, later and with a newer token: the same person twice, not four eyes. It will be shown as such.`
    : undefined;

/** What has still to happen before the same person confirms it. Times are the real clock's, in UTC: tokens and votes are kept so. */
function secondStepNot({ secondStep }: TaskCard, { person, tokenFrom }: Me): string | undefined {
  if (!secondStep) return undefined;
  if (!secondStep.begun)
    return `You may confirm your own request from ${utc(secondStep.from)} on, by the real clock, with a token that is newer than ${utc(secondStep.askedAt)}.`;
  if (Date.parse(tokenFrom) > Date.parse(secondStep.askedAt)) return undefined;
  return `You are here with a token from before the question. Make a new one with \`charter people token ${person} --as ${person}\`; then open the inbox again with it, or end your link to Slack and link it anew.`;
}

const utc = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

/** What of a task is vouched for when somebody decides it: the digest of the facts that were shown. */
export const seenOf = ({ decision }: TaskCard): Pick<Input<'decide'>, 'seen'> => (decision ? { seen: decision.material } : {});

/** Whether what was shown is no longer what would be decided. What is decided already is told by whoever decided it. */
export const changedSince = (shown: TaskCard, now: TaskCard): boolean => now.waits && now.decision?.material !== shown.decision?.material;

/** Why this person cannot decide it; undefined where they can. */
export function whyNot(task: TaskCard, me: Me, named: Named): string | undefined {
  if (task.outcome !== null) return `It is already ${task.outcome}${decidedBy(task, named)}${because(task)}.`;
  if (!task.waits) return `It is already being carried out${decidedBy(task, named)}.`;
  if (waitsFor(task, me)) return undefined;
  const own = task.votes.find((vote) => vote.person === me.person && vote.void === null);
  if (own) return `You voted to ${own.choice} it.`;
  const who = task.may.map(({ person }) => named(person)).join(', ') || 'nobody left';
  if (ownStep(task, me)) return secondStepNot(task, me);
  if (task.requester === me.person) return `You asked for this, and nobody approves what they asked for. Who may: ${who}.`;
  const roles = (task.decision?.needs ?? []).map(({ role }) => role).join(' or ');
  return `This takes the role ${roles}. Who may: ${who}.`;
}

/** Who may still decide it and was not asked by name yet: somebody else than whoever looks. */
export const askable = ({ waits, may, nudged }: TaskCard, me: Me): readonly string[] =>
  waits ? may.map(({ person }) => person).filter((person) => person !== me.person && !nudged.some((one) => one.person === person)) : [];

/** What makes a task pressing, and for whom; undefined where nothing does. */
export function pressing({ escalated, nudged, outcome }: TaskCard, me: Me): string | undefined {
  if (outcome !== null) return undefined;
  const by = nudged.find(({ person }) => person === me.person)?.by;
  const asked = by === undefined ? '' : `. ${by} asks you by name`;
  if (escalated) return `Escalated${escalated.people.some((person) => person === me.person) ? ' to you' : ''}: most of its time is over${asked}`;
  return by === undefined ? undefined : asked.slice(2);
}

/** What the badge counts: cards that wait for me, and each group as one. */
export function badge(tasks: readonly TaskCard[], me: Me): number {
  const { cards, groups } = shelved(tasks.filter((task) => waitsFor(task, me)));
  return cards.length + groups.length;
}

const because = (task: TaskCard): string => (endedBecause(task) === undefined ? '' : `: ${endedBecause(task) ?? ''}`);

function decidedBy({ votes }: TaskCard, named: Named): string {
  const people = votes.filter((vote) => vote.void === null).map(({ person }) => named(person));
  return people.length === 0 ? '' : `, decided by ${people.join(', ')}`;
}

/** `Tue 3 Mar, 09:00` on the organization's clock. */
export const clock = (at: string, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(at),
  );

const APART_MS = 600_000; // more than the page's time is old: the clocks of an example, and no delay

/** Behind a deadline, where the organization lives in another day than its people. @param now milliseconds since 1970 */
export const byTheWall = (business: string | undefined, now: number): string =>
  business === undefined || Math.abs(Date.parse(business) - now) <= APART_MS ? '' : ', by the real clock';

/** `in 2 days`, `in 40 minutes`, `now`. @param now milliseconds since 1970 */
export function left(until: string, now: number): string {
  const minutes = Math.round((Date.parse(until) - now) / 60_000);
  const say = (n: number, unit: string) => `in ${n} ${unit}${n === 1 ? '' : 's'}`;
  if (minutes < 1) return 'now';
  if (minutes < 90) return say(minutes, 'minute');
  return minutes < 2_880 ? say(Math.round(minutes / 60), 'hour') : say(Math.round(minutes / 1_440), 'day');
}
