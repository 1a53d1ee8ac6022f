/** Rows of the rota with its version and its calendar entries: they change together or not at all. */
import { spanOf, type Frame } from '../../domains/staffing/hours.ts';
import { slotKey, type Duty, type Slot } from '../../domains/staffing/records.ts';
import type { OrgId, ProposalId } from '../../kernel/ids.ts';
import { weekOf, instant, instantAt, type LocalTime } from '../../kernel/time.ts';
import { writeCalendar, type TimedEvent } from '../files/calendar-out.ts';
import type { Sql } from './client.ts';

/** People first, then sites and weeks, each in order: two that change the same wait for each other, and never in a circle. */
export async function lockRota(sql: Sql, org: OrgId, people: readonly string[], slots: readonly Slot[]): Promise<void> {
  await sql('select 1 from person where org = $1 and person = any($2) order by person for update', [org, people]);
  const keys = slots.map(({ site, day }) => ({ site, week: weekOf(day) }));
  await sql(
    `insert into rota_week (org, site, week, version) select $1, k.site, k.week, 0 from unnest($2::text[], $3::date[]) k(site, week) group by 2, 3 order by 2, 3 on conflict do nothing`,
    [org, keys.map(({ site }) => site), keys.map(({ week }) => week)],
  );
  await sql(
    `select 1 from rota_week w where w.org = $1 and (w.site, w.week) in (select * from unnest($2::text[], $3::date[])) order by w.site, w.week for update`,
    [org, keys.map(({ site }) => site), keys.map(({ week }) => week)],
  );
}

export interface Rewrite {
  readonly gives: readonly Duty[];
  readonly takes: readonly Duty[];
  readonly key: ProposalId;
  readonly now: LocalTime;
}

/** Call `lockRota` first. @returns the highest version that it made */
export async function rewriteRota(sql: Sql, org: OrgId, frame: Frame, { gives, takes, key, now }: Rewrite): Promise<number> {
  for (const { site, day, shift, person } of gives)
    await sql('delete from rota where org = $1 and site = $2 and day = $3 and shift = $4 and person = $5', [org, site, day, shift, person]);
  for (const { site, day, shift, person, skill } of takes)
    await sql('insert into rota (org, site, day, shift, person, skill) values ($1, $2, $3, $4, $5, $6)', [org, site, day, shift, person, skill]);
  const versions = await countUp(sql, org, [...gives, ...takes]);
  const at = instantAt(now.date, `${String(now.hour).padStart(2, '0')}:${String(now.minute).padStart(2, '0')}`, frame.zone);
  const entry = (duty: Duty, cancelled: boolean): TimedEvent[] => {
    const span = spanOf(frame, duty);
    const sequence = versions.get(`${duty.site}/${weekOf(duty.day)}`) ?? 0;
    if (!span) return [];
    const told = { uid: `${slotKey(duty)}/${duty.person}@charter`, summary: `${duty.shift} (${duty.skill})`, location: duty.site, at, sequence, cancelled };
    return [{ ...told, starts: instant(span.starts), ends: instant(span.ends) }];
  };
  for (const person of [...new Set([...gives, ...takes].map((duty) => duty.person))].sort()) {
    const own = (duties: readonly Duty[], cancelled: boolean) => duties.filter((duty) => duty.person === person).flatMap((duty) => entry(duty, cancelled));
    const text = writeCalendar([...own(gives, true), ...own(takes, false)]);
    await sql('insert into outbox_file (org, name, day, content) values ($1, $2, $3, $4)', [org, `rota-${person}-${key.slice(4, 14)}.ics`, now.date, text]);
  }
  return Math.max(0, ...versions.values());
}

export async function removeDuties(sql: Sql, org: OrgId, frame: Frame, gives: readonly Duty[], by: Pick<Rewrite, 'key' | 'now'>): Promise<void> {
  if (gives.length === 0) return;
  await lockRota(
    sql,
    org,
    gives.map(({ person }) => person),
    gives,
  );
  await rewriteRota(sql, org, frame, { gives, takes: [], ...by });
}

/** One more for each site and week that changes. */
export async function countUp(sql: Sql, org: OrgId, slots: readonly Pick<Slot, 'site' | 'day'>[]): Promise<ReadonlyMap<string, number>> {
  const weeks = new Map(slots.map(({ site, day }) => [`${site}/${weekOf(day)}`, { site, week: weekOf(day) }] as const));
  const versions = new Map<string, number>();
  for (const [key, { site, week }] of [...weeks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [row] = await sql<{ version: number }>(
      `insert into rota_week (org, site, week, version) values ($1, $2, $3, 1) on conflict (org, site, week) do update set version = rota_week.version + 1 returning version`,
      [org, site, week],
    );
    versions.set(key, row?.version ?? 0);
  }
  return versions;
}
