/** An organization's declaration into rows. What is narrower than before holds at once; what is wider needs an amendment. */
import { declarationOf } from '../files/declaration.ts';
import type { Organization } from '../files/organization.ts';
import { DOMAINS, type AgentName, type OrgId } from '../../kernel/ids.ts';
import { Level } from '../../kernel/nouns.ts';
import { lockInvoices } from './assess.ts';
import type { Sql } from './client.ts';
import { hold, holdRatified, standing } from './declared.ts';
import { reassess } from './intake.ts';

/** What a load found and did, in words that name no more than ids. */
export interface Loaded {
  readonly known: boolean; // the organization was there before
  readonly changed: boolean; // its files are others than at the last load
  readonly example: boolean; // as it holds
  readonly changes: readonly string[]; // what holds from now on
  readonly waiting: readonly string[]; // what the files say and the owners have not ratified
}

/** @param offsetMs business clock minus wall clock, kept from the first load on */
export async function saveOrganization(sql: Sql, organization: Organization, agents: readonly AgentName[], offsetMs: number, at: Date): Promise<Loaded> {
  const { id: org, desired, finance, address, example, service = null, calendar = null, interests } = organization;
  const [before] = await sql<{ digest: string }>('select digest from organization where org = $1', [org]);
  const stood = await standing(sql, org);
  const declared = declarationOf(organization);
  await sql(
    `insert into organization (org, digest, name, zone, currency, document, clock_offset_ms, loaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (org) do update set digest = excluded.digest, name = excluded.name, zone = excluded.zone, currency = excluded.currency, document = excluded.document, loaded_at = excluded.loaded_at`,
    [
      org,
      organization.digest,
      organization.name,
      organization.zone,
      organization.currency,
      JSON.stringify({ ...desired, finance, address, example, service, calendar, interests, overrides: declared.terms.overrides, limits: declared.limits }),
      offsetMs,
      at,
    ],
  );
  const people = await savePeople(sql, organization);
  const { changes, waiting } = await hold(sql, org, declared, stood);
  const [held] = await sql<{ example: boolean }>(`select (document ->> 'example')::boolean example from organization where org = $1`, [org]);
  await saveScopes(sql, org, agents, at);
  const levels = await saveLevels(sql, organization, agents, at);
  return {
    known: before !== undefined,
    changed: before !== undefined && before.digest !== organization.digest,
    example: held?.example ?? false,
    changes: [...people, ...changes.map(({ words }) => words), ...levels.changes],
    waiting: [...waiting.map(({ words }) => words), ...levels.waiting],
  };
}

/** Whoever is not in the files any more has left; the row stays, since records speak of them. Roles, authority and manager are not written here. */
async function savePeople(sql: Sql, { id: org, people }: Organization): Promise<readonly string[]> {
  const before = new Map(
    (await sql<{ person: string; status: string }>('select person, status from person where org = $1', [org])).map(({ person, status }) => [person, status]),
  );
  const now = new Map<string, string>([...before.keys()].map((person) => [person, 'left']));
  for (const { id, name, status, site } of people) {
    now.set(id, status);
    await sql(
      `insert into person (org, person, name, roles, status, site, authority) values ($1, $2, $3, '{}', $4, $5, '{}')
       on conflict (org, person) do update set name = excluded.name, status = excluded.status, site = excluded.site`,
      [org, id, name, status, site ?? null],
    );
  }
  await sql(`update person set status = 'left' where org = $1 and person <> all($2)`, [org, people.map(({ id }) => id)]);
  if (before.size === 0) return []; // the first load: everybody is new
  return [...now].sort().flatMap(([person, status]) => {
    const was = before.get(person);
    if (was === status) return [];
    return [
      status === 'left' ? `${person} left` : was === 'left' ? `${person} is back` : was === undefined ? `${person} joined` : `${person} is ${status} now`,
    ];
  });
}

