/** What the page says of a task. Pure. */
import type { Outputs, TaskCard } from '../../../client.ts';
import { met } from '../../../kernel/quorum.ts';
import { shelved } from '../../grouped.ts';

export type Me = Outputs['me'];
export type Named = (person: string) => string;

/** `Pay 2,400.00 EUR, To Oak & Sons` */
export function headline({ card, tool }: TaskCard): string {
  const [what, whom] = card;
  if (!what) return tool;
  return `${what.label} ${what.value}${whom ? `, ${whom.label.toLowerCase()} ${whom.value}` : ''}`;
}

export const waitsFor = (task: TaskCard, me: Me): boolean => task.waits && (task.may.some(({ person }) => person === me.person) || alone(task, me));

/** The requester whom an article lets confirm alone, where nobody else could; the server says from when on. */
const alone = ({ requester, decision, may }: TaskCard, me: Me): boolean =>
  requester === me.person &&
  (decision?.needs ?? []).some(({ role, sole }) => sole !== null && me.roles.includes(role) && !may.some(({ roles }) => roles.includes(role)));

/** Why this person cannot decide it; undefined where they can. */
export function whyNot(task: TaskCard, me: Me, named: Named): string | undefined {
  if (task.outcome !== null) return `It is already ${task.outcome}${decidedBy(task, named)}.`;
  if (!task.waits) return 'It is being carried out.';
  if (waitsFor(task, me)) return undefined;
  const own = task.votes.find((vote) => vote.person === me.person && vote.void === null);
  if (own) return `You voted to ${own.choice} it.`;
  const who = task.may.map(({ person }) => named(person)).join(', ') || 'nobody left';
  if (task.requester === me.person) return `You asked for this, and nobody approves what they asked for. Who may: ${who}.`;
  const roles = (task.decision?.needs ?? []).map(({ role }) => role).join(' or ');
  return `This takes the role ${roles}. Who may: ${who}.`;
}

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

function decidedBy({ votes }: TaskCard, named: Named): string {
  const people = votes.filter((vote) => vote.void === null).map(({ person }) => named(person));
  return people.length === 0 ? '' : `, decided by ${people.join(', ')}`;
}

export interface Progress {
  readonly role: string;
  readonly have: number;
  readonly quorum: number;
  readonly may: readonly string[];
}

/** How far each role that was asked has come. */
export function progress({ decision, votes, may }: TaskCard): readonly Progress[] {
  const needs = decision?.needs ?? [];
  const filled = met(
    needs,
    votes.filter((vote) => vote.void === null && vote.choice === 'approve'),
  );
  return needs.map(({ role, quorum }) => ({
    role,
    quorum,
    have: filled.get(role) ?? 0,
    may: may.filter(({ roles }) => roles.includes(role)).map(({ person }) => person),
  }));
}

/** `Tue 3 Mar, 09:00` on the organization's clock. */
export const clock = (at: string, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(at),
  );

const APART_MS = 600_000; // more than a call takes: the clocks of an example, and no delay

/** On which clock people have to hurry: told where business goes by another one. @param now milliseconds since 1970 */
export const byTheWall = (business: string, now: number): string => (Math.abs(Date.parse(business) - now) > APART_MS ? ', by the real clock' : '');

/** `in 2 days`, `in 40 minutes`, `now`. @param now milliseconds since 1970 */
export function left(until: string, now: number): string {
  const minutes = Math.round((Date.parse(until) - now) / 60_000);
  const say = (n: number, unit: string) => `in ${n} ${unit}${n === 1 ? '' : 's'}`;
  if (minutes < 1) return 'now';
  if (minutes < 90) return say(minutes, 'minute');
  return minutes < 2_880 ? say(Math.round(minutes / 60), 'hour') : say(Math.round(minutes / 1_440), 'day');
}
