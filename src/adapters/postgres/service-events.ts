/** Decisions about calls and calls that came to none, by filter: of our own agents, and of runtimes that are not ours. */
import type { CallEvent } from '../../client.ts';
import { Tier } from '../../kernel/delegation.ts';
import { EventId, ProposalId, type OrgId } from '../../kernel/ids.ts';
import type { CallFilter, CallsFound } from '../../ports.ts';
import type { Database } from './client.ts';

/** How near a person is to what an agent of ours does: reviews wait for nobody, and an agent that another one asks was handed it. */
const TIER = `coalesce(g.tier, case a.about ->> 'kind' when 'drift' then 'background' when 'request' then 'delegated' else 'interactive' end)`;

const CALLS = `
select c.event, c.at, c.person, c.agent, coalesce(g.workers, '{}') chain, g.path, g.tier, c.tool, c.verdict, c.why reason, c.articles, c.trace, null proposal
from service_call c left join delegation g on g.org = c.org and g.id = c.delegation where c.org = $1
union all
select d.event, d.at, p.on_behalf_of, p.agent, coalesce(g.workers, '{}'), g.path, ${TIER}, p.tool, d.verdict,
  (select coalesce(string_agg(w, '; '), '') from jsonb_array_elements_text(d.body -> 'why') w),
  array(select x ->> 'id' from jsonb_array_elements(d.body -> 'articles') x), a.about ->> 'trace', p.id
from decision d join proposal p on p.org = d.org and p.id = d.proposal join ask a on a.org = p.org and a.id = p.ask
  left join delegation g on g.org = a.org and g.id = a.delegation where d.org = $1`;

const FOUND = `
select * from (${CALLS}) e
where ($2::text is null or e.person = $2) and ($3::text is null or e.agent = $3 or $3 = any(e.chain)) and ($4::text is null or e.tool = $4)
  and ($5::text is null or e.verdict = $5) and ($6::text is null or e.tier = $6) and ($7::text is null or e.trace = $7)
  and ($8::timestamptz is null or e.at >= $8) and ($9::timestamptz is null or e.at < $9)
  and ($10::text is null or (e.at, e.event) < (select l.at, l.event from (
    select c.at, c.event from service_call c where c.org = $1 and c.event = $10 union all select d.at, d.event from decision d where d.org = $1 and d.event = $10) l))
  and ($11::text is null or $11 = any(e.path))
order by e.at desc, e.event desc limit $12`;

interface Row {
  readonly event: string;
  readonly at: Date;
  readonly person: string | null;
  readonly agent: string | null;
  readonly chain: readonly string[];
  readonly tier: string | null;
  readonly tool: string | null;
  readonly verdict: string;
  readonly reason: string;
  readonly articles: readonly string[];
  readonly trace: string | null;
  readonly proposal: string | null;
}

/** The newest first. */
export const callsFound = (db: Database, org: OrgId, filter: CallFilter, most: number): Promise<CallsFound> =>
  db.tx(org, async (sql) => {
    const { person, agent, tool, verdict, tier, trace, since, until, after, within } = filter;
    const values = [org, person, agent, tool, verdict, tier, trace, since, until, after, within, most + 1].map((value) => value ?? null);
    const rows = await sql<Row>(FOUND, values);
    const shown = rows.slice(0, most).map((row) => eventOf(org, row));
    return { events: shown, next: rows.length > most ? (shown.at(-1)?.id ?? null) : null };
  });

const eventOf = (org: OrgId, { event, at, tier, proposal, ...row }: Row): CallEvent => ({
  id: EventId.parse(event),
  at: at.toISOString(),
  organization: org,
  person: row.person,
  agent: row.agent,
  chain: row.chain,
  tier: tier === null ? null : Tier.parse(tier),
  tool: row.tool,
  verdict: row.verdict,
  reason: row.reason,
  articles: row.articles,
  trace: row.trace,
  proposal: proposal === null ? null : ProposalId.parse(proposal),
});
