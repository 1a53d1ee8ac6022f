/** What the organization's files declare of people and tools, read and changed by this process for an owner. */
import { recordOrganization } from './activities/amendments/declared.ts';
import type { DeclaredFiles } from './activities/declared-files.ts';
import { StageError, type World } from './activities/world.ts';
import { checkedEdit, withPerson, type Edit } from './adapters/files/edit.ts';
import { manifestFile, manifestText } from './adapters/files/manifests.ts';
import { loadOrganization, OrganizationError, type Organization } from './adapters/files/organization.ts';
import { saveOrganization } from './adapters/postgres/organizations.ts';
import { sqlOf } from './adapters/postgres/store.ts';
import type { DeclaredPerson } from './kernel/declared-person.ts';
import type { PersonId } from './kernel/ids.ts';
import { decimal, moneyOf, type Money } from './kernel/money.ts';
import { Role } from './kernel/nouns.ts';
import type { Parts } from './parts.ts';
import { agents } from './registry.generated.ts';

interface Place {
  readonly world: World;
  readonly parts: Parts;
  taken(): Promise<unknown>; // reads anew what is in force here
}

export function declaredFiles(place: Place): DeclaredFiles {
  const { folder } = place.parts;
  return {
    async read() {
      const { people, manifests, currency } = await readable(() => loadOrganization(folder));
      return { people: people.map((person) => declared(person, currency)), servers: manifests };
    },
    putPerson: (person, by) => change(place, by, () => withPerson(folder, entryOf(person, place.parts.organization.currency))),
    leave: (person, by) => change(place, by, () => withPerson(folder, { id: person, status: 'left', roles: [], authority: undefined })),
    putTools: (manifest, by) =>
      change(place, by, async () => ({
        file: (await manifestFile(folder, manifest.server)) ?? `tools/${manifest.server}.yaml`,
        text: manifestText(manifest, `the API, by ${by}`),
      })),
    async removeTools(server, by) {
      if ((await manifestFile(folder, server)) === undefined) return false;
      return change(place, by, async () => ({ file: (await manifestFile(folder, server)) ?? `tools/${server}.yaml`, text: null }));
    },
  };
}

/** One at a time. The file comes last: what the rows say and the file does not is undone with them, and what the file says is read again at the next start. */
async function change({ world, parts, taken }: Place, by: PersonId, edit: () => Edit | Promise<Edit>): Promise<readonly string[]> {
  const { organization: running, folder, now } = parts;
  const changes = await world.store.tx(running.id, async (tx) => {
    await tx.lock(['amendments']);
    const { organization, write } = await readable(async () => checkedEdit(folder, await edit()));
    if (organization.id !== running.id)
      throw new StageError('bad_input', `The folder \`${folder}\` declares \`${organization.id}\`, and \`${running.id}\` runs here; start it anew.`);
    nobodyAlone(await readable(() => loadOrganization(folder)), organization, by);
    const names = agents.map(({ name }) => name);
    const loaded = await saveOrganization(sqlOf(tx), organization, names, 0, new Date(now()));
    if (loaded.changed) await recordOrganization(world, tx, 'organization.changed', organization.digest, loaded, by);
    await write();
    return loaded.changes;
  });
  await taken(); // whether the files differ from what is ratified
  return changes;
}

/** Four eyes are two people's: nobody becomes the only one in a role by their own word. @throws StageError */
function nobodyAlone(before: Organization, after: Organization, by: PersonId): void {
  const holders = ({ people }: Organization, role: Role) =>
    people.filter(({ roles, status }) => status === 'active' && roles.includes(role)).map(({ id }) => id);
  const role = Role.options.find((one) => holders(before, one).length > 1 && holders(after, one).length === 1 && holders(after, one)[0] === by);
  if (role !== undefined)
    throw new StageError('bad_input', `You would be the only one with the role \`${role}\` then. Another owner has to say it, or the files themselves.`);
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OrganizationError) throw new StageError('bad_input', `Nothing was changed:\n${error.problems.join('\n')}`);
    throw error;
  }
}

function declared({ id, name, roles, manager, site, status, authority }: Organization['people'][number], currency: string): DeclaredPerson {
  const money = (amount: string) => moneyOf(amount, currency);
  const figures = Object.entries(authority).map(([domain, { per_call, per_day, per_month }]) => [
    domain,
    { perCall: money(per_call), perDay: money(per_day), ...(per_month === undefined ? {} : { perMonth: money(per_month) }) },
  ]);
  return { person: id, name, roles, status, authority: Object.fromEntries(figures), ...(manager ? { manager } : {}), ...(site ? { site } : {}) };
}

/** As `people.yaml` writes it. @throws StageError where an amount is in another currency, or below nothing */
function entryOf({ person, name, roles, manager, site, status, authority }: DeclaredPerson, currency: string) {
  const figures = Object.entries(authority).map(([domain, { perCall, perDay, perMonth }]) => {
    const written = (amount: Money): string => {
      if (amount.currency === currency && amount.minor >= 0) return decimal(amount);
      throw new StageError('bad_input', `\`${decimal(amount)} ${amount.currency}\` is no authority in \`${domain}\`; say 0 or more, in ${currency}.`);
    };
    return [domain, { per_call: written(perCall), per_day: written(perDay), ...(perMonth ? { per_month: written(perMonth) } : {}) }];
  });
  return {
    ...{ id: person, name, roles, manager, site },
    authority: figures.length === 0 ? undefined : Object.fromEntries(figures),
    ...(status === undefined ? {} : { status: status === 'active' ? undefined : status }), // what a file means where it says nothing
  };
}
