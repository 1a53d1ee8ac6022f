/** Which files are on file, and what became of each; and the events of calendars. */
import type { Digest } from '../../kernel/digest.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { CalendarEvent } from '../files/calendar.ts';
import type { Mapping } from '../files/table.ts';
import type { Sql } from './client.ts';

export interface FileNote {
  readonly digest: Digest;
  readonly name: string;
  readonly kind: string;
  readonly bytes: Uint8Array; // kept only where the file waits for its fields
  readonly at: Instant;
  readonly state: 'filed' | 'set_aside' | 'asks';
  readonly reason: string;
  readonly mapping: Mapping | null;
}

/** False where these very bytes are on file. */
export async function noteFile(sql: Sql, org: OrgId, file: FileNote): Promise<boolean> {
  const rows = await sql(
    `insert into record_file (org, digest, name, kind, state, reason, filed_at, mapping, content) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing returning digest`,
    [
      org,
      file.digest,
      file.name,
      file.kind,
      file.state,
      file.reason,
      file.at,
      file.mapping === null ? null : JSON.stringify(file.mapping),
      file.state === 'asks' ? Buffer.from(file.bytes) : null,
    ],
  );
  return rows.length === 1;
}

export async function isOnFile(sql: Sql, org: OrgId, digest: Digest): Promise<boolean> {
  return (await sql('select 1 from record_file where org = $1 and digest = $2', [org, digest])).length === 1;
}

/** An event as it was last told: RFC 5546 lets the higher sequence replace the lower. */
export async function fileEvent(sql: Sql, org: OrgId, event: CalendarEvent, source: Digest): Promise<void> {
  await sql(
    `insert into calendar_event (org, uid, recurrence, calendar, summary, category, starts, ends, all_day, rule, attendees, sequence, status, source)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (org, uid, recurrence) do update set calendar = excluded.calendar, summary = excluded.summary, category = excluded.category, starts = excluded.starts,
       ends = excluded.ends, all_day = excluded.all_day, rule = excluded.rule, attendees = excluded.attendees, sequence = excluded.sequence, status = excluded.status,
       source = excluded.source where excluded.sequence >= calendar_event.sequence`,
    [
      org,
      event.uid,
      event.recurrence,
      event.calendar,
      event.summary,
      event.category,
      event.starts,
      event.ends,
      event.allDay,
      event.rule,
      event.attendees,
      event.sequence,
      event.status,
      source,
    ],
  );
}
