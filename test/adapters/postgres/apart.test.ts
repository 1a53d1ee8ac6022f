/**
 * Several organizations in one database share no row. Each table is filled with a row of theirs, and the runtime's role, at work for
 * ours, tries all that SQL can. The tables come from the catalogue: a new one without row-level security fails here.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';
import { superuserOf } from '../../fixtures/stage.ts';

const NAME = `apart_${randomBytes(5).toString('hex')}`; // a database of its own: constraints are taken away in it
const OF_NO_ORGANIZATION = ['migration'];
const services = inject('services');
const within = (url: string): string => Object.assign(new URL(url), { pathname: `/${NAME}` }).href;

let root: pg.Client; // in the cluster
let superuser: pg.Client; // in that database
let app: pg.Client;

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  root = await connected(superuserOf(services));
  await root.query(`create database ${NAME} owner charter_owner`);
  await migrate(within(services.ownerUrl));
  [superuser, app] = await Promise.all([connected(within(superuserOf(services))), connected(within(services.appUrl))]);
  await superuser.query('set session_replication_role = replica'); // past foreign keys: a row is filled without those it names
});
afterAll(async () => {
  await superuser.end();
  await app.end();
  await root.query(`drop database ${NAME} with (force)`);
  await root.end();
});

const rows = async (client: pg.Client, sql: string): Promise<readonly Record<string, unknown>[]> => (await client.query<Record<string, unknown>>(sql)).rows;
const tables = async (): Promise<readonly string[]> => {
  const all = await rows(superuser, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`);
  return all.map(({ relname }) => String(relname)).filter((name) => !OF_NO_ORGANIZATION.includes(name));
};

/** A value of each type that a column has, as SQL. */
const VALUES: Readonly<Record<string, string>> = {
  text: `'x'`,
  _text: `'{}'`,
  jsonb: `'{}'`,
  bool: 'true',
  int4: '1',
  int8: '1',
  numeric: '1',
  date: `'2026-03-02'`,
  time: `'07:00'`,
  timestamptz: `'2026-03-02T07:00:00Z'`,
  bytea: `'\\x00'`,
  tsvector: `''`,
};

/** `(org, a, b) values ('theirs', 'x', 1)`: all that a row needs. */
async function filled(table: string, org: string): Promise<string> {
  const columns = await rows(
    superuser,
    `select a.attname name, t.typname type from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = '${table}'::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = ''`,
  );
  const value = ({ name, type }: Record<string, unknown>) =>
    name === 'org' || name === 'secret_digest'
      ? `'${org}'`
      : (VALUES[String(type)] ?? expect.fail(`${table}.${String(name)} is of the type \`${String(type)}\`; say here how it is filled`));
  return `insert into ${table} (${columns.map(({ name }) => String(name)).join(', ')}) values (${columns.map(value).join(', ')})`;
}

/** What a value may be besides its type, and what the role may do with its own rows, is not looked at here. */
async function rowSecurityAlone(table: string): Promise<void> {
  await superuser.query(`grant select, insert, update, delete on ${table} to charter_app`);
  for (const { conname } of await rows(superuser, `select conname from pg_constraint where conrelid = '${table}'::regclass and contype = 'c'`))
    await superuser.query(`alter table ${table} drop constraint ${String(conname)}`);
}

const BY_POLICY = /row-level security/;
const countOf = async (sql: string): Promise<number> => (await app.query(sql)).rowCount ?? 0;
const working = (org: string) => app.query(`select set_config('charter.org', $1, false)`, [org]);

describe('in every table', () => {
  test('row-level security is forced, for whoever owns it too, by the organization alone', async () => {
    const every = await tables();
    expect(every.length).toBeGreaterThan(60); // a walk that saw nothing has failed
    const [bound] = await rows(superuser, `select rolsuper or rolbypassrls passes from pg_roles where rolname = 'charter_app'`);
    expect(bound).toEqual({ passes: false });
    for (const table of every) {
      const [is] = await rows(superuser, `select relrowsecurity rows, relforcerowsecurity forced from pg_class where oid = '${table}'::regclass`);
      expect([table, is]).toEqual([table, { rows: true, forced: true }]);
      const policies = await rows(
        superuser,
        `select permissive, cmd, qual, with_check from pg_policies where schemaname = 'public' and tablename = '${table}'`,
      );
      const own = "(org = current_setting('charter.org'::text, true))";
      expect([table, policies]).toEqual([table, [{ permissive: 'PERMISSIVE', cmd: 'ALL', qual: own, with_check: own }]]);
    }
  });

  test('the organization leads what is unique: what one has nobody else finds taken, but the digest of a secret', async () => {
    for (const table of await tables()) {
      const unique = await rows(
        superuser,
        `select a.attname name, i.indisprimary main from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = '${table}'::regclass and i.indisunique order by i.indisprimary desc`,
      );
      expect([table, unique[0]]).toEqual([table, { name: 'org', main: true }]);
      for (const { name } of unique) expect(['org', 'secret_digest'], table).toContain(name);
    }
  });

  test('a row of another organization is neither seen nor changed, deleted, written or taken over', async () => {
    for (const table of await tables()) {
      await rowSecurityAlone(table);
      await superuser.query(await filled(table, 'theirs'));
      await superuser.query(await filled(table, 'ours'));
      await working('ours');
      expect([table, await rows(app, `select distinct org from ${table}`)]).toEqual([table, [{ org: 'ours' }]]);
      expect([table, await countOf(`select from ${table} where org = 'theirs' for update`)]).toEqual([table, 0]);
      expect([table, await countOf(`update ${table} set org = org where org = 'theirs'`)]).toEqual([table, 0]);
      expect([table, await countOf(`delete from ${table} where org = 'theirs'`)]).toEqual([table, 0]);
      await expect(app.query(await filled(table, 'theirs')), `${table}: written`).rejects.toThrow(BY_POLICY);
      await expect(app.query(`update ${table} set org = 'theirs' where org = 'ours'`), `${table}: given away`).rejects.toThrow(
        /row-level security|append-only/,
      );
      await working('');
      expect([table, await countOf(`select from ${table}`)]).toEqual([table, 0]); // nobody said for whom
      const [left] = await rows(superuser, `select count(*)::int n from ${table} where org = 'theirs'`);
      expect([table, left]).toEqual([table, { n: 1 }]);
    }
  });
});

test('nothing goes round the tables: no view, and no function that runs as somebody else', async () => {
  expect(await rows(superuser, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f')`)).toEqual([]);
  expect(await rows(superuser, `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`)).toEqual([]);
});

test('tables of no organization are not the runtime’s to touch', async () => {
  for (const table of OF_NO_ORGANIZATION) await expect(app.query(`select from ${table}`)).rejects.toThrow(/permission denied/);
});
