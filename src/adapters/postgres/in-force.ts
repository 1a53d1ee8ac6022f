/** What is in force, the decisions that it made, and how far each agent may go. */
import { z } from 'zod';
import type { Amendments } from '../../activities/amendments/ports.ts';
import type { Tx } from '../../activities/ports.ts';
import { LevelEvidence } from '../../kernel/amendment.ts';
import { Grants, Limits } from '../../kernel/declared.ts';
import { Digest } from '../../kernel/digest.ts';
import { AgentName, PersonId, ProposalId, ToolName } from '../../kernel/ids.ts';
import { JsonObject, Level } from '../../kernel/nouns.ts';
import { Rules } from '../../kernel/rules.ts';
import { ToolEntry } from '../../kernel/tool-entry.ts';
import { Terms } from '../../kernel/terms.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { declare } from './declared.ts';
import { ratifiedBundle, saveRatified } from './organizations.ts';

const PAGE = 1_000; // decisions read at once
const MOST = 200; // ratifications of one answer

/** A bundle as the gate takes it; what else is in it is kept as it is. */
export const StoredTexts = z.looseObject({
  schema: z.string(),
  articles: z.record(z.string(), z.string()),
  invariants: z.record(z.string(), z.string()).optional(),
  tools: z.array(ToolEntry),
  agents: z.array(JsonObject),
  quorum: z.int().optional(),
  limits: Limits.optional(),
  grants: Grants.optional(),
  terms: Terms.optional(),
  rules: Rules.optional(),
});

type InForce = Pick<
  Amendments,
  | 'inForce'
  | 'declare'
  | 'putInForce'
  | 'recorded'
  | 'recordedFrom'
  | 'waiting'
  | 'level'
  | 'setLevel'
  | 'levels'
  | 'evidence'
  | 'owners'
  | 'ratifications'
  | 'textsWith'
>;

export const inForceRows = (sqlOf: (tx: Tx) => Sql): InForce => ({ ...constitutions(sqlOf), ...decided(sqlOf), ...levels(sqlOf) });

function constitutions(sqlOf: (tx: Tx) => Sql): Pick<InForce, 'inForce' | 'declare' | 'putInForce' | 'ratifications' | 'textsWith' | 'owners'> {
  return {
    async inForce(tx) {
      const row = await ratifiedBundle(sqlOf(tx), tx.org);
      return row && { digest: Digest.parse(row.digest), bundle: StoredTexts.parse(row.bundle) };
    },
    async declare(tx, declared) {
      const { changes, waiting } = await declare(sqlOf(tx), tx.org, declared);
      return { changes: changes.map(({ words }) => words), waiting: waiting.map(({ words }) => words) };
    },
    putInForce: (tx, digest, bundle, by, at) => saveRatified(sqlOf(tx), tx.org, digest, bundle, by, new Date(at)),
    async ratifications(tx) {
      const rows = await sqlOf(tx)<{ digest: string; ratified_by: string; ratified_at: Date }>(
        `select digest, ratified_by, ratified_at from constitution where org = $1 order by ratified_at desc, digest limit ${MOST}`,
        [tx.org],
      );
      return rows.map((row) => ({ digest: Digest.parse(row.digest), by: row.ratified_by, at: instant(row.ratified_at.getTime()) }));
    },
    async textsWith(tx, article) {
      const rows = await sqlOf(tx)<{ digest: string; text: string }>(
        `select c.digest, f.value as text from constitution c, jsonb_each_text(c.bundle -> 'articles') f
         where c.org = $1 and strpos(f.value, $2) > 0 order by c.ratified_at desc, c.digest limit ${MOST}`,
        [tx.org, `@id("${article}")`],
      );
      return new Map(rows.map(({ digest, text }) => [Digest.parse(digest), text]));
    },
    async owners(tx) {
      const rows = await sqlOf(tx)<{ person: string }>(
        `select person from person where org = $1 and status = 'active' and 'owner' = any(roles) order by person`,
        [tx.org],
      );
      return rows.map(({ person }) => PersonId.parse(person));
    },
  };
}

/** A decision with the call that it was about, and the people whom the call names: our own text arguments hold people's ids and nothing else that equals one. */
const RECORDED = `
select d.at, d.proposal, d.round, p.agent, p.on_behalf_of "onBehalfOf", p.tool, p.args, d.facts,
  array(select w.person from person w where w.org = p.org and (w.person = p.on_behalf_of or w.person in (select value from jsonb_each_text(p.args))) order by 1) people
from decision d join proposal p on p.org = d.org and p.id = d.proposal
where d.org = $1 and ($2::date is null or d.at >= $2::date) and ($3::timestamptz is null or (d.at, d.proposal, d.round) < ($3, $4, $5))
order by d.at desc, d.proposal desc, d.round desc limit ${PAGE}`;

