/** Limits, grants and terms as rows: what the files declare is kept, and what holds is the narrower of that and of what is ratified. */
import { z } from 'zod';
import { FinanceSettings } from '../../domains/finance/settings.ts';
import { Declared, differences, Grants, Limits, narrower, type Difference } from '../../kernel/declared.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { ServiceTerms } from '../../kernel/service-terms.ts';
import { Interest } from '../../kernel/interests.ts';
import { Overrides } from '../../kernel/overrides.ts';
import { Terms } from '../../kernel/terms.ts';
import { WorkCalendar } from '../../kernel/working-days.ts';
import { settingsOf, termsOf } from '../files/declaration.ts';
import type { Sql } from './client.ts';
import { reassess } from './intake.ts';

const Row = z.object({
  currency: z.string(),
  declared: Declared.nullable(),
  held: z.record(z.string(), z.unknown()),
  example: z.boolean(),
  finance: FinanceSettings.pick({ tolerance: true, accounts: true }).strip(),
  service: ServiceTerms.nullable(),
  calendar: WorkCalendar.nullable(),
  interests: z.array(Interest).nullable(),
  overrides: Overrides.nullable(),
  people: z.record(z.string(), z.object({ roles: z.array(z.string()), authority: z.unknown() })),
  managers: z.record(z.string(), z.string()),
  ratified: z.boolean(),
  limits: Limits.nullable(), // of the ratified bundle; null in one from before it had any
  grants: Grants.nullable(),
  terms: Terms.nullable(),
});

const ROW = `
select o.currency, o.declared, o.document -> 'limits' held, o.document -> 'example' example, o.document -> 'finance' finance, o.document -> 'service' service,
  o.document -> 'calendar' calendar, o.document -> 'interests' interests, o.document -> 'overrides' overrides,
  c.digest is not null ratified, c.bundle -> 'limits' limits, c.bundle -> 'grants' grants, c.bundle -> 'terms' terms,
  (select coalesce(jsonb_object_agg(p.person, p.manager), '{}') from person p where p.org = o.org and p.manager is not null) managers,
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
  const { currency, declared, held: limits, people, example, finance, managers, service, calendar, interests, overrides, ...row } = Row.parse(raw);
  const optional = { service: service ?? undefined, calendar: calendar ?? undefined, interests: interests ?? undefined, overrides: overrides ?? undefined };
  const held = Declared.parse({ limits: { currency, ...limits }, grants: people, terms: termsOf(finance, currency, example, managers, optional) });
  // A bundle from before any of these was ratified widens nothing: what held then is the most that may.
  const ratified = row.ratified ? { limits: row.limits ?? held.limits, grants: row.grants ?? held.grants, terms: row.terms ?? held.terms } : null;
  return { declared, held, ratified };
}

/** What a declaration came to: what holds now and did not before, and what of it waits for the owners. */
export interface Told {
  readonly changes: readonly Difference[];
  readonly waiting: readonly Difference[];
}

/** Writes what holds. @param before from before the rows were touched */
export async function hold(sql: Sql, org: OrgId, declared: Declared, before: Standing | undefined): Promise<Told> {
  const holds = holding(declared, before);
  const { limits, grants, terms } = holds;
  const settings = settingsOf(terms, limits.currency);
  await sql(
    `update organization set declared = $2, document = document || jsonb_build_object('limits', $3::jsonb, 'example', $4::boolean, 'finance', document -> 'finance' || $5::jsonb,
       'service', $6::jsonb, 'calendar', $7::jsonb, 'interests', $8::jsonb, 'overrides', $9::jsonb) where org = $1`,
    [
      org,
      JSON.stringify(declared),
      JSON.stringify(limits),
      terms.example,
      JSON.stringify(settings),
      JSON.stringify(terms.service ?? null),
      JSON.stringify(terms.calendar ?? null),
      JSON.stringify(terms.interests ?? null),
      JSON.stringify(terms.overrides ?? null),
    ],
  );
  await sql(
    `update person p set authority = coalesce($2::jsonb -> p.person -> 'authority', '{}'), manager = $3::jsonb ->> p.person,
       roles = array(select jsonb_array_elements_text(coalesce($2::jsonb -> p.person -> 'roles', '[]'))),
       ratified_roles = array(select jsonb_array_elements_text(coalesce($4::jsonb -> p.person -> 'roles', '[]'))) where p.org = $1`,
    [org, JSON.stringify(grants), JSON.stringify(terms.managers), JSON.stringify(before?.ratified?.grants ?? grants)],
  );
  const changes = before ? differences(before.held, holds) : [];
  if (changes.some(({ name }) => name.startsWith('tolerance/'))) await reassess(sql, org, null); // which bills match is on file
  return { changes, waiting: differences(holds, declared) };
}

/** The narrower of both; and what was not an example once never becomes one. */
function holding(declared: Declared, before: Standing | undefined): Declared {
  const holds = before?.ratified ? narrower(declared, before.ratified) : declared;
  const example = holds.terms.example && (before?.held.terms.example ?? true);
  return { ...holds, terms: { ...holds.terms, example } };
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
