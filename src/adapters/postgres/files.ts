/** Which files are on file, and what became of each; and the events of calendars. */
import { z } from 'zod';
import type { RecordOnFile } from '../../activities/housekeeping.ts';
import { Digest } from '../../kernel/digest.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { instant, type Instant } from '../../kernel/time.ts';
import type { CalendarEvent } from '../files/calendar.ts';
import { Mapping } from '../files/table.ts';
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
    `insert into record_file (org, digest, name, kind, state, reason, filed_at, mapping, content, filed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce((select h.by_whom from file_handed h where h.org = $1 and h.digest = $2), 'folder'))
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

/** Keeps who hands a file in, before it is filed; whoever hands in the same bytes later does not change it. */
export async function noteHanded(sql: Sql, org: OrgId, digest: Digest, by: string, at: Instant): Promise<void> {
  await sql('insert into file_handed (org, digest, by_whom, at) values ($1, $2, $3, $4) on conflict do nothing', [org, digest, by, at]);
}

export async function filedBy(sql: Sql, org: OrgId, digest: Digest): Promise<string> {
  const [row] = await sql<{ filed_by: string }>('select filed_by from record_file where org = $1 and digest = $2', [org, digest]);
  return row?.filed_by ?? 'folder';
}

const OnFile = z.object({
  digest: Digest,
  name: z.string(),
  kind: z.string(),
  state: z.enum(['filed', 'set_aside', 'asks']),
  reason: z.string(),
  mapping: Mapping.nullable(),
  filed_at: z.date(),
  filed_by: z.string(),
});

/** The newest 500. @param digest the beginning of one, or empty */
export async function recordsOnFile(sql: Sql, org: OrgId, digest: string): Promise<readonly RecordOnFile[]> {
  const rows = await sql(
    `select digest, name, kind, state, reason, mapping, filed_at, filed_by from record_file where org = $1 and starts_with(digest, $2) order by filed_at desc, name limit 500`,
    [org, digest],
  );
  return rows.map((raw) => {
    const { filed_at, filed_by, ...row } = OnFile.parse(raw);
    return { ...row, filedAt: instant(filed_at.getTime()), filedBy: filed_by };
  });
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
