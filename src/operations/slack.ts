/** The operations about Slack: who is linked, when their digest comes, and how it stands. */
import { personNamed } from '../activities/names.ts';
import { chooseDigest, linkCode, unlink } from '../activities/slack/links.ts';
import type { Client } from '../client.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';

type SlackOperations = Pick<Client, 'slack_link' | 'slack_unlink' | 'slack_digest' | 'slack_status'>;

export function slackOperations({ world, org, slackState }: Installation, { person, known, byToken }: Callers): SlackOperations {
  return {
    async slack_link(caller, { person: word }) {
      const speaker = await byToken(caller);
      const whose = await world.store.tx(org, (tx) => personNamed(tx, word));
      return { person: whose, ...(await linkCode(world, speaker, whose)), state: slackState() };
    },
    async slack_unlink(caller, { person: word }) {
      const speaker = await person(caller);
      // Who has left is named by nobody any more, and a link of theirs is ended all the same.
      const whose = await world.store.tx(org, async (tx) => (await tx.slack.links()).find((link) => link.person === word)?.person ?? personNamed(tx, word));
      return { person: whose, ended: await unlink(world, speaker, whose) };
    },
    async slack_digest(caller, { at }) {
      await chooseDigest(world, await person(caller), at);
      return { at };
    },
    async slack_status(caller) {
      await known(caller);
      const { digest } = world.settings(org).slack;
      const [links, messages] = await world.store.tx(org, async (tx) => [await tx.slack.links(), await tx.slack.counts()] as const);
      return {
        state: slackState(),
        links: links.map(({ person: id, linkedAt, valid, digestAt }) => ({ person: id, since: linkedAt, valid, digest: digestAt ?? digest })),
        messages,
      };
    },
  };
}
