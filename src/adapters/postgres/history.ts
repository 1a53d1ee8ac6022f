/** Reading the log back: the causes above an event, opened with the subjects' keys. */
import { GROUPS, type Group } from '../../kernel/events.ts';
import { EventId, type OrgId } from '../../kernel/ids.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

const DEEPEST = 64; // hops; a chain from trigger to statement line has about twelve
const MOST = 500; // events of one answer
const LEAST_OF_AN_ID = 14; // characters: fewer fit several events by chance

/** An event as stored, its groups still sealed. */
export interface StoredEvent {
  readonly id: EventId;
  readonly type: string;
  readonly leaf: string; // hexadecimal
  readonly causes: readonly EventId[];
  readonly correlation: string;
  readonly wall: ReturnType<typeof instant>;
  readonly business: ReturnType<typeof instant>;
  readonly groups: readonly { readonly name: Group; readonly subject: string; readonly sealed: Uint8Array }[];
}

const CHAIN = `
with recursive up(id, depth) as (
  select unnest($2::text[]), 0
  union
  select c.cause, up.depth + 1 from up join event_cause c on c.org = $1 and c.effect = up.id where up.depth < $3
), ids as (select distinct id from up limit $4)
select e.id, e.type, encode(e.leaf, 'hex') leaf, e.correlation, e.wall, e.business,
  coalesce((select array_agg(c.cause order by c.cause) from event_cause c where c.org = $1 and c.effect = e.id), '{}') causes,
  coalesce((select json_agg(json_build_object('name', g.name, 'subject', g.subject, 'sealed', encode(g.sealed, 'base64'))) from event_group g where g.org = $1 and g.event = e.id), '[]') groups
from ids join event e on e.org = $1 and e.id = ids.id`;

/** The events themselves and everything above them. */
export async function causesAbove(sql: Sql, org: OrgId, ids: readonly EventId[]): Promise<readonly StoredEvent[]> {
  const rows = await sql<{
    id: string;
    type: string;
    leaf: string;
    correlation: string;
    wall: Date;
    business: Date;
    causes: string[];
    groups: { name: string; subject: string; sealed: string }[];
  }>(CHAIN, [org, ids, DEEPEST, MOST]);
  return rows.map((row) => ({
    id: EventId.parse(row.id),
    type: row.type,
    leaf: row.leaf,
    correlation: row.correlation,
    causes: row.causes.map((cause) => EventId.parse(cause)),
    wall: instant(row.wall.getTime()),
    business: instant(row.business.getTime()),
    groups: row.groups.flatMap(({ name, subject, sealed }) => {
      const group = GROUPS.find((known) => known === name);
      return group ? [{ name: group, subject, sealed: Buffer.from(sealed, 'base64') }] : [];
    }),
  }));
}

/** At most two. */
export async function eventsBeginning(sql: Sql, org: OrgId, id: string): Promise<readonly EventId[]> {
  if (id.length < LEAST_OF_AN_ID) return [];
  return (await sql<{ id: string }>('select id from event where org = $1 and starts_with(id, $2) order by id limit 2', [org, id])).map((row) =>
    EventId.parse(row.id),
  );
}

/**
 * The newest events of something that a person can name: an event, a proposal, an amendment, an invoice, a bank's reference; `organization`. Of a task that was
 * called wrong also what came of that.
 * Ids of ours may be cut short, as long as one thing fits.
 */
export async function eventsNamed(sql: Sql, org: OrgId, name: string): Promise<readonly EventId[]> {
  const rows = await sql<{ event: string }>(
    `(select e.id event from event e where e.org = $1 and ((length($2) >= ${LEAST_OF_AN_ID} and starts_with(e.id, $2)) or ($2 ~ '^[0-9a-f]{6,64}$' and starts_with(e.correlation, 'file/' || left($2, 16)))
       or (starts_with($2, 'amd-') and starts_with(e.correlation, $2)) or ($2 = 'organization' and e.correlation = $2))
     order by e.position desc limit 20)
     union all (
       select coalesce(pay.event, closed.effect, r.event, d.event, p.event) from proposal p
       left join payment m on m.org = p.org and m.key = p.id
       left join lateral (select e.id event from event e join event_cause c on c.org = e.org and c.effect = e.id
                          where e.org = p.org and e.type in ('payment.settled', 'payment.rejected', 'payment.sent', 'payment.withdrawn') and e.correlation = p.ask
                          order by e.position desc limit 1) pay on true
       left join receipt r on r.org = p.org and r.proposal = p.id
       left join lateral (select c.effect from event_cause c join event e on e.org = c.org and e.id = c.effect
                          where c.org = p.org and c.cause = p.event and e.type = 'proposal.closed' limit 1) closed on true
       left join lateral (select d.event from decision d where d.org = p.org and d.proposal = p.id order by d.round desc limit 1) d on true
       where p.org = $1 and (starts_with(p.id, $2) or m.invoice = $2
         or exists (select 1 from statement_line l where l.org = p.org and l.reference = $2 and l.end_to_end_id = p.id)
         or (m.key is null and exists (select 1 from jsonb_each_text(p.args) a where a.value = $2)))
       order by p.created_at desc)
     union all (
       select coalesce(r.ended, closed.effect, r.event) from rollback_step s join rollback r on r.org = s.org and r.id = s.rollback
       left join proposal q on q.org = s.org and q.id = s.compensation
       left join lateral (select c.effect from event_cause c join event e on e.org = c.org and e.id = c.effect
                          where c.org = q.org and c.cause = q.event and e.type = 'proposal.closed' limit 1) closed on true
       where s.org = $1 and starts_with(s.proposal, $2) and $2 <> '' order by r.at desc limit 5)
     limit 20`,
    [org, name],
  );
  return [...new Set(rows.map((row) => EventId.parse(row.event)))];
}
