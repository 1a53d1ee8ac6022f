/** A card for every linked owner about every open amendment, and each as the amendment is now. */
import { isOf } from '../activities/slack/links.ts';
import { show } from '../activities/slack/messages.ts';
import type { LinkRow } from '../activities/slack/ports.ts';
import type { World } from '../activities/world.ts';
import { AmendmentId, type OrgId } from '../kernel/ids.ts';
import { instant } from '../kernel/time.ts';
import { amendmentCards } from './amendments.ts';
import { amendmentLooks } from './slack-cards.ts';

const TOLD_MS = 7 * 86_400_000; // after its end: what became of it is shown too

export async function keepAmendments(world: World, org: OrgId, links: readonly LinkRow[]): Promise<void> {
  const [amendments, cards] = await world.store.tx(org, async (tx) => [await amendmentCards(world, tx), await tx.slack.cards('amendment')] as const);
  const fresh = amendments.flatMap((amendment) =>
    links.flatMap((link) => (amendment.may.includes(link.person) ? [{ key: `amendment/${amendment.id}/${link.person}`, link, amendment }] : [])),
  );
  const changed = cards.flatMap(({ key, about, wanted, ...whose }) => {
    const amendment = amendments.find(({ id }) => id === about);
    const link = links.find((one) => isOf(one, whose));
    return amendment && link && wanted !== amendmentLooks(amendment) ? [{ key, link, amendment }] : [];
  });
  const known = await world.store.tx(org, (tx) => tx.slack.unsaid(fresh.map(({ key }) => key)));
  for (const { key, link, amendment } of [...fresh.filter((one) => known.includes(one.key)), ...changed])
    await world.store.tx(org, async (tx) => {
      const onFile = await world.amendments.find(tx, AmendmentId.parse(amendment.id));
      const shown = {
        kind: 'amendment',
        key,
        to: link,
        about: amendment.id,
        body: '',
        wanted: amendmentLooks(amendment),
        expiresAt: instant(Date.parse(amendment.expiresAt) + TOLD_MS),
      } as const;
      await show(world, tx, { ...shown, cause: onFile?.event ?? null }, await tx.times());
    });
}
