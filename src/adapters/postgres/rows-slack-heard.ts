/** Rows of what was heard in Slack, until it is known who said it. */
import type { KeptRow, SlackRows } from '../../activities/slack/ports.ts';
import { Digest } from '../../kernel/digest.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

interface KeptColumns {
  readonly event: string;
  readonly team: string;
  readonly slack_user: string;
  readonly channel: string;
  readonly thread: string;
  readonly ts: string;
  readonly direct: boolean;
  readonly body: string;
  readonly code: string | null;
}

const KEPT = 'event, team, slack_user, channel, thread, ts, direct, body, code';
const keptOf = ({ event, team, slack_user, channel, thread, ts, direct, body, code }: KeptColumns): KeptRow => ({
  ...{ event, team, channel, thread, ts, direct },
  user: slack_user,
  text: body,
  code: code === null ? null : Digest.parse(code),
});

// Of a thread one at a time, in Slack's order: whom a question speaks to may depend on the one before it.
const DUE = `
select event from slack_heard h where org = $1 and next_at <= $2 and not exists
  (select 1 from slack_heard e where e.org = h.org and e.channel = h.channel and e.thread = h.thread and (e.ts::numeric, e.event) < (h.ts::numeric, h.event))
order by heard_at, event limit $3 for update skip locked`;

export const keptRows = (org: OrgId, sql: Sql): Pick<SlackRows, 'keepHeard' | 'takeHeard' | 'settleHeard' | 'heardAgain'> => ({
  async keepHeard({ event, team, user, channel, thread, ts, direct, text, code }, at) {
    await sql(`insert into slack_heard (org, ${KEPT}, heard_at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`, [
      ...[org, event, team, user, channel, thread, ts, direct, text, code],
      at,
    ]);
  },
  async takeHeard(most, at, until) {
    const rows = await sql<KeptColumns & { readonly tries: number; readonly heard_at: Date }>(
      `with due as (${DUE}) update slack_heard h set next_at = $4, tries = tries + 1 from due where h.org = $1 and h.event = due.event
       returning ${KEPT.replace('event', 'h.event')}, tries, heard_at`,
      [org, at, most, until],
    );
    return rows.map((row) => ({ ...keptOf(row), tries: row.tries, at: instant(row.heard_at.getTime()) }));
  },
  async settleHeard(event) {
    const [row] = await sql<KeptColumns>(`delete from slack_heard where org = $1 and event = $2 returning ${KEPT}`, [org, event]);
    return row && keptOf(row);
  },
  async heardAgain(event, at) {
    await sql('update slack_heard set next_at = $3 where org = $1 and event = $2', [org, event, at]);
  },
});
