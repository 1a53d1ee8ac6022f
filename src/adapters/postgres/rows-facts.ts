/** The facts of one judgment, in one statement: under READ COMMITTED, one statement is one snapshot, taken after the locks. */
import { z } from 'zod';
import type { Tx } from '../../activities/ports.ts';
import { Worker } from '../../kernel/delegation.ts';
import { JsonObject, Level, Role } from '../../kernel/nouns.ts';
import { AgentName, DelegationId, PersonId, ToolName, type OrgId } from '../../kernel/ids.ts';
import type { Sql } from './client.ts';
import type { AnyDomainAdapter } from './domain.ts';
import { allowed, NO_LIMITS, Overrides, type Allowed } from '../../kernel/overrides.ts';
import { Interest, tiesTo } from '../../kernel/interests.ts';
import { Narrowing } from '../../kernel/narrowing.ts';
import { WorkCalendar } from '../../kernel/working-days.ts';
import { readVotes, VOTES } from './rows-actions.ts';

const SETTINGS = `(select o.document -> 'limits' from organization o where o.org = $1)`; // the fragments' $6: read, not sent

/** Everybody who could vote today. */
const ELECTORS = `(select coalesce(json_agg(json_build_object('person', e.person, 'roles', e.roles, 'manages', e.manages) order by e.person), '[]') from (
    select p.person, p.roles, coalesce(p.person = (select r.manager from person r where r.org = $1 and r.person = $7), false) manages
    from person p where p.org = $1 and p.status = 'active') e where e.manages or cardinality(e.roles) > 0)`;

const LONGEST_CHAIN = 8; // rows that are read of a chain: an article forbids it long before

/**
 * The agents between an ask and whoever asked first, as `up(agent, parent, hops)`: those that asked one another, and before them those
 * that a call of another runtime was handed through. The parameters are the organization and the ask.
 */
export const chainSql = (org: string, ask: string): string => `recursive asked(agent, parent, hops, delegation) as (
    select a.agent, a.parent, 1, a.delegation from ask a where a.org = ${org} and a.id = ${ask}
    union all select a.agent, a.parent, asked.hops + 1, a.delegation from asked join ask a on a.org = ${org} and a.id = asked.parent
      where asked.hops < ${LONGEST_CHAIN}),
  up(agent, parent, hops) as (select agent, parent, hops from asked
    union all select d.agent, null, asked.hops + cardinality(own.path) - t.n::int from asked join delegation own on own.org = ${org} and own.id = asked.delegation
      cross join lateral unnest(own.path) with ordinality t(id, n) join delegation d on d.org = ${org} and d.id = t.id where t.n < cardinality(own.path))`;

/** What each agent of the chain left to the one that it asked, the last one first. */
const NARROWED = `(with recursive up(about, parent, hops) as (
    select a.about, a.parent, 1 from ask a where a.org = $1 and a.id = $9
    union all select a.about, a.parent, up.hops + 1 from up join ask a on a.org = $1 and a.id = up.parent where up.hops < ${LONGEST_CHAIN})
  select coalesce(json_agg(json_build_object('by', up.about -> 'from', 'narrowed', up.about -> 'narrowed') order by up.hops), '[]')
  from up where up.about -> 'narrowed' is not null)`;

/** What a call was handed through, from the last link to the first; nothing where somebody else is its requester now. */
const DELEGATIONS = `(select coalesce(json_agg(json_build_object('id', d.id, 'worker', d.worker, 'tools', d.tools, 'perCall', d.per_call, 'perDay', d.per_day,
    'live', d.revoked_at is null and d.expires_at > $8 and not exists (select 1 from token t where t.org = $1 and t.token = d.credential and t.revoked_at is not null),
    'spentDay', case when d.per_day is null then 0 else (select coalesce(sum(r.minor), 0)::bigint from delegation s join ask b on b.org = $1 and b.delegation = s.id
      join proposal p on p.org = $1 and p.ask = b.id join reservation r on r.org = $1 and r.proposal = p.id and r.kind = 'agent_day' and r.key = p.agent
      where s.org = $1 and s.path @> array[d.id] and r.period = $4::date::text and r.state in ('reserved', 'spent') and r.proposal <> $5) end)
    order by cardinality(d.path) desc), '[]')
  from ask a join delegation own on own.org = $1 and own.id = a.delegation join delegation d on d.org = $1 and d.id = any(own.path)
  where a.org = $1 and a.id = $9 and a.on_behalf_of = $7)`;

