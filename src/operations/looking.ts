/** How things stand, and why: nothing here changes anything. */
import { checkCall } from '../activities/check.ts';
import { agentNamed, personNamed, toolNamed } from '../activities/names.ts';
import type { BoundPicture } from '../binding.ts';
import type { Client, PictureTitle } from '../client.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { localTime } from '../kernel/time.ts';
import { sentence } from '../memory/sentences.ts';
import { stories } from '../memory/why.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { nameable, taskNamed } from './named.ts';

const titleOf = ({ name, domain, title, says }: BoundPicture): PictureTitle => ({ name, domain, title, says });

type Looking = Pick<Client, 'place' | 'status' | 'changes' | 'why' | 'cost' | 'gate_check' | 'pictures' | 'picture'>;

export function lookingOperations(installation: Installation, { known }: Callers): Looking {
  const { world, org, views } = installation;
  return {
    place: async (caller) => (await known(caller), views.place(org)),
    status: async (caller) => (await known(caller), { ...(await views.status(org)), domains: installation.domains }),
    changes: async (caller) => (await known(caller), { at: await views.lastChange(org) }),
    async why(caller, { id }) {
      await known(caller);
      const events = await views.chain(org, id.startsWith('prp-') ? (await taskNamed(installation, id)).id : id);
      if (events.length === 0) throw new UnknownNameError('record', id, await nameable(installation, id), 'charter inbox list --all');
      return stories(events)
        .flat()
        .map((event) => ({ ...event, says: sentence(event), fields: event.groups }));
    },
    cost: async (caller) => (await known(caller), views.costs(org)),
    async gate_check(caller, { agent, tool, args, onBehalfOf }) {
      await known(caller);
      const { name } = agentNamed(world, agent);
      const whose = onBehalfOf === null ? null : await world.store.tx(org, (tx) => personNamed(tx, onBehalfOf));
      return checkCall(world, org, { agent: name, tool: toolNamed(tool, [...world.writes.keys(), ...world.reads.keys()]), args, onBehalfOf: whose });
    },
    pictures: async (caller) => (await known(caller), installation.pictures.map(titleOf)),
    async picture(caller, { name }) {
      await known(caller);
      const source = installation.pictures.find((one) => one.name === name);
      if (!source)
        throw new UnknownNameError(
          'picture',
          name,
          installation.pictures.map((one) => one.name),
          'charter picture',
        );
      return world.store.tx(org, async (tx) => {
        const now = localTime((await tx.times()).business, world.settings(org).zone);
        return { ...titleOf(source), asOf: now.date, picture: await source.draw(tx, now) };
      });
    },
  };
}
