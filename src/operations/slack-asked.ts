/** A direct message to everybody linked about what they were asked themselves: to take a shift, or to see to an obligation. */
import type { AskedConsent } from '../activities/consents.ts';
import type { Tx } from '../activities/ports.ts';
import { isOf } from '../activities/slack/links.ts';
import { show } from '../activities/slack/messages.ts';
import type { LinkRow } from '../activities/slack/ports.ts';
import type { HumanTask } from '../activities/tasks.ts';
import type { World } from '../activities/world.ts';
import type { SlackAsked } from '../client.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import { ProposalId, type OrgId, type PersonId } from '../kernel/ids.ts';
import { instant, millis } from '../kernel/time.ts';

const LIFE_MS = 366 * 86_400_000; // an obligation of the year after next is asked about again

export type AskedKind = SlackAsked['kind'];

const consent = (asked: AskedConsent): SlackAsked => ({ kind: 'consent', asked });
const duty = (asked: HumanTask): SlackAsked => ({ kind: 'duty', asked });
export const isOpen = (one: SlackAsked): boolean => (one.kind === 'consent' ? one.asked.state === 'asked' : one.asked.done === null);

/** What of it is to be seen. */
export const askedLooks = (one: SlackAsked): Digest => digest(JSON.parse(JSON.stringify(one)));

/** What nobody has answered yet. */
export const openAsked = async (world: World, tx: Tx): Promise<readonly SlackAsked[]> =>
  [...(await world.consents.list(tx)).map(consent), ...(await world.tasks.list(tx)).map(duty)].filter(isOpen);

export async function askedNamed(world: World, tx: Tx, kind: AskedKind, key: string): Promise<SlackAsked | undefined> {
  return (kind === 'consent' ? (await world.consents.list(tx, key)).map(consent) : (await world.tasks.list(tx, key)).map(duty))[0];
}

/** Each comes once, and changes where it stands once it is answered, wherever that was. */
export async function keepAsked(world: World, org: OrgId, links: readonly LinkRow[]): Promise<void> {
  await world.store.tx(org, async (tx) => {
    const open = await openAsked(world, tx);
    const own = open.flatMap((one) => links.flatMap((link) => (link.person === one.asked.person ? [{ key: keyOf(one), link, one }] : [])));
    const unsaid = await tx.slack.unsaid(own.map(({ key }) => key));
    const changed = [];
    for (const kind of ['consent', 'duty'] as const)
      for (const { key, about, wanted, ...whose } of await tx.slack.cards(kind)) {
        const one = open.find((other) => other.kind === kind && other.asked.key === about) ?? (await askedNamed(world, tx, kind, about));
        const link = links.find((other) => isOf(other, whose));
        if (one && link && wanted !== askedLooks(one)) changed.push({ key, link, one });
      }
    for (const { key, link, one } of [...own.filter((other) => unsaid.includes(other.key)), ...changed]) await showAsked(world, tx, key, link, one);
  });
}

const keyOf = ({ kind, asked }: SlackAsked): string => `${kind}/${asked.key}/${asked.person}`;

async function showAsked(world: World, tx: Tx, key: string, to: LinkRow, one: SlackAsked): Promise<void> {
  const times = await tx.times();
  const asking = await tx.proposal(ProposalId.parse(one.asked.key));
  const expiresAt = instant(millis(times.wall) + LIFE_MS);
  await show(world, tx, { kind: one.kind, key, to, about: one.asked.key, cause: asking?.event ?? null, body: '', wanted: askedLooks(one), expiresAt }, times);
}

/** What a person was asked, in a line each. */
export const askedLines = (open: readonly SlackAsked[], person: PersonId): readonly string[] =>
  open.flatMap((one) => {
    if (one.asked.person !== person) return [];
    return one.kind === 'consent' ? [`would you take ${one.asked.what}? Answer by ${one.asked.answerBy}`] : [`${one.asked.title}, by ${one.asked.due}`];
  });
