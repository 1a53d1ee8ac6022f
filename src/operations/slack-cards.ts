/** Messages as the Slack surface sends them: what is to be seen of a task or an amendment is read anew for each. */
import { isOf } from '../activities/slack/links.ts';
import type { MessageRow } from '../activities/slack/ports.ts';
import type { World } from '../activities/world.ts';
import type { AmendmentCard, SlackMessage, TaskCard } from '../client.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import type { OrgId } from '../kernel/ids.ts';
import type { Views } from '../ports.ts';
import { amendmentCards } from './amendments.ts';
import { askedLooks, askedNamed, isOpen } from './slack-asked.ts';
import { toldLooks, toldNamed } from './slack-told.ts';

/** What of a task is to be seen. */
export const looks = (task: TaskCard, halted: readonly string[]): Digest => digest(JSON.parse(JSON.stringify({ task, halted })));
export const amendmentLooks = (amendment: AmendmentCard): Digest => digest(JSON.parse(JSON.stringify(amendment)));

export const haltedNow = (world: World, org: OrgId): Promise<readonly string[]> => world.store.tx(org, (tx) => tx.halts());

export async function messages(world: World, org: OrgId, views: Views, rows: readonly MessageRow[]): Promise<readonly SlackMessage[]> {
  const cards = rows.some(({ kind }) => kind !== 'reply' && kind !== 'notice' && kind !== 'digest');
  const halted = cards ? await haltedNow(world, org) : [];
  const [all, links] = cards ? await world.store.tx(org, async (tx) => [await tx.people(), await tx.slack.links()] as const) : [[], []];
  const amendments = rows.some(({ kind }) => kind === 'amendment') ? await world.store.tx(org, (tx) => amendmentCards(world, tx)) : [];
  const { business } = await world.store.tx(org, (tx) => tx.times());
  const names = Object.fromEntries(all.map(({ id, name }) => [id, name]));
  const made = rows.map(async ({ kind, about, body, wanted, expiresAt: _expiresAt, house, ...kept }): Promise<SlackMessage | undefined> => {
    const row = { ...kept, house: house !== null };
    if (kind === 'reply' || kind === 'notice' || kind === 'digest') return { ...row, shows: wanted, says: { kind, text: body } };
    const link = links.find((one) => one.valid && isOf(one, row));
    const { name = '', roles = [] } = all.find(({ id }) => id === link?.person) ?? {};
    const me = { person: link?.person ?? '', name, roles, tokenFrom: link?.linkedAt ?? '' };
    if (kind === 'amendment') {
      const amendment = amendments.find(({ id }) => id === about);
      return amendment && { ...row, shows: amendmentLooks(amendment), says: { kind, amendment, me, names } };
    }
    if (kind === 'consent' || kind === 'duty') {
      const asked = await world.store.tx(org, (tx) => askedNamed(world, tx, kind, about ?? ''));
      return asked && { ...row, shows: askedLooks(asked), says: { ...asked, me } };
    }
    if (kind === 'told') {
      const told = await world.store.tx(org, (tx) => toldNamed(world, tx, about ?? ''));
      return told && { ...row, shows: toldLooks(told), says: { kind, told } };
    }
    const [task] = about === null ? [] : await views.tasksNamed(org, about);
    return task && { ...row, shows: looks(task, halted), says: { kind, task, me, halted, names, business } };
  });
  return (await Promise.all(made)).filter((one) => one !== undefined);
}

/** A card that changes no more. */
export function settled(says: SlackMessage['says']): boolean {
  if (says.kind === 'card') return says.task.outcome !== null;
  if (says.kind === 'consent' || says.kind === 'duty') return !isOpen(says);
  if (says.kind === 'told') return true;
  return says.kind === 'amendment' && says.amendment.closedAt !== null;
}
