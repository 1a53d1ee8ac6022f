/** Rows of calls that were let in, and what the organization says about how many may be. */
import { z } from 'zod';
import type { AdmissionRows } from '../../activities/service/ports.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { ServiceTerms } from '../../kernel/service-terms.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const Terms = z.object({ service: ServiceTerms.nullable() });

/** $2: since when, $3: person, tier or tool, $4: which of them, $5: how many newer ones are passed over. */
const ADMITTED = `
select c.at from (
  select a.at from admitted_call a left join proposal p on p.org = a.org and p.id = a.proposal
    where a.org = $1 and a.at > $2 and case $3 when 'person' then a.person when 'tier' then a.tier else a.tool end = $4
      and not a.denied and p.outcome is distinct from 'denied'
  union all
  select q.created_at from proposal q join ask k on k.org = q.org and k.id = q.ask
    where $3 = 'person' and q.org = $1 and q.on_behalf_of = $4 and q.created_at > $2 and k.delegation is null and q.outcome is distinct from 'denied'
) c order by c.at desc offset $5 limit 1`;

export const admissionRows = (org: OrgId, sql: Sql): AdmissionRows => ({
  async terms() {
    const [row] = await sql(`select nullif(document -> 'service', 'null') service from organization where org = $1`, [org]);
    return row === undefined ? undefined : (Terms.parse(row).service ?? undefined);
  },
  wasAdmitted: async (id) => (await sql('select 1 from admitted_call where org = $1 and id = $2', [org, id])).length === 1,
  async admit({ id, person, tier, tool }, at) {
    await sql('insert into admitted_call (org, id, at, person, tier, tool) values ($1, $2, $3, $4, $5, $6)', [org, id, at, person, tier, tool]);
  },
  async uncount(id) {
    await sql('update admitted_call set denied = true where org = $1 and id = $2', [org, id]);
  },
  async admittedAs(id, proposal) {
    await sql('update admitted_call set proposal = $3 where org = $1 and id = $2', [org, id, proposal]);
  },
  async admittedAt(kind, of, since, rank) {
    const [row] = await sql<{ at: Date }>(ADMITTED, [org, since, kind, of, rank - 1]);
    return row && instant(row.at.getTime());
  },
  forgetAdmitted: async (before) => (await sql('delete from admitted_call where org = $1 and at < $2 returning id', [org, before])).length,
});
