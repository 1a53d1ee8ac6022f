/** Rows of actions whose callers are sent word. */
import type { NotifiedRows } from '../../activities/service/ports.ts';
import { DelegationId, ProposalId, type OrgId } from '../../kernel/ids.ts';
import type { Sql } from './client.ts';

interface Columns {
  readonly proposal: string;
  readonly delegation: string;
  readonly url: string;
  readonly told: string | null;
  readonly tries: number;
}

export const notifiedRows = (org: OrgId, sql: Sql): NotifiedRows => ({
  async notify(proposal, delegation, url, at) {
    await sql('insert into notified_action (org, proposal, delegation, url, next_at) values ($1, $2, $3, $4, $5) on conflict do nothing', [
      org,
      proposal,
      delegation,
      url,
      at,
    ]);
  },
  async notifiedDue(now, most) {
    const rows = await sql<Columns>(
      'select proposal, delegation, url, told, tries from notified_action where org = $1 and ended is null and next_at <= $2 order by next_at, proposal limit $3',
      [org, now, most],
    );
    return rows.map((row) => ({ ...row, proposal: ProposalId.parse(row.proposal), delegation: DelegationId.parse(row.delegation) }));
  },
  async keepNotified(proposal, { told, tries, nextAt, ended }) {
    await sql('update notified_action set told = $3, tries = $4, next_at = $5, ended = $6 where org = $1 and proposal = $2', [
      org,
      proposal,
      told,
      tries,
      nextAt,
      ended,
    ]);
  },
});
