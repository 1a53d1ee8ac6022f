/** The Slack surface's desk: each of its doings a few calls into activities and views. */
import { amendmentsFor } from './amendments.ts';
import { laidOut } from './laid-out.ts';
import { keepAmendments } from './slack-amendments.ts';
import { askedLines, keepAsked, openAsked } from './slack-asked.ts';
import { haltedNow, looks, messages, settled } from './slack-cards.ts';
import { keepTold } from './slack-told.ts';
import { seenTasks } from './seeing.ts';
import { woken } from './woken.ts';
import { isOf } from '../activities/slack/links.ts';
import { hear, settle } from '../activities/slack/turns.ts';
import { sayAside, show } from '../activities/slack/messages.ts';
import { sightOf } from '../activities/sight.ts';
import type { LinkRow } from '../activities/slack/ports.ts';
import type { Tx } from '../activities/ports.ts';
import type { World } from '../activities/world.ts';
import type { AmendmentCard, SlackDesk, SlackState, TaskCard } from '../client.ts';
import { digest } from '../kernel/digest.ts';
import { ProposalId, type OrgId, type PersonId } from '../kernel/ids.ts';
import { addDays, instant, instantAt, localTime, millis } from '../kernel/time.ts';
import { weekCounts } from '../kernel/week-words.ts';
import type { WeekReport } from '../kernel/week-report.ts';
import type { TasksFound, Views } from '../ports.ts';

const LEASE_MS = 60_000; // a courier that was killed is believed dead after so long
const CARD_LIFE_MS = 60 * 86_400_000; // no task waits longer
const FORGET_MS = 30 * 86_400_000; // Slack sends an event again for an hour at most
const DAY_MS = 86_400_000;
const MOST_LISTED = 10; // in a digest; the inbox lists all
const LONGEST_REASON = 300; // characters, of an amendment in a digest

export interface Desk extends SlackDesk {
  now(): SlackState;
}

export function slackDesk(world: World, org: OrgId, views: Views): Desk {
  const seen = { state: 'off' as SlackState, change: '' };
  const tx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => world.store.tx(org, work);
  const later = (waitMs: number) => async (one: Tx) => instant(millis((await one.times()).wall) + waitMs);
  return {
    settings: world.settings(org).slack,
    zone: world.settings(org).zone,
    now: () => seen.state,
    state: (now) => void (seen.state = now),
    hear: async (heard) => ((await hear(world, org, heard)) ? 'kept' : 'known'),
    kept: (most) => tx(async (one) => one.slack.takeHeard(most, (await one.times()).wall, await later(LEASE_MS)(one))),
    async settle(event, who) {
      const settledAs = await settle(world, org, event, who);
      if (settledAs.state === 'turn') void woken(world.orchestrator.wakeConversation(org, settledAs.conversation));
      return settledAs.state;
    },
    keptAgain: (event, waitMs) => tx(async (one) => one.slack.heardAgain(event, await later(waitMs)(one))),
    drop: (event) => tx(async (one) => void (await one.slack.settleHeard(event))),
    async keepUp() {
      const links = (await tx((one) => one.slack.links())).filter(({ valid }) => valid);
      const { business, wall } = await tx((one) => one.times());
      const { date } = localTime(business, world.settings(org).zone); // a new day makes cards of what was grouped
      const change = `${await views.lastChange(org)}/${date}/${wall.slice(0, 16)}/${digest(links)}`; // with a minute an own request may be confirmed
      if (change !== seen.change) {
        await keepCards(world, org, views, links);
        await keepAmendments(world, org, links);
        await keepAsked(world, org, links);
        await keepTold(world, org, links);
      }
      seen.change = change;
      await keepDigests(world, org, views, links);
    },
    async take(most) {
      const rows = await tx(async (one) => one.slack.take(most, (await one.times()).wall, await later(LEASE_MS)(one)));
      if (rows.length === 0) return [];
      const taken = await messages(world, org, views, rows);
      for (const { key, shows } of taken) {
        const wanted = rows.find((row) => row.key === key)?.wanted;
        if (wanted !== undefined && wanted !== shows) await tx((one) => one.slack.overtook(key, wanted, shows)); // else it would be sent again and again
      }
      return taken;
    },
    begun: ({ key }, channel, ts, begins) => tx((one) => one.slack.begun(key, channel, ts, begins)),
    streamed: ({ key, shows }, channel, ts, characters) => tx(async (one) => one.slack.streamed(key, channel, ts, characters, shows, (await one.times()).wall)),
    held: ({ key }) => tx(async (one) => one.slack.held(key, (await one.times()).wall)),
    aside: ({ key }) => tx(async (one) => sayAside(world, one, key, await one.times())),
    sent: ({ key, shows, says }, channel, ts) => tx((one) => one.slack.sent(key, channel, ts, shows, settled(says))),
    again: ({ key }, waitMs, unsure, error) => tx(async (one) => one.slack.again(key, await later(waitMs)(one), unsure, error)),
    fail: ({ key }, error) => tx((one) => one.slack.fail(key, error)),
  };
}

