/** Limits and grants as rows: what the files declare is kept, and what holds is the narrower of that and of what is ratified. */
import { z } from 'zod';
import { Declared, differences, Grants, Limits, narrower, type Difference } from '../../kernel/declared.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Sql } from './client.ts';

const Row = z.object({
  currency: z.string(),
  declared: Declared.nullable(),
  held: z.record(z.string(), z.unknown()),
  people: z.record(z.string(), z.object({ roles: z.array(z.string()), authority: z.unknown() })),
  ratified: z.boolean(),
  limits: Limits.nullable(), // of the ratified bundle; null in one from before it had any
  grants: Grants.nullable(),
});

const ROW = `
select o.currency, o.declared, o.document -> 'limits' held, c.digest is not null ratified, c.bundle -> 'limits' limits, c.bundle -> 'grants' grants,
  (select coalesce(jsonb_object_agg(p.person, jsonb_build_object('roles', p.roles, 'authority', p.authority)), '{}') from person p where p.org = o.org) people
from organization o left join constitution c on c.org = o.org and c.digest = o.constitution where o.org = $1`;

/** What holds, and the most that may: null before the first ratification, when nothing is judged yet. */
interface Standing {
  readonly declared: Declared | null;
  readonly held: Declared;
  readonly ratified: Declared | null;
}

/** As read here it stays: people are locked, in the order in which everybody locks them. */
export async function standing(sql: Sql, org: OrgId): Promise<Standing | undefined> {
  await sql('select 1 from person where org = $1 order by person for update', [org]);
  const [raw] = await sql(ROW, [org]);
  if (!raw) return undefined;
  const { currency, declared, held: limits, people, ...row } = Row.parse(raw);
  const held = Declared.parse({ limits: { currency, ...limits }, grants: people });
  // A bundle from before limits and grants were ratified widens nothing: what held then is the most that may.
  const ratified = row.ratified ? { limits: row.limits ?? held.limits, grants: row.grants ?? held.grants } : null;
  return { declared, held, ratified };
}

/** What a declaration came to: what holds now and did not before, and what of it waits for the owners. */
export interface Told {
  readonly changes: readonly Difference[];
  readonly waiting: readonly Difference[];
}

/** Writes what holds. @param before from before the rows were touched */
export async function hold(sql: Sql, org: OrgId, declared: Declared, before: Standing | undefined): Promise<Told> {
  const holds = before?.ratified ? narrower(declared, before.ratified) : declared;
  await sql(`update organization set declared = $2, document = jsonb_set(document, '{limits}', $3) where org = $1`, [
    org,
    JSON.stringify(declared),
    JSON.stringify(holds.limits),
  ]);
  await sql(
    `update person p set authority = coalesce($2::jsonb -> p.person -> 'authority', '{}'),
       roles = array(select jsonb_array_elements_text(coalesce($2::jsonb -> p.person -> 'roles', '[]'))) where p.org = $1`,
    [org, JSON.stringify(holds.grants)],
  );
  return { changes: before ? differences(before.held, holds) : [], waiting: differences(holds, declared) };
}

/** What is ratified has changed: what was declared last is held against it anew. */
export async function holdRatified(sql: Sql, org: OrgId): Promise<void> {
  const now = await standing(sql, org);
  if (now?.declared) await hold(sql, org, now.declared, now);
}

/** The files as they are now, where nothing else of the organization is read again. */
export async function declare(sql: Sql, org: OrgId, declared: Declared): Promise<Told> {
  return hold(sql, org, declared, await standing(sql, org));
}
