/** What a data directory holds that cannot be had again: noted when an organization is brought up, told before it is forgotten. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { loadOrganization } from '../adapters/files/organization.ts';
import { organizationFolder } from './runtime.ts';

const FILE = 'organizations.json';
const Noted = z.record(
  z.string(), // the organization's id
  z.strictObject({ name: z.string(), example: z.boolean(), folder: z.string(), database: z.string().nullable() }), // null: the one in this directory
);

/** An address as it may be shown: without who logs in, and how. */
function shown(database: string): string {
  if (!URL.canParse(database)) return 'the one that DATABASE_URL names';
  const { host, pathname } = new URL(database);
  return `${host}${pathname}`;
}

const noted = (dataDir: string): z.infer<typeof Noted> | undefined => {
  try {
    return Noted.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return undefined; // nothing was brought up here, or the note cannot be read: then nobody knows what lies here
  }
};

/** Notes, before anything of it is written, which organization is about to live here. @throws OrganizationError */
export async function noteOrganization(dataDir: string, org: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = await organizationFolder(dataDir, org);
  const { id, name, example } = await loadOrganization(folder);
  const database = env['DATABASE_URL'] ? shown(env['DATABASE_URL']) : null;
  const before = noted(dataDir);
  const still = example && (before?.[id]?.example ?? true); // what was none does not become one
  writeFileSync(join(dataDir, FILE), JSON.stringify({ ...before, [id]: { name, example: still, folder: resolve(folder), database } }, null, 2));
}

/** The organizations that were brought up here, and the folder of each. */
export const organizationsHere = (dataDir: string): readonly { readonly id: string; readonly folder: string }[] =>
  Object.entries(noted(dataDir) ?? {}).map(([id, { folder }]) => ({ id, folder }));

/** What would be lost for good, in words; nothing where an example alone lives here. */
export function losses(dataDir: string, env: NodeJS.ProcessEnv): readonly string[] {
  const known = noted(dataDir);
  if (!known) {
    const lies = ['postgres', 'keys', 'outbox'].filter((part) => existsSync(join(dataDir, part)));
    return lies.length === 0 ? [] : [`${lies.join(', ')}: it was not noted whose they are`];
  }
  const own = Object.entries(known).filter(([, { example }]) => !example);
  const databases = new Set([...Object.values(known).map(({ database }) => database), env['DATABASE_URL'] ? shown(env['DATABASE_URL']) : null]);
  return [
    ...own.map(([id, { name, folder }]) => `\`${id}\` (${name}): its ledger, votes, payments, tokens, and what was said; its folder ${folder} stays`),
    ...[...databases].flatMap((database) =>
      database === null ? [] : [`the keys of what lies in the database ${database}: its rows stay, and nobody can read what is sealed in them any more`],
    ),
  ];
}
