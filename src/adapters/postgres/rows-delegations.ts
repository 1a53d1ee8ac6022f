/** Rows of what was handed on to other runtimes, and of their calls that came to no proposal. */
import type { DelegationRows } from '../../activities/service/ports.ts';
import { Tier, Worker, type Delegation } from '../../kernel/delegation.ts';
import { AgentName, DelegationId, EventId, PersonId, TokenId, ToolName, type OrgId } from '../../kernel/ids.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { admissionRows } from './rows-admissions.ts';
import { notifiedRows } from './rows-notified.ts';

interface Columns {
  readonly id: string;
  readonly person: string;
  readonly credential: string;
  readonly agent: string;
  readonly worker: string;
  readonly parent: string | null;
  readonly path: readonly string[];
  readonly workers: readonly string[];
  readonly task: string;
  readonly tools: readonly string[] | null;
  readonly per_call: string | null;
  readonly per_day: string | null;
  readonly tier: string;
  readonly event: string;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly live: boolean;
}

/** $2: now, wall clock. A chain is live where each of its links is, and the token that it began with was not revoked. */
const DELEGATION = `
select d.*, not exists (select 1 from delegation l where l.org = d.org and l.id = any(d.path) and (l.revoked_at is not null or l.expires_at <= $2))
  and not exists (select 1 from token t where t.org = d.org and t.token = d.credential and t.revoked_at is not null)
  and exists (select 1 from person p where p.org = d.org and p.person = d.person and p.status = 'active') live
from delegation d where d.org = $1`;

const delegationOf = (org: OrgId, row: Columns): Delegation => ({
  id: DelegationId.parse(row.id),
  org,
  person: PersonId.parse(row.person),
  credential: TokenId.parse(row.credential),
  agent: AgentName.parse(row.agent),
  worker: Worker.parse(row.worker),
  parent: row.parent === null ? null : DelegationId.parse(row.parent),
  path: row.path.map((id) => DelegationId.parse(id)),
  workers: row.workers.map((worker) => Worker.parse(worker)),
  task: row.task,
  tools: row.tools?.map((tool) => ToolName.parse(tool)) ?? null,
  perCall: row.per_call === null ? null : Number(row.per_call),
  perDay: row.per_day === null ? null : Number(row.per_day),
  tier: Tier.parse(row.tier),
  event: EventId.parse(row.event),
  issuedAt: instant(row.issued_at.getTime()),
  expiresAt: instant(row.expires_at.getTime()),
  live: row.live,
});

/** @param now milliseconds since 1970, wall clock */
export function delegationRows(org: OrgId, sql: Sql, now: () => number): DelegationRows {
  const one = async (where: string, value: string): Promise<Delegation | undefined> => {
    const [row] = await sql<Columns>(`${DELEGATION} and ${where}`, [org, new Date(now()), value]);
    return row && delegationOf(org, row);
  };
  return {
    ...admissionRows(org, sql),
    ...notifiedRows(org, sql),
    bySecret: (secretDigest) => one('d.secret_digest = $3', secretDigest),
    delegation: (id) => one('d.id = $3', id),
    async add(d, secretDigest) {
      await sql(
        `insert into delegation (org, id, secret_digest, person, credential, agent, worker, parent, path, workers, task, tools, per_call, per_day, tier, event,
           issued_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
        [
          ...[org, d.id, secretDigest, d.person, d.credential, d.agent, d.worker, d.parent, d.path, d.workers, d.task, d.tools],
          d.perCall,
          d.perDay,
          d.tier,
          ...[d.event, d.issuedAt, d.expiresAt],
        ],
      );
    },
    async end(id, at) {
      const rows = await sql<{ id: string }>(
        'update delegation set revoked_at = $3 where org = $1 and path @> array[$2::text] and revoked_at is null returning id',
        [org, id, at],
      );
      return rows.map((row) => DelegationId.parse(row.id));
    },
    async liveFrom(parent, credential, at) {
      const [row] = await sql<{ n: number }>(
        `select count(*)::int n from delegation where org = $1 and parent is not distinct from $2 and credential = $3 and revoked_at is null and expires_at > $4`,
        [org, parent, credential, at],
      );
      return row?.n ?? 0;
    },
    async path(ask) {
      const [row] = await sql<{ path: string[] }>(
        'select d.path from ask a join delegation d on d.org = a.org and d.id = a.delegation where a.org = $1 and a.id = $2',
        [org, ask],
      );
      return row?.path.map((id) => DelegationId.parse(id)) ?? [];
    },
    async handOver(proposal, at) {
      await sql('insert into handed_call (org, proposal, at) values ($1, $2, $3) on conflict (org, proposal) do update set at = excluded.at', [
        org,
        proposal,
        at,
      ]);
    },
    fetched: async (proposal) =>
      (await sql('update handed_call set fetched = true where org = $1 and proposal = $2 and not fetched returning proposal', [org, proposal])).length === 1,
    async addCall(call, at) {
      await sql(
        `insert into service_call (org, event, at, kind, person, agent, delegation, tool, verdict, why, articles, trace)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [org, call.event, at, call.kind, call.person, call.agent, call.delegation, call.tool, call.verdict, call.why.join('; '), call.articles, call.trace],
      );
    },
    async refusedSince(person, at) {
      const [row] = await sql<{ n: number }>(
        `select count(*)::int n from service_call where org = $1 and kind = 'refused' and person is not distinct from $3 and at > $2`,
        [org, at, person],
      );
      return row?.n ?? 0;
    },
  };
}
