/** Applies `migrations/*.sql` in the order of their names, each once, under an advisory lock. Two at once: the second waits. */
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { digestBytes } from '../../kernel/digest.ts';

const LOCK = 7_426_001; // any fixed number; all migrators of a database take the same
const FOLDER = new URL('./migrations/', import.meta.url);

/** The database is not the one that these migrations made. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  constructor(
    readonly code: 'changed_after_use',
    message: string,
  ) {
    super(message);
  }
}

/**
 * @param url of the role that owns the tables; the runtime's role is `charter_app`, or the owner itself where there is no other
 * @returns the names applied now
 * @throws MigrationError `changed_after_use`
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query('create table if not exists migration (name text primary key, digest text not null, at timestamptz not null default now())');
    await ensureAppRole(client);
    const applied: string[] = [];
    for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort()) {
      if (await applyOnce(client, name, await readFile(new URL(name, FOLDER), 'utf8'))) applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** Where the owner may create roles the runtime gets its own; elsewhere it shares the owner's, and forced row security still binds it. */
async function ensureAppRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ missing: boolean; able: boolean }>(
    `select not exists (select 1 from pg_roles where rolname = 'charter_app') missing,
            (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) able`,
  );
  if (rows[0]?.missing && rows[0].able) await client.query('create role charter_app nologin');
}

async function applyOnce(client: pg.Client, name: string, sql: string): Promise<boolean> {
  const digest = digestBytes(sql);
  const { rows } = await client.query<{ digest: string }>('select digest from migration where name = $1', [name]);
  if (rows[0]?.digest === digest) return false;
  if (rows[0]) {
    throw new MigrationError('changed_after_use', `\`${name}\` was changed after it was applied here. Restore it, and put the change into a new migration.`);
  }
  const role = await client.query("select 1 from pg_roles where rolname = 'charter_app'");
  await client.query('begin');
  try {
    await client.query(role.rowCount ? sql : sql.replaceAll('charter_app', 'current_user'));
    await client.query('insert into migration (name, digest) values ($1, $2)', [name, digest]);
    await client.query('commit');
    return true;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