/** A level is lowered by an edit, and never raised: only what the file says anew counts, not the same text read again. */
async function saveLevels(sql: Sql, { id: org, levels }: Organization, agents: readonly AgentName[], at: Date): Promise<Pick<Loaded, 'changes' | 'waiting'>> {
  const rows = await sql<{ agent: string; level: string; declared: string | null }>(
    'select agent, level, declared from agent_level where org = $1 for update',
    [org],
  );
  const [changes, waiting]: [string[], string[]] = [[], []];
  for (const agent of agents) {
    const declared = levels[agent] ?? 'shadow';
    const row = rows.find((one) => one.agent === agent);
    const before = row && Level.parse(row.level);
    const lowered = before !== undefined && row?.declared !== declared && rank(declared) < rank(before);
    const level = before === undefined || lowered ? declared : before;
    if (lowered) changes.push(`${agent} is lowered from \`${before}\` to \`${declared}\``);
    if (before !== undefined && row?.declared !== declared && rank(declared) > rank(before)) waiting.push(`${agent} \`${before}\` -> \`${declared}\``);
    await sql(
      `insert into agent_level (org, agent, level, declared, since) values ($1, $2, $3, $4, $5) on conflict (org, agent) do update set declared = excluded.declared, level = excluded.level,
         since = case when agent_level.level = excluded.level then agent_level.since else excluded.since end`,
      [org, agent, level, declared, at],
    );
  }
  return { changes, waiting };
}

const rank = (level: Level): number => Level.options.indexOf(level);

/** Every scope that can be halted has a row from the start: an intent locks it, so that no halt can slip past. */
async function saveScopes(sql: Sql, org: OrgId, agents: readonly AgentName[], at: Date): Promise<void> {
  const scopes = ['organization', ...agents.map((agent) => `agent/${agent}`), ...DOMAINS.map((domain) => `domain/${domain}`)];
  await sql(
    `insert into halt (org, scope, halted, by_person, reason, at) select $1, s, false, 'operator', '', $3 from unnest($2::text[]) s on conflict do nothing`,
    [org, scopes, at],
  );
}

export async function advanceOffset(sql: Sql, org: OrgId, byMs: number): Promise<void> {
  await sql('update organization set clock_offset_ms = clock_offset_ms + $2 where org = $1', [org, byMs]);
}

/** The ratified bundle in force, as it was stored. */
export async function ratifiedBundle(sql: Sql, org: OrgId): Promise<{ readonly digest: string; readonly bundle: unknown } | undefined> {
  const [row] = await sql<{ digest: string; bundle: unknown }>(
    'select c.digest, c.bundle from organization o join constitution c on c.org = o.org and c.digest = o.constitution where o.org = $1',
    [org],
  );
  return row;
}

/** Puts a bundle in force, with the limits, grants and terms in it; in the caller's transaction. */
export async function saveRatified(sql: Sql, org: OrgId, digest: string, bundle: unknown, by: string, at: Date): Promise<void> {
  await sql('insert into constitution (org, digest, bundle, ratified_by, ratified_at) values ($1, $2, $3, $4, $5) on conflict do nothing', [
    org,
    digest,
    JSON.stringify(bundle),
    by,
    at,
  ]);
  await sql('update organization set constitution = $2 where org = $1', [org, digest]);
  await holdRatified(sql, org);
}

/** Payments of a halted scope that have not left, taken back. */
export async function withdrawUnsent(sql: Sql, org: OrgId, agents: readonly AgentName[], reason: string): Promise<readonly string[]> {
  await lockInvoices(sql, org, null); // invoices before payments, as everywhere
  const rows = await sql<{ key: string; invoice: string }>(
    `update payment m set state = 'withdrawn', reason = $3 from proposal p where m.org = $1 and p.org = m.org and p.id = m.key and p.agent = any($2) and m.state = 'instructed' returning m.key, m.invoice`,
    [org, agents, reason],
  );
  await sql(`update invoice set state = 'open' where org = $1 and id = any($2) and state = 'instructed'`, [org, rows.map((row) => row.invoice)]);
  if (rows.length > 0) await reassess(sql, org, null); // what they billed counts no more
  return rows.map((row) => row.key);
}

/** What the records say beside a card's values. */
export async function cardContext(sql: Sql, org: OrgId, invoice: string): Promise<Readonly<Record<string, string>>> {
  const [row] = await sql<{ supplier: string | null; account: string | null; order: string | null; held: string | null }>(
    `select s.document ->> 'name' supplier, s.iban account, i.order_number "order", nullif(i.held_because, '') held from invoice i left join supplier s on s.org = i.org and s.id = i.supplier where i.org = $1 and i.id = $2`,
    [org, invoice],
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
