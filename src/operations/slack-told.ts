/** A direct message to everybody linked whose shifts were changed without their own word on it. It comes once, and asks nothing. */
import { toldNow, type ToldChange } from '../activities/consents.ts';
import type { Tx } from '../activities/ports.ts';
import { show } from '../activities/slack/messages.ts';
import type { LinkRow } from '../activities/slack/ports.ts';
import type { World } from '../activities/world.ts';
import { digest, type Digest } from '../kernel/digest.ts';
import { ProposalId, type OrgId } from '../kernel/ids.ts';
import { instant, millis } from '../kernel/time.ts';

const LIFE_MS = 14 * 86_400_000; // as long as it is to be read in the inbox

export const toldLooks = (told: ToldChange): Digest => digest({ ...told });

/** One change concerns two people. */
const nameOf = ({ key, person }: ToldChange): string => `${key}/${person}`;

export const toldNamed = async (world: World, tx: Tx, about: string): Promise<ToldChange | undefined> =>
  (await toldNow(world, tx)).find((told) => nameOf(told) === about);

export async function keepTold(world: World, org: OrgId, links: readonly LinkRow[]): Promise<void> {
  await world.store.tx(org, async (tx) => {
    const own = (await toldNow(world, tx)).flatMap((told) =>
      links.flatMap((link) => (link.person === told.person ? [{ key: `told/${nameOf(told)}`, link, told }] : [])),
    );
    const unsaid = await tx.slack.unsaid(own.map(({ key }) => key));
    const times = await tx.times();
    for (const { key, link, told } of own.filter((one) => unsaid.includes(one.key))) {
      const changed = await tx.proposal(ProposalId.parse(told.key));
      const shown = { kind: 'told', key, to: link, about: nameOf(told), body: '', wanted: toldLooks(told) } as const;
      await show(world, tx, { ...shown, cause: changed?.event ?? null, expiresAt: instant(millis(times.wall) + LIFE_MS) }, times);
    }
  });
}
