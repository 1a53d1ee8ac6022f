/** People's attention: which tasks are cards today, who is shown what is about to expire, and who is asked by name. */
import { grouped, inOrder, newCards, type Waits } from '../memory/cards.ts';
import type { OrgId, PersonId, ProposalId } from '../kernel/ids.ts';
import { localTime, type Times } from '../kernel/time.ts';
import { electorate, namesOf } from './eligible.ts';
import { personNamed } from './names.ts';
import { AuthorityError, stillWaits, type Late, type Speaker, type Waiting } from './people.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

export interface Placed {
  readonly grouped: ReadonlySet<ProposalId>;
  readonly order: readonly ProposalId[]; // escalated ones, cards as they came, then what is grouped
}

/**
 * Places what waits for a reader, and keeps which cards the reader is shown for the first time today. It decides nothing.
 * @param reader null: nobody in particular, for whom nothing is kept
 */
export function placeCards(world: World, org: OrgId, reader: PersonId | null, tasks: readonly Waits[]): Promise<Placed> {
  return world.store.tx(org, async (tx) => {
    if (reader !== null) await tx.lock([`cards/${reader}`]); // two windows of one person draw on one bound
    const { zone, cardsPerDay: perDay } = world.settings(org);
    const times = await tx.times();
    const day = { today: localTime(times.business, zone).date, perDay };
    const shown = await tx.cardsShown(
      tasks.map(({ id }) => id),
      day.today,
    );
    if (reader !== null) {
      const fresh = newCards(reader, tasks, shown, day).map((card) => ({ ...card, person: reader, day: day.today }));
      await tx.showCards(fresh, times.wall);
    }
    const group = grouped(reader, tasks, shown, day);
    const rank = ({ id, escalated }: Waits) => (group.has(id) ? 2 : escalated ? 0 : 1);
    const order = [...tasks].sort((a, b) => rank(a) - rank(b) || (rank(a) === 2 ? inOrder(a, b) : 0)).map(({ id }) => id);
    return { grouped: group, order };
  });
}

const LATE_SHARE = 0.75; // of a task's time: of two days, the last half day is left to decide it
const MOST_AT_ONCE = 100; // escalated in one round of upkeep; the next comes within seconds

/** Shows what is about to expire to the next circle, once for a task. @returns how many */
export async function escalateLate(world: World, org: OrgId): Promise<number> {
  const late = await world.store.tx(org, async (tx) => tx.lateTasks(LATE_SHARE, (await tx.times()).wall, MOST_AT_ONCE));
  let escalated = 0;
  for (const id of late) if (await world.store.tx(org, (tx) => escalate(world, tx, id))) escalated++;
  return escalated;
}

async function escalate(world: World, tx: Tx, id: ProposalId): Promise<boolean> {
  const waiting = await stillWaits(tx, id);
  if (waiting.state === 'late' || (await tx.escalated(id))) return false;
  const { onFile, last, times } = waiting;
  const people = await nextCircle(tx, waiting);
  const event = await record(world, tx, {
    org: tx.org,
    type: 'task.escalated',
    key: [id],
    causes: [onFile.event, last.event],
    correlation: onFile.proposal.ask,
    times,
    groups: { payload: { subject: 'organization', value: { proposal: id, people: [...people], expiresAt: last.expiresAt } } },
  });
  return tx.addEscalation({ proposal: id, people, event, at: times.wall });
}

/** The managers of those who were asked and have not voted; where they have none, the owners who may decide it. Nobody becomes eligible by it. */
async function nextCircle(tx: Tx, { onFile, last }: Waiting): Promise<readonly PersonId[]> {
  const requester = onFile.proposal.onBehalfOf;
  const voted = (await tx.votes(onFile.proposal.id)).flatMap(({ vote, voidBecause }) => (voidBecause === null ? [vote.person] : []));
  const { active, eligible } = await electorate(tx, requester, last.decision.needs, last.barred);
  const asked = eligible.filter(({ id }) => !voted.includes(id));
  const managers = active.filter(({ id }) => id !== requester && asked.some(({ manager }) => manager === id));
  const owners = eligible.filter(({ roles }) => roles.includes('owner'));
  return (managers.length > 0 ? managers : owners).map(({ id }) => id);
}

export type Nudged = { readonly state: 'asked' } | Late;

/**
 * Asks one person by name to decide a task. It makes nobody eligible.
 * @throws AuthorityError `not_eligible`, with who is
 */
export function nudge(world: World, speaker: Speaker, id: ProposalId, word: string): Promise<Nudged> {
  return world.store.tx(speaker.org, async (tx): Promise<Nudged> => {
    const waiting = await stillWaits(tx, id);
    if (waiting.state === 'late') return waiting;
    const to = await personNamed(tx, word);
    const { decision, barred } = waiting.last;
    const { needs } = decision;
    const { eligible } = await electorate(tx, waiting.onFile.proposal.onBehalfOf, needs, barred);
    if (!eligible.some((person) => person.id === to))
      throw new AuthorityError('not_eligible', `\`${to}\` may not decide this, so nobody was asked. Who may: ${namesOf(eligible, needs)}.`);
    if ((await tx.votes(id)).some(({ vote, voidBecause }) => vote.person === to && voidBecause === null))
      return { state: 'late', what: `\`${to}\` voted on it already.`, outcome: null };
    if (await tx.nudged(id, to)) return { state: 'late', what: `\`${to}\` was asked by name already.`, outcome: null };
    await keepNudge(world, tx, speaker, waiting, to, waiting.times);
    return { state: 'asked' };
  });
}

async function keepNudge(world: World, tx: Tx, { person }: Speaker, { onFile, last }: Waiting, to: PersonId, times: Times): Promise<void> {
  const event = await record(world, tx, {
    org: tx.org,
    type: 'task.nudged',
    key: [onFile.proposal.id, to],
    causes: [onFile.event, last.event],
    correlation: onFile.proposal.ask,
    times,
    groups: {
      actor: { subject: `person/${person}`, value: { person } },
      subject: { subject: `person/${to}`, value: { person: to } },
      payload: { subject: 'organization', value: { proposal: onFile.proposal.id } },
    },
  });
  await tx.addNudge({ proposal: onFile.proposal.id, person: to, by: person, event, at: times.wall });
}
