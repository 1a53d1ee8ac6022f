/** The log's rows: events with their causes and sealed groups, in the transaction of whatever they tell of. */
import { randomBytes } from 'node:crypto';
import type { SealedEvent } from '../../kernel/events.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Sealer } from '../../kernel/vault.ts';
import type { Database, Sql } from './client.ts';

const INSERT = `
with e as (
  insert into event (org, id, type, header, leaf, correlation, wall, business) values ($1, $2, $3, $4, $5, $6, $7, $8) returning org, id
), c as (
  insert into event_cause (org, effect, cause) select e.org, e.id, t.cause from e, unnest($9::text[]) t(cause)
)
insert into event_group (org, event, name, subject, sealed)
select e.org, e.id, g.name, g.subject, g.sealed from e, unnest($10::text[], $11::text[], $12::bytea[]) g(name, subject, sealed)`;

/** Appends one event. An id that is there already, or a cause that is not, is an error of PostgreSQL (23505, 23503). */
export async function appendEvent(sql: Sql, { header, text, leaf, groups }: SealedEvent): Promise<void> {
  await sql(INSERT, [
    header.org,
    header.id,
    header.type,
    text,
    leaf,
    header.correlation,
    header.wall,
    header.business,
    header.causes,
    groups.map((g) => g.name),
    groups.map((g) => g.subject),
    groups.map((g) => g.sealed),
  ]);
}

const CACHED_KEYS = 10_000; // 32 bytes each and their names: about 2 MB

/** The key of each subject, wrapped in the database under a key-encryption key that is not. */
export interface SubjectKeys {
  /** Makes those that are missing, in a transaction of their own: a key without an event does no harm. */
  of(org: OrgId, subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** @param kek wraps them; rows say which of its keys did */
export function subjectKeys(db: Database, kek: Sealer): SubjectKeys {
  const cache = new Map<string, Uint8Array>();
  const remember = (name: string, key: Uint8Array) => {
    if (cache.size >= CACHED_KEYS) cache.delete(cache.keys().next().value ?? '');
    cache.set(name, key);
  };
  return {
    async of(org, subjects) {
      const wanted = [...new Set(subjects)].sort(); // sorted: two that insert the same keys cannot deadlock
      const missing = wanted.filter((subject) => !cache.has(`${org}/${subject}`));
      if (missing.length > 0) {
        const rows = await db.tx(org, (sql) => fetchOrMake(sql, org, missing, kek));
        for (const row of rows) remember(`${org}/${row.subject}`, await kek.decrypt(row.kek, row.wrapped));
      }
      return new Map(wanted.flatMap((subject) => [...pair(subject, cache.get(`${org}/${subject}`))]));
    },
  };
}

const pair = (subject: string, key: Uint8Array | undefined): [string, Uint8Array][] => (key ? [[subject, key]] : []);

interface Wrapped {
  readonly subject: string;
  readonly wrapped: Buffer;
  readonly kek: string;
}

async function fetchOrMake(sql: Sql, org: OrgId, subjects: readonly string[], kek: Sealer): Promise<readonly Wrapped[]> {
  const fetched = (of: readonly string[]) => sql<Wrapped>('select subject, wrapped, kek from subject_key where org = $1 and subject = any($2)', [org, of]);
  const there = await fetched(subjects);
  const absent = subjects.filter((subject) => !there.some((row) => row.subject === subject));
  if (absent.length === 0) return there;
  const made = await Promise.all(absent.map(() => kek.encrypt(randomBytes(32))));
  await sql(
    `insert into subject_key (org, subject, wrapped, kek) select $1, t.subject, t.wrapped, t.kek from unnest($2::text[], $3::bytea[], $4::text[]) t(subject, wrapped, kek)
     on conflict do nothing`,
    [org, absent, made.map(({ sealed }) => sealed), made.map(({ kid }) => kid)],
  );
  return [...there, ...(await fetched(absent))]; // somebody else may have made them meanwhile
}
