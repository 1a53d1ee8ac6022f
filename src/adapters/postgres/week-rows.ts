/** The rows of the week's report. */
import { z } from 'zod';
import type { Tx } from '../../activities/ports.ts';
import type { JudgedInWeek, Weeks } from '../../activities/amendments/ports.ts';
import { AgentName, ProposalId, ToolName } from '../../kernel/ids.ts';
import { JsonObject, Level, Observed, Verdict } from '../../kernel/nouns.ts';
import { Instant } from '../../kernel/time.ts';
import { WeekReport } from '../../kernel/week-report.ts';
import type { Sql } from './client.ts';
import type { AnyDomainAdapter } from './domain.ts';

const MOST = 10_000; // proposals of a week

/** The first such judgment of each, in the order of the money that it would have moved. */
const JUDGED = `
select s.*, p.args, p.agent, p.tool, case
    when r.key is null then 'untold' when r.state = 'gone' or r.episode > a.episode then 'settled' else 'open' end stands,
  coalesce((select string_agg(concat(l.line ->> 'label', ' ', l.line ->> 'value'), ', ' order by l.n) from jsonb_array_elements(p.card) with ordinality l (line, n) where l.n <= 2), p.tool) about
from (
  select distinct on (d.proposal) d.proposal, d.verdict, d.level, d.body -> 'observed' observed,
    (d.facts -> (d.facts ->> 'facts') ->> 'amount_minor')::float8 minor, to_char(e.business at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') at, e.business
  from decision d join event e on e.org = d.org and e.id = d.event
  where d.org = $1 and (d.level = 'shadow' or d.body ? 'observed') order by d.proposal, d.round
) s join proposal p on p.org = $1 and p.id = s.proposal join ask a on a.org = p.org and a.id = p.ask left join drift r on r.org = a.org and r.key = a.drift_key
where s.business >= $2 and s.business < $3
order by s.minor desc nulls last, s.proposal limit ${MOST}`;

const Row = z.object({
  proposal: ProposalId,
  agent: AgentName,
  tool: ToolName,
  args: JsonObject,
  about: z.string(),
  at: Instant,
  verdict: Verdict,
  level: Level,
  minor: z.int().nullable(),
  stands: z.enum(['settled', 'open', 'untold']),
  observed: Observed.nullable(),
});

export function weekRows(sqlOf: (tx: Tx) => Sql, adapters: readonly Pick<AnyDomainAdapter, 'really'>[]): Weeks {
  return {
    async judged(tx, from, to) {
      const rows = await sqlOf(tx)<object>(JUDGED, [tx.org, from, to]);
      return rows.map((row): JudgedInWeek => Row.parse(row));
    },
    async really(tx, { tool, args }, since) {
      const read = adapters.flatMap(({ really }) => really?.[tool] ?? [])[0];
      return read?.(sqlOf(tx), tx.org, { args, since });
    },
    async kept(tx, week) {
      const [row] = await sqlOf(tx)<{ body: unknown }>('select body from week_report where org = $1 and week = $2', [tx.org, week]);
      return row && WeekReport.parse(row.body);
    },
    async keep(tx, report, event, at) {
      await sqlOf(tx)('insert into week_report (org, week, body, event, at) values ($1, $2, $3, $4, $5)', [
        tx.org,
        report.week,
        JSON.stringify(report),
        event,
        at,
      ]);
    },
  };
}