/** Whether a task is shown to a person: who may decide it, and who was shown it because it is about to expire. */
const concerns = ({ may, escalated }: TaskCard, person: PersonId): boolean =>
  may.some((one) => one.person === person) || escalated?.people.includes(person) === true;

/** A card for everybody linked whom a task concerns, within the bound of their day; and every card as the task is now. */
async function keepCards(world: World, org: OrgId, views: Views, links: readonly LinkRow[]): Promise<void> {
  const [waiting, halted] = [await views.waiting(org), await haltedNow(world, org)];
  const cards = await world.store.tx(org, (tx) => tx.slack.cards('card'));
  const gone = cards.filter(({ about }) => !waiting.some(({ id }) => id === about));
  const closed = (await Promise.all([...new Set(gone.map(({ about }) => about))].map((id) => views.tasksNamed(org, id)))).flat();
  const changed = cards.flatMap(({ key, about, wanted, ...whose }) => {
    const task = [...waiting, ...closed].find(({ id }) => id === about);
    const link = links.find((one) => isOf(one, whose));
    return task && link && wanted !== looks(task, halted) ? [{ key, link, task }] : [];
  });
  const fresh = [];
  for (const link of links) {
    if (!waiting.some((task) => concerns(task, link.person))) continue;
    const ahead = (await laidOut(world, org, link.person, waiting)).filter(({ grouped }) => !grouped).map(({ id }) => id);
    const own = ahead.flatMap((id) => waiting.find((task) => task.id === id && concerns(task, link.person)) ?? []);
    fresh.push(...own.map((task) => ({ key: cardKey(task, link), link, task })));
  }
  const unseen = fresh.filter(({ key }) => !cards.some((card) => card.key === key));
  for (const { key, link, task } of [...unseen, ...changed]) await world.store.tx(org, (tx) => showCard(world, tx, key, link, task, halted));
}

/** What becomes pressing is shown anew: what changes in its place is seen by nobody. */
function cardKey({ id, escalated, nudged }: TaskCard, { person }: LinkRow): string {
  const pressing = escalated !== null || nudged.some((one) => one.person === person);
  return `card/${id}/${person}${pressing ? '/pressing' : ''}`;
}

async function showCard(world: World, tx: Tx, key: string, to: LinkRow, task: TaskCard, halted: readonly string[]): Promise<void> {
  const times = await tx.times();
  const onFile = await tx.proposal(ProposalId.parse(task.id));
  const expiresAt = instant(millis(times.wall) + CARD_LIFE_MS);
  const shown = { kind: 'card', key, to, about: task.id, body: '', wanted: looks(task, halted), expiresAt } as const;
  await show(world, tx, { ...shown, cause: onFile?.event ?? null }, times);
}