function decided(sqlOf: (tx: Tx) => Sql): Pick<InForce, 'recorded' | 'recordedFrom' | 'waiting'> {
  const Call = z.object({
    at: z.date().transform((at) => instant(at.getTime())),
    proposal: ProposalId,
    round: z.int(),
    agent: AgentName,
    onBehalfOf: PersonId.nullable(),
    tool: ToolName,
    args: JsonObject,
    facts: JsonObject,
    people: z.array(PersonId),
  });
  return {
    async recorded(tx, since) {
      const [count] = await sqlOf(tx)<{ n: number }>('select count(*)::int n from decision where org = $1 and ($2::date is null or at >= $2::date)', [
        tx.org,
        since,
      ]);
      return count?.n ?? 0;
    },
    async recordedFrom(tx, since, from) {
      const rows = await sqlOf(tx)(RECORDED, [tx.org, since, from?.at ?? null, from?.proposal ?? null, from?.round ?? null]);
      return rows.map((row) => Call.parse(row));
    },
    async waiting(tx) {
      const rows = await sqlOf(tx)<{ id: string; tool: string; slice: string }>(
        `select p.id, p.tool, d.body ->> 'slice' slice from proposal p
         join lateral (select d.verdict, d.body from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) d on d.verdict = 'escalate'
         where p.org = $1 and p.outcome is null order by p.created_at, p.id limit 10000`,
        [tx.org],
      );
      return rows.map(({ id, tool, slice }) => ({ id: ProposalId.parse(id), tool: ToolName.parse(tool), slice: Digest.parse(slice) }));
    },
  };
}

/** The first judgment of each proposal that was made since an agent is at its level, and what became of it: by votes, or as the reconciler saw the matter since. */
const EVIDENCE = `
with shown as (
  select distinct on (d.proposal) d.proposal, d.verdict, (d.facts -> (d.facts ->> 'facts') ->> 'amount_minor')::bigint minor
  from decision d join proposal p on p.org = d.org and p.id = d.proposal
  join agent_level l on l.org = p.org and l.agent = p.agent and p.created_at >= l.since
  where d.org = $1 and p.agent = $2 and d.level = $3 order by d.proposal, d.round
), became as (
  select s.*, case
    when s.verdict = 'deny' then 'denied'
    when exists (select 1 from vote v where v.org = p.org and v.proposal = p.id and v.choice = 'approve' and v.void_because is null) then 'approved'
    when p.outcome = 'declined' then 'declined'
    when p.outcome is distinct from 'shadowed' or r.key is null then 'untold'
    when r.state = 'gone' or r.episode > a.episode then 'settled'
    else 'standing' end after
  from shown s join proposal p on p.org = $1 and p.id = s.proposal join ask a on a.org = p.org and a.id = p.ask left join drift r on r.org = a.org and r.key = a.drift_key
)
select count(*)::int proposals, count(*) filter (where verdict = 'permit')::int permitted, count(*) filter (where verdict = 'escalate')::int escalated,
  count(*) filter (where verdict = 'deny')::int denied, coalesce(sum(minor) filter (where verdict <> 'deny'), 0)::float8 minor,
  json_build_object('settled', count(*) filter (where after = 'settled'), 'standing', count(*) filter (where after = 'standing'),
    'approved', count(*) filter (where after = 'approved'), 'declined', count(*) filter (where after = 'declined'), 'untold', count(*) filter (where after = 'untold')) people
from became`;

function levels(sqlOf: (tx: Tx) => Sql): Pick<InForce, 'level' | 'setLevel' | 'levels' | 'evidence'> {
  return {
    async level(tx, agent) {
      const [row] = await sqlOf(tx)<{ level: string }>('select level from agent_level where org = $1 and agent = $2 for update', [tx.org, agent]);
      return row && Level.parse(row.level);
    },
    async setLevel(tx, agent, level, at) {
      await sqlOf(tx)('update agent_level set level = $3, since = $4 where org = $1 and agent = $2', [tx.org, agent, level, at]);
    },
    async levels(tx) {
      const rows = await sqlOf(tx)<{ agent: string; level: string; declared: string | null }>(
        'select agent, level, declared from agent_level where org = $1 order by agent',
        [tx.org],
      );
      return rows.map(({ agent, level, declared }) => ({
        agent: AgentName.parse(agent),
        level: Level.parse(level),
        declared: declared === null ? null : Level.parse(declared),
      }));
    },
    async evidence(tx, agent, level, currency) {
      const [row] = await sqlOf(tx)<object>(EVIDENCE, [tx.org, agent, level]);
      return LevelEvidence.parse({ ...row, currency });
    },
  };
}
