/** Who files a record, on which day; and whether it is among an organization's first ones, which are believed of their own age. */
import type { Digest } from '../../kernel/digest.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { instant, localTime, millis, type Instant } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import type { Filing } from './domain.ts';

/** Of a file that is about to be filed. What a person hands in is never base: that was there before anybody spoke. */
export async function filingOf(sql: Sql, org: OrgId, digest: Digest, at: Instant): Promise<Filing> {
  const [row] = await sql<{ zone: string; offset: string; by: string | null; based: boolean }>(
    `select o.zone, o.clock_offset_ms::text "offset", (select h.by_whom from file_handed h where h.org = $1 and h.digest = $2) "by",
       exists (select 1 from record_base b where b.org = $1) based from organization o where o.org = $1`,
    [org, digest],
  );
  const day = localTime(instant(millis(at) + Number(row?.offset ?? 0)), row?.zone ?? 'UTC').date;
  return { by: row?.by ?? 'folder', base: row?.based === false && row.by === null, day };
}

/** Whether a person handed it in; what lay in the folder is the word of whoever runs the installation. */
export const byPerson = ({ by }: Pick<Filing, 'by'>): boolean => by !== 'folder' && by !== 'operator';

/** From here on no record says its own age; unless none came in so far. @returns whether it is so */
export async function endBase(sql: Sql, org: OrgId, at: Instant): Promise<boolean> {
  const rows = await sql(
    `insert into record_base (org, ended_at) select $1, $2::timestamptz where exists (select 1 from record_file f where f.org = $1)
     on conflict (org) do update set ended_at = record_base.ended_at returning org`,
    [org, at],
  );
  return rows.length === 1;
}