/** What each has spent today counts for whoever it asks: asking does not make a day's limit anew. */
const CHAIN = `(with ${chainSql('$1', '$9')} select coalesce(json_agg(json_build_object('agent', up.agent,
    'level', coalesce((select l.level from agent_level l where l.org = $1 and l.agent = up.agent), 'shadow'),
    'halted', coalesce((select h.halted from halt h where h.org = $1 and h.scope = 'agent/' || up.agent), true),
    'spentDay', case when up.hops = 1 then 0 else (select coalesce(sum(r.minor), 0)::bigint from reservation r where r.org = $1 and r.kind = 'agent_day'
      and r.key = up.agent and r.period = $4::date::text and r.state in ('reserved', 'spent') and r.proposal <> $5) end) order by up.hops), '[]') from up)`;

/** $1 organization, $2 arguments, $3 agent, $4 business date, $5 own proposal, $6 domain, $7 person or null, $8 wall clock, $9 ask, $10 the tool's domain. */
const statement = (domainFacts: string): string => `
select
  (select case when count(*) = 3 then bool_or(h.halted) end from halt h
     where h.org = $1 and h.scope in ('organization', 'agent/' || $3::text, 'domain/' || $6::text)) halted,
  coalesce((select l.level from agent_level l where l.org = $1 and l.agent = $3), 'shadow') level,
  (select p.status = 'active' from person p where p.org = $1 and p.person = $7) person_active,
  (select 'owner' = any(p.roles) or $10::text = any(p.roles) or p.authority ? $10::text from person p where p.org = $1 and p.person = $7) person_may,
  (select p.authority -> $6::text from person p where p.org = $1 and p.person = $7) person_limits,
  (select count(*)::int from proposal q where q.org = $1 and q.agent = $3 and q.id <> $5 and q.created_at > $8::timestamptz - interval '1 minute'
     and q.outcome is distinct from 'denied') calls_agent,
  (select count(*)::int from proposal q where q.org = $1 and q.on_behalf_of = $7 and q.id <> $5 and q.created_at > $8::timestamptz - interval '1 minute'
     and q.outcome is distinct from 'denied') calls_person,
  (select a.about ->> 'text' from ask a where a.org = $1 and a.id = $9 and a.on_behalf_of = $7 and a.about ->> 'kind' = 'question') stated,
  exists (select 1 from turn w where w.org = $1 and w.source = 'propose' and w.person = $7 and w.proposals ? $5::text) own_call,
  ${CHAIN} chain,
  ${DELEGATIONS} delegations,
  ${NARROWED} narrowed,
  ${VOTES.replaceAll('$2', '$5')} votes,
  ${ELECTORS} electors,
  (select o.document -> 'calendar' from organization o where o.org = $1) calendar,
  (select o.document -> 'interests' from organization o where o.org = $1) interests,
  (select o.document -> 'overrides' from organization o where o.org = $1) overrides,
  (select p.roles from person p where p.org = $1 and p.person = $7) person_roles,
  (select coalesce(p.ratified_roles, p.roles) from person p where p.org = $1 and p.person = $7) ratified_roles,
  (select coalesce(sum(r.minor), 0)::bigint::text from reservation r where r.org = $1 and r.kind = 'person_month' and r.key = $7::text || '/' || $6::text
     and r.period = to_char($4::date, 'YYYY-MM') and r.state in ('reserved', 'spent') and r.proposal <> $5) spent_person_month,
  (${domainFacts.replaceAll('$6', SETTINGS)}) domain_facts, $2::jsonb args, $4::date today`;

/** The statements of all fact sheets, by sheet; two domains with one sheet's name are a fault of the code. */
export interface FactStatements {
  readonly none: string;
  readonly facts: ReadonlyMap<string, string>;
  readonly derived: ReadonlyMap<string, (read: JsonObject) => JsonObject>;
  readonly budgets: ReadonlyMap<string, string>;
}

export function factStatements(domains: readonly AnyDomainAdapter[]): FactStatements {
  const facts = domains.flatMap((domain) => Object.entries(domain.facts));
  const twice = facts.find(([sheet], n) => facts.findIndex(([other]) => other === sheet) !== n);
  if (twice) throw new TypeError(`Two domains declare the facts \`${twice[0]}\`; rename one.`);
  return {
    none: statement(`'{}'::json`),
    facts: new Map(facts.map(([sheet, sql]) => [sheet, statement(sql)])),
    derived: new Map(domains.flatMap((domain) => Object.entries(domain.derived ?? {}))),
    budgets: new Map(domains.flatMap((domain) => Object.entries(domain.budgets))),
  };
}

