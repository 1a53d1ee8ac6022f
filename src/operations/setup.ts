/** An owner sets up the organization: people, grants and tools. The files stay the declaration; what is wider than what was ratified waits. */
import { importTools } from '../activities/import-tools.ts';
import { requireOwner } from '../activities/tokens.ts';
import type { World } from '../activities/world.ts';
import { ClientError, type Client } from '../client.ts';
import type { ChangedFiles, setupInputs } from '../client-setup.ts';
import type { Bundle } from '../gate/constitution.ts';
import { differences, narrower, type Declared } from '../kernel/declared.ts';
import { digest } from '../kernel/digest.ts';
import type { OrgId, PersonId } from '../kernel/ids.ts';
import { UnknownNameError } from '../kernel/nearest.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';

export function setupOperations({ world, org, files }: Installation, { byToken, known }: Callers): Pick<Client, keyof typeof setupInputs> {
  const owner = async (caller: Parameters<Callers['byToken']>[0], what: string): Promise<PersonId> => {
    const speaker = await byToken(caller);
    requireOwner(speaker, what);
    return speaker.person;
  };
  const waiting = (): Promise<readonly string[]> => waits(world, org);
  const changed = async (changes: readonly string[]): Promise<ChangedFiles> => ({ changes, waiting: await waiting() });
  return {
    async setup(caller) {
      await owner(caller, 'read what the files declare');
      return { organization: org, currency: world.settings(org).currency, ...(await files.read()), waiting: await waiting() };
    },
    put_person: async (caller, person) => changed(await files.putPerson(person, await owner(caller, 'change who is here'))),
    async remove_person(caller, { person }) {
      const by = await owner(caller, 'change who is here');
      const { people } = await files.read();
      const ids = people.map((one) => one.person);
      if (!ids.includes(person)) throw new UnknownNameError('person', person, ids, 'charter people list');
      return changed(await files.leave(person, by));
    },
    async draft_tools(caller, { server, listed }) {
      await known(caller);
      return importTools(listed, server);
    },
    put_tools: async (caller, manifest) => changed(await files.putTools(manifest, await owner(caller, 'change which tools there are'))),
    async remove_tools(caller, { server }) {
      const changes = await files.removeTools(server, await owner(caller, 'change which tools there are'));
      if (changes === false)
        throw new ClientError('not_found', 2, `There is no server \`${server}\` in tools/; \`GET /v1/organization\` lists those that there are.`);
      return changed(changes);
    },
  };
}

/** What of the whole draft is wider than what was ratified, whoever wrote it: none of it is hidden behind what was asked now. */
async function waits(world: World, org: OrgId): Promise<readonly string[]> {
  const { bundle } = await world.drafts.read();
  const inForce = await world.store.tx(org, (tx) => world.amendments.inForce(tx));
  const [draft, ratified] = [declaredIn(bundle), inForce && declaredIn(inForce.bundle)];
  const figures = draft && ratified ? differences(narrower(draft, ratified), draft).map(({ words }) => words) : [];
  return [...figures, ...toolsThatDiffer(inForce?.bundle.tools ?? [], bundle.tools).map((name) => `tool ${name}`)];
}

const declaredIn = ({ limits, grants, terms }: Bundle): Declared | undefined => (limits && grants && terms ? { limits, grants, terms } : undefined);

function toolsThatDiffer(before: Bundle['tools'], after: Bundle['tools']): readonly string[] {
  const [was, is] = [before, after].map((tools) => new Map(tools.map((tool) => [String(tool.name), digest(JSON.parse(JSON.stringify(tool)))])));
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].filter((name) => was?.get(name) !== is?.get(name)).sort();
}
