/** The rows of staffing's registers. */
import type { Certificate, Duty, Leave, StaffMember } from '../../domains/staffing/records.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { weekOf, type Instant } from '../../kernel/time.ts';
import { byPerson } from './base.ts';
import type { Sql } from './client.ts';
import type { Filing } from './domain.ts';
import { countUp } from './staffing-rota.ts';

/** Why somebody in these rows cannot be kept, or undefined. The people stay locked: no change of the rota is judged on what is being replaced. */
async function strangers(sql: Sql, org: OrgId, people: readonly string[]): Promise<string | undefined> {
  await sql('select 1 from person where org = $1 and person = any($2) order by person for update', [org, people]);
  const rows = await sql<{ person: string }>(
    'select distinct n.person from unnest($2::text[]) n(person) where not exists (select 1 from person p where p.org = $1 and p.person = n.person) order by 1',
    [org, people],
  );
  if (rows.length === 0) return undefined;
  const named = rows.slice(0, MOST_NAMED).map(({ person }) => person);
  const lines = named.map((person) => `\`- { id: ${person}, name: ${nameLike(person)}, roles: [] }\``);
  const who = `\`${named.join('`, `')}\`${rows.length > MOST_NAMED ? `, and ${rows.length - MOST_NAMED} more` : ''}`;
  return `${who} ${rows.length === 1 ? 'is' : 'are'} not in people.yaml; add there what is right of this, start Charter again, and hand the list in again: ${lines.join(' ')}`;
}

const MOST_NAMED = 50;
/** `anna-schmidt` -> `Anna Schmidt`: a beginning, for whoever writes it into people.yaml. */
const nameLike = (person: string): string =>
  person.replace(/(^|-)(\p{L})/gu, (_, before: string, letter: string) => (before === '' ? '' : ' ') + letter.toUpperCase());

export async function fileStaff(sql: Sql, org: OrgId, all: readonly StaffMember[]): Promise<string | undefined> {
  const stranger = await strangers(
    sql,
    org,
    all.map(({ person }) => person),
  );
  if (stranger !== undefined) return stranger;
  for (const one of all)
    await sql('insert into staff (org, person, document) values ($1, $2, $3) on conflict (org, person) do update set document = excluded.document', [
      org,
      one.person,
      JSON.stringify(one),
    ]);
  return undefined;
}

/** The rota of a site and a week is as it was last handed in, whole. */
export async function fileRota(sql: Sql, org: OrgId, all: readonly Duty[]): Promise<string | undefined> {
  const stranger = await strangers(
    sql,
    org,
    all.map(({ person }) => person),
  );
  if (stranger !== undefined) return stranger;
  const unknown = await sql<{ site: string; shift: string }>(
    `select n.site, n.shift from organization o, unnest($2::text[], $3::text[]) n(site, shift) where o.org = $1 and not exists (
       select 1 from jsonb_array_elements(coalesce(o.document -> 'staffing' -> 'shifts', '[]')) s where s ->> 'site' = n.site and s ->> 'shift' = n.shift) limit 1`,
    [org, all.map(({ site }) => site), all.map(({ shift }) => shift)],
  );
  if (unknown[0]) return `\`${unknown[0].shift}\` is no shift of \`${unknown[0].site}\` in desired/staffing.yaml; declare it, or mend the name`;
  const keys = all.map((duty) => `${duty.site}/${duty.day}/${duty.shift}/${duty.person}`);
  const twice = keys.find((key, n) => keys.indexOf(key) !== n);
  if (twice !== undefined) return `\`${twice}\` is there twice`;
  await countUp(sql, org, all);
  await sql(
    `delete from rota r using unnest($2::text[], $3::date[]) n(site, week) where r.org = $1 and r.site = n.site and date_trunc('week', r.day)::date = n.week`,
    [org, all.map(({ site }) => site), all.map(({ day }) => weekOf(day))],
  );
  for (const { site, day, shift, person, skill } of all)
    await sql('insert into rota (org, site, day, shift, person, skill) values ($1, $2, $3, $4, $5, $6)', [org, site, day, shift, person, skill]);
  return undefined;
}

/** One's own certificate somebody else hands in. */
export async function fileCertificates(sql: Sql, org: OrgId, all: readonly Certificate[], _at: Instant, { by }: Filing): Promise<string | undefined> {
  const stranger = await strangers(
    sql,
    org,
    all.map(({ person }) => person),
  );
  if (stranger !== undefined) return stranger;
  for (const { id, person, certificate, from, until } of all) {
    const same = await sql('select 1 from certificate where (org, id, person, certificate, from_date, until_date) = ($1, $2, $3, $4, $5, $6)', [
      org,
      id,
      person,
      certificate,
      from,
      until,
    ]);
    if (person === by && same.length === 0) return `certificate \`${id}\` is your own: somebody else hands it in, and nobody vouches for themselves`;
    await sql(
      `insert into certificate (org, id, person, certificate, from_date, until_date) values ($1, $2, $3, $4, $5, $6)
       on conflict (org, id) do update set person = excluded.person, certificate = excluded.certificate, from_date = excluded.from_date, until_date = excluded.until_date`,
      [org, id, person, certificate, from, until],
    );
  }
  return undefined;
}

/**
 * What was decided stays decided; a number once used is the same request for ever. A request that is on file is decided by its task, and
 * not by a list; one's own enters as asked for, whatever a list says of it: nobody decides about their own leave (article S14).
 */
export async function fileLeave(sql: Sql, org: OrgId, all: readonly Leave[], _at: Instant, filing: Filing): Promise<string | undefined> {
  const stranger = await strangers(
    sql,
    org,
    all.map(({ person }) => person),
  );
  if (stranger !== undefined) return stranger;
  for (const { id, person, kind, from, until, requestedOn, state } of all) {
    const kept = await sql(
      `insert into leave_request (org, id, person, kind, from_date, until_date, requested_on, state) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (org, id) do update set state = case when leave_request.state = 'requested' and not $9 then excluded.state else leave_request.state end
         where (leave_request.person, leave_request.kind, leave_request.from_date, leave_request.until_date) = (excluded.person, excluded.kind, excluded.from_date, excluded.until_date) returning id`,
      [org, id, person, kind, from, until, requestedOn, person === filing.by ? 'requested' : state, byPerson(filing)],
    );
    if (kept.length === 0) return `leave \`${id}\` is on file with other days; give the new request a number of its own`;
  }
  return undefined;
}