const BudgetRow = z.strictObject({
  kind: z.enum(['agent_day', 'supplier_month', 'budget_month', 'rota_week', 'rota_person']),
  key: z.string(),
  period: z.string(),
});
const Limits = z.strictObject({ perCall: z.int().min(0), perDay: z.int().min(0), perMonth: z.int().min(0).exactOptional() });
const Link = z.strictObject({ agent: AgentName, level: Level, halted: z.boolean(), spentDay: z.int() });
const Handed = z.strictObject({
  id: DelegationId,
  worker: Worker,
  tools: z.array(ToolName).nullable(),
  perCall: z.int().nullable(),
  perDay: z.int().nullable(),
  live: z.boolean(),
  spentDay: z.int(),
});
const Row = z.object({
  halted: z.boolean(), // null, where a halt row is missing, fails here: the gate denies
  level: Level,
  person_active: z.boolean().nullable(),
  person_may: z.boolean().nullable(),
  person_limits: Limits.nullable(),
  calls_agent: z.int(),
  calls_person: z.int(),
  stated: z.string().nullable(),
  own_call: z.boolean(),
  chain: z.array(Link),
  delegations: z.array(Handed),
  narrowed: z.array(z.strictObject({ by: AgentName, narrowed: Narrowing })),
  votes: z.unknown(),
  electors: z.array(z.strictObject({ person: PersonId, roles: z.array(Role), manages: z.boolean() })),
  calendar: WorkCalendar.nullable(),
  interests: z.array(Interest).nullable(),
  overrides: Overrides.nullable(),
  person_roles: z.array(Role).nullable(),
  ratified_roles: z.array(Role).nullable(),
  spent_person_month: z.string(),
  domain_facts: JsonObject,
});

/** What a person may have agents do for them where nothing else is said; the organization itself is bound by its agents' limits alone. */
const usual = (person: PersonId | null, granted: z.infer<typeof Limits> | null): Allowed =>
  person === null ? NO_LIMITS : { ...NO_LIMITS, ...(granted ?? { perCall: 0, perDay: 0 }) };

/** @throws ZodError where a fact is missing or of the wrong kind */
export function factRows(org: OrgId, sql: Sql, statements: FactStatements): Pick<Tx, 'facts' | 'budgetKeys'> {
  return {
    async budgetKeys({ proposal, facts, today }) {
      const budgets = statements.budgets.get(facts?.name ?? '');
      return budgets === undefined ? [] : z.array(BudgetRow).parse(await sql(budgets, [org, JSON.stringify(proposal.args), proposal.agent, today]));
    },
    async facts({ proposal, facts, domain, times, today }) {
      const text = facts === null ? statements.none : statements.facts.get(facts.name);
      if (text === undefined) throw new TypeError(`Nothing reads the facts \`${facts?.name ?? ''}\`; their domain's adapter must.`);
      const [raw] = await sql(text, [
        org,
        JSON.stringify(proposal.args),
        proposal.agent,
        today,
        proposal.id,
        domain,
        proposal.onBehalfOf,
        times.wall,
        proposal.ask,
        proposal.tool.split('.')[0],
      ]);
      const row = Row.parse(raw);
      const derive = statements.derived.get(facts?.name ?? '');
      const { vouched, barred, counterparty, ...domainFacts } = derive ? derive(row.domain_facts) : row.domain_facts;
      const about = z.string().nullish().parse(counterparty) ?? null;
      const ties = tiesTo(about, row.interests ?? []);
      return {
        halted: row.halted || row.chain.some(({ halted }) => halted),
        level: Level.options.find((level) => level === row.level || row.chain.some((link) => link.level === level)) ?? 'shadow', // they go from least to most
        chain: row.chain.map(({ agent, spentDay }) => ({ agent, spentDay })),
        delegations: row.delegations,
        narrowed: row.narrowed.map((link) => ({ ...link, over: link.narrowed.until !== undefined && times.wall >= link.narrowed.until })),
        counterparty: about,
        personActive: proposal.onBehalfOf === null || row.person_active === true,
        personMay: proposal.onBehalfOf === null || row.person_may === true,
        allowed: allowed(
          usual(proposal.onBehalfOf, row.person_limits),
          row.overrides,
          { person: proposal.onBehalfOf, roles: row.person_roles ?? [], tool: proposal.tool },
          row.ratified_roles ?? [],
        ),
        spentPersonMonth: z.coerce.number().int().parse(row.spent_person_month),
        callsAgent: row.calls_agent,
        callsPerson: row.calls_person,
        domainFacts,
        vouched: z.array(z.string()).parse(vouched ?? []),
        barred: [...z.array(z.string()).parse(barred ?? []), ...ties.map(({ person }) => person)],
        ties,
        stated: row.stated,
        ownCall: row.own_call,
        votes: readVotes(row.votes),
        electors: row.electors,
        calendar: row.calendar,
      };
    },
  };
}