/** Once a day for everybody linked, at their time; what was missed that day comes late, and what was missed before does not come. */
async function keepDigests(world: World, org: OrgId, views: Views, links: readonly LinkRow[]): Promise<void> {
  const { zone, slack } = world.settings(org);
  const times = await world.store.tx(org, (tx) => tx.times());
  const { date, hour, minute, weekday } = localTime(times.business, zone);
  const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const due = links.filter(({ digestAt }) => (digestAt ?? slack.digest) <= clock); // `off` sorts behind every time of day
  const missing = await world.store.tx(org, (tx) => tx.slack.unsaid(due.map(({ person }) => `digest/${person}/${date}`)));
  if (missing.length === 0) return;
  const midnight = instantAt(addDays(date, 1), '00:00', zone);
  const expiresAt = instant(millis(times.wall) + millis(midnight) - millis(times.business));
  const [waiting, done] = [await views.waiting(org), await doneSince(views, org, millis(times.wall) - DAY_MS)];
  const halted = await haltedNow(world, org);
  const [owners, week] = await world.store.tx(
    org,
    async (tx) => [await world.amendments.owners(tx), weekday === 1 ? await world.weeks.kept(tx, addDays(date, -7)) : undefined] as const,
  );
  await world.store.tx(org, (tx) => tx.slack.forget(instant(millis(times.wall) - FORGET_MS)));
  for (const link of due.filter(({ person }) => missing.includes(`digest/${person}/${date}`))) {
    const own = (await laidOut(world, org, link.person, waiting)).filter((task) => concerns(task, link.person));
    await world.store.tx(org, async (tx) => {
      const sight = await sightOf(world, tx, link.person, times);
      const body = digestText(date, {
        own,
        amendments: await amendmentsFor(world, tx, link.person),
        asked: askedLines(await openAsked(world, tx), link.person),
        done: seenTasks(world, sight, done),
        halted,
        week: owners.includes(link.person) ? week : undefined,
      });
      const key = `digest/${link.person}/${date}`;
      await show(world, tx, { kind: 'digest', key, to: link, about: null, cause: null, body, wanted: digest(body), expiresAt }, times);
    });
  }
}

/** @param since milliseconds since 1970 */
async function doneSince(views: Views, org: OrgId, since: number): Promise<readonly TaskCard[]> {
  const done: TaskCard[] = [];
  for (let after: ProposalId | null = null; ;) {
    const { tasks, next }: TasksFound = await views.all(org, after);
    const lately = tasks.filter(({ createdAt }) => Date.parse(createdAt) > since);
    done.push(...lately.filter(({ outcome }) => outcome === 'done'));
    if (next === null || lately.length < tasks.length) return done;
    after = next;
  }
}

interface Day {
  readonly own: readonly TaskCard[]; // that wait for this person
  readonly amendments: readonly AmendmentCard[];
  readonly asked: readonly string[]; // of this person themselves
  readonly done: readonly TaskCard[];
  readonly halted: readonly string[];
  readonly week: WeekReport | undefined; // of an owner, on a Monday: what ran in shadow in the week before
}

function digestText(date: string, { own, amendments, asked, done, halted, week }: Day): string {
  const [waiting, grouped] = [own.filter((task) => !task.grouped), own.filter((task) => task.grouped)];
  return [
    `${date}: ${own.length === 0 ? 'nothing waits for you' : own.length === 1 ? 'one task waits for you' : `${own.length} tasks wait for you`}.`,
    ...listed(waiting),
    ...(grouped.length === 0 ? [] : [`Of these, ${grouped.length} in groups, for later days; the inbox shows them now.`]),
    ...(amendments.length === 0 ? [] : ['Amendments wait for the owners: decide them on their cards, or in the inbox:']),
    ...amendments.slice(0, MOST_LISTED).map(({ id, reason }) => `• ${id}: ${cut(reason)}`),
    ...(asked.length === 0 ? [] : ['You are asked yourself:']),
    ...asked.slice(0, MOST_LISTED).map((line) => `• ${line}`),
    ...(done.length === 0 ? ['Nothing was done since yesterday.'] : [`Done since yesterday: ${done.length}.`, ...listed(done)]),
    ...(week ? ['Last week, only tried out:', ...weekCounts(week).map((said) => `• ${said}`), `All of it: charter level report --week ${week.week}`] : []),
    ...(halted.length === 0 ? [] : [`A halt is in force: ${halted.join(', ')}.`]),
  ].join('\n');
}

const cut = (text: string): string => (text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text);

const listed = (tasks: readonly TaskCard[]): readonly string[] => [
  ...tasks.slice(0, MOST_LISTED).map(line),
  ...(tasks.length > MOST_LISTED ? [`and ${tasks.length - MOST_LISTED} more, in the inbox`] : []),
];

function line({ card, tool, escalated }: TaskCard): string {
  const said = card.slice(0, 2).map(({ label, value }) => `${label} ${value}`);
  return `• ${said.length === 0 ? tool : said.join(', ')}${escalated === null ? '' : ' (most of its time is over)'}`;
}
