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

/** What became of a file; of one that was set aside and is judged again, what became of it now. */
export async function noteFile(sql: Sql, org: OrgId, file: FileNote): Promise<void> {
  await sql(
    `insert into record_file (org, digest, name, kind, state, reason, filed_at, mapping, content, filed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce((select h.by_whom from file_handed h where h.org = $1 and h.digest = $2), 'folder'))
     on conflict (org, digest) do update set state = excluded.state, reason = excluded.reason, filed_at = excluded.filed_at, mapping = excluded.mapping,
       content = excluded.content, filed_by = excluded.filed_by, tries = record_file.tries + 1 where record_file.state = 'set_aside'`,
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
  await sql('update file_handed set again = false where org = $1 and digest = $2 and again', [org, file.digest]);
}

/**
 * Keeps who hands a file in, before it is filed. Whoever hands in the same bytes later does not change it, unless they were set
 * aside: then they are judged again, as that person's.
 */
export async function noteHanded(sql: Sql, org: OrgId, digest: Digest, by: string, at: Instant): Promise<void> {
  await sql(
    `insert into file_handed (org, digest, by_whom, at, again) values ($1, $2, $3, $4, exists (select 1 from record_file f where f.org = $1 and f.digest = $2 and f.state = 'set_aside'))
     on conflict (org, digest) do update set by_whom = excluded.by_whom, at = excluded.at, again = true where excluded.again`,
    [org, digest, by, at],
  );
}

/** What was set aside and speaks of suppliers or orders is judged again: the one that it lacked may be there now. Whose file it is stays. */
export async function lookAgain(sql: Sql, org: OrgId, at: Instant): Promise<void> {
  await sql(
    `insert into file_handed (org, digest, by_whom, at, again)
     select f.org, f.digest, f.filed_by, $2, true from record_file f where f.org = $1 and f.state = 'set_aside' and f.kind in ('ubl_invoice', 'ubl_order', 'ubl_receipt_advice')
     on conflict (org, digest) do update set again = true`,
    [org, at],
  );
}

/** Files that were set aside and are to be judged again. */
export async function handedAgain(sql: Sql, org: OrgId): Promise<readonly string[]> {
  return (await sql<{ digest: string }>('select digest from file_handed where org = $1 and again limit 1000', [org])).map(({ digest }) => digest);
}

export async function filedBy(sql: Sql, org: OrgId, digest: Digest): Promise<{ readonly by: string; readonly tries: number }> {
  const [row] = await sql<{ by: string; tries: number }>('select filed_by "by", tries from record_file where org = $1 and digest = $2', [org, digest]);
  return row ?? { by: 'folder', tries: 1 };
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

/** Whether a file is to be judged: it is not on file, or was set aside and handed in again. */
export async function awaitsFiling(sql: Sql, org: OrgId, digest: Digest): Promise<boolean> {
  const [row] = await sql<{ again: boolean }>(
    `select f.state = 'set_aside' and coalesce((select h.again from file_handed h where h.org = $1 and h.digest = $2), false) again
     from record_file f where f.org = $1 and f.digest = $2`,
    [org, digest],
  );
  return row?.again ?? true;
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
