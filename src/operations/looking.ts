/** How things stand, and why: nothing here changes anything. */
import { explainCall } from '../activities/check.ts';
import { importedNames } from '../activities/check-imported.ts';
import { agentNamed, personNamed, toolNamed } from '../activities/names.ts';
import type { BoundPicture } from '../binding.ts';
import type { Client, PictureTitle } from '../client.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import { localTime } from '../kernel/time.ts';
import { stories } from '../memory/why.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';
import { nameable, taskNamed } from './named.ts';
import { seenEvents } from './seeing-events.ts';
import { seenFinding, seenStalled, seenTasks, seenTool, sightFor } from './seeing.ts';

const titleOf = ({ name, domain, title, says }: BoundPicture): PictureTitle => ({ name, domain, title, says });

type Looking = Pick<Client, 'place' | 'status' | 'changes' | 'why' | 'cost' | 'gate_check' | 'pictures' | 'picture'>;

export function lookingOperations(installation: Installation, who: Callers): Looking {
  const { world, org, views } = installation;
  const { known } = who;
  return {
    place: async (caller) => (await known(caller), views.place(org)),
    async status(caller) {
      const sight = await sightFor(installation, who, caller);
      const { findings, stalled, ...status } = await views.status(org);
      const about = await views.tasksAbout(
        org,
        stalled.map(({ subject }) => subject),
      );
      return {
        ...status,
        done: seenTasks(world, sight, status.done),
        waiting: seenTasks(world, sight, status.waiting),
        findings: findings.filter((one) => sight.sees(seenFinding(world, one))).map(({ says }) => says),
        stalled: stalled.filter(({ subject }) => sight.sees(seenStalled(world, subject, about.find(({ id }) => id === subject)?.task))),
        domains: installation.domains,
      };
    },
    changes: async (caller) => (await known(caller), { at: await views.lastChange(org) }),
    async why(caller, { id }) {
      const sight = await sightFor(installation, who, caller);
      const events = await views.chain(org, id.startsWith('prp-') ? (await taskNamed(installation, id, sight)).id : id);
      if (events.length === 0) throw new UnknownNameError('record', id, await nameable(installation, id, sight), 'charter inbox list --all');
      const seen = await seenEvents(installation, sight, stories(events).flat());
      return seen.map((event) => ({ ...event, fields: event.groups }));
    },
    cost: async (caller) => (await known(caller), views.costs(org)),
    async gate_check(caller, { agent, tool, args, onBehalfOf }) {
      const sight = await sightFor(installation, who, caller);
      const { name } = agentNamed(world, agent);
      const called = toolNamed(tool, [...world.writes.keys(), ...world.reads.keys(), ...importedNames(world.constitution(org))]);
      sight.must(seenTool(world, called), `What the gate knows of \`${called}\``); // its figures are those of the records
      const whose = onBehalfOf === null ? null : await world.store.tx(org, (tx) => personNamed(tx, onBehalfOf));
      return explainCall(world, org, { agent: name, tool: called, args, onBehalfOf: whose });
    },
    async pictures(caller) {
      const sight = await sightFor(installation, who, caller);
      return installation.pictures.filter((one) => sight.sees(one)).map(titleOf);
    },
    async picture(caller, { name }) {
      const sight = await sightFor(installation, who, caller);
      const source = installation.pictures.find((one) => one.name === name);
      if (!source)
        throw new UnknownNameError(
          'picture',
          name,
          installation.pictures.map((one) => one.name),
          'charter picture',
        );
      sight.must(source, `The picture \`${name}\``);
      return world.store.tx(org, async (tx) => {
        const now = localTime((await tx.times()).business, world.settings(org).zone);
        return { ...titleOf(source), asOf: now.date, picture: await source.draw(tx, now) };
      });
    },
  };
}
