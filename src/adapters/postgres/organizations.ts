/** An organization's declaration into rows. What is narrower than before holds at once; what is wider needs an amendment. */
import type { Organization } from '../files/organization.ts';
import { DOMAINS, type AgentName, type OrgId } from '../../kernel/ids.ts';
import { moneyOf } from '../../kernel/money.ts';
import { lockInvoices } from './assess.ts';
import type { Sql } from './client.ts';
import { reassess } from './intake.ts';

/** The limits of `desired/finance.yaml` in minor units, as the gate's facts compare them. */
function limitsOf({ finance, currency }: Organization) {
  const minor = (amount: string) => moneyOf(amount, currency).minor;
  return {
    supplier_month: minor(finance.supplier_month_limit),
    suppliers: Object.fromEntries(Object.entries(finance.supplier_limits).map(([supplier, amount]) => [supplier, minor(amount)])),
    budgets: Object.fromEntries(finance.budgets.map(({ line, month }) => [line, minor(month)])),
    new_supplier_days: finance.new_supplier_days,
    account_change_days: finance.account_change_days,
  };
}

/** @param offsetMs business clock minus wall clock, kept from the first load on @returns whether it was there before */
export async function saveOrganization(sql: Sql, organization: Organization, agents: readonly AgentName[], offsetMs: number, at: Date): Promise<boolean> {
  const { id: org, desired, finance, address, example } = organization;
  const before = await sql<{ digest: string }>('select digest from organization where org = $1', [org]);
  await sql(
    `insert into organization (org, digest, name, zone, currency, document, clock_offset_ms, loaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (org) do update set digest = excluded.digest, name = excluded.name, zone = excluded.zone, currency = excluded.currency, document = excluded.document, loaded_at = excluded.loaded_at`,
    [
      org,
      organization.digest,
      organization.name,
      organization.zone,
      organization.currency,
      JSON.stringify({ ...desired, finance, address, example, limits: limitsOf(organization) }),
      offsetMs,
      at,
    ],
  );
  for (const person of organization.people) await savePerson(sql, organization, person);
  await saveScopes(sql, org, agents, at);
  for (const agent of agents) {
    await sql(
      `insert into agent_level (org, agent, level, declared) values ($1, $2, $3, $3) on conflict (org, agent) do update set declared = excluded.declared, level = case
         when excluded.declared is distinct from agent_level.declared
          and array_position(array['shadow', 'ask', 'act'], excluded.level) < array_position(array['shadow', 'ask', 'act'], agent_level.level) then excluded.level else agent_level.level end`,
      [org, agent, organization.levels[agent] ?? 'shadow'],
    );
  }
  return before.length === 1;
}

async function savePerson(sql: Sql, { id: org, currency }: Organization, person: Organization['people'][number]): Promise<void> {
  const authority = Object.fromEntries(
    Object.entries(person.authority).map(([domain, limits]) => [
      domain,
      { perCall: moneyOf(limits.per_call, currency).minor, perDay: moneyOf(limits.per_day, currency).minor },
    ]),
  );
  await sql(
    `insert into person (org, person, name, roles, manager, status, site, authority) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (org, person) do update set name = excluded.name, roles = excluded.roles, manager = excluded.manager, status = excluded.status, site = excluded.site, authority = excluded.authority`,
    [org, person.id, person.name, person.roles, person.manager ?? null, person.status, person.site ?? null, JSON.stringify(authority)],
  );
}

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

/** Puts a bundle in force: one statement each, one transaction. */
export async function saveRatified(sql: Sql, org: OrgId, digest: string, bundle: unknown, by: string, at: Date): Promise<void> {
  await sql('insert into constitution (org, digest, bundle, ratified_by, ratified_at) values ($1, $2, $3, $4, $5) on conflict do nothing', [
    org,
    digest,
    JSON.stringify(bundle),
    by,
    at,
  ]);
  await sql('update organization set constitution = $2 where org = $1', [org, digest]);
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
