/** Staffing's ports on PostgreSQL. */
import { z } from 'zod';
import { effectOf, toTell } from '../../domains/staffing/changes.ts';
import type { Frame } from '../../domains/staffing/hours.ts';
import { StaffingError, type StaffingReads, type StaffingWrites } from '../../domains/staffing/ports.ts';
import { Leave } from '../../domains/staffing/records.ts';
import { measuresOf } from '../../domains/staffing/judgments.ts';
import { brokenBy, Measures, stillHolds } from '../../domains/staffing/rules.ts';
import { StaffingSettings } from '../../domains/staffing/settings.ts';
import type { OrgId, ProposalId } from '../../kernel/ids.ts';
import { weekOf, addDays, type LocalDate, type LocalTime } from '../../kernel/time.ts';
import type { Sql } from './client.ts';
import { dutyReadSql } from './facts/staffing.ts';
import { filesOf, filesSql, type Known } from './staffing-files.ts';
import { lockRota, removeDuties, rewriteRota } from './staffing-rota.ts';
import { keepTold } from './staffing-told.ts';

const LEAVE = `select json_build_object('id', id, 'person', person, 'kind', kind, 'from', from_date::text, 'until', until_date::text, 'requestedOn', requested_on::text, 'state', state) found from leave_request`;
const Found = z.object({ found: z.unknown() });

/** @param own a proposal whose own change is not in it, or empty */
async function everybody(sql: Sql, org: OrgId, from: LocalDate, until: LocalDate, today: LocalDate, own: string): Promise<Known> {
  const [row] = await sql(`select ${filesSql({ people: 'true', from: '$2::date', until: '$3::date', own: '$4' })} found`, [org, from, until, own]);
  return filesOf(Found.parse(row).found, today);
}

export function staffingReads(sql: Sql, org: OrgId): StaffingReads {
  return {
    async frame(today): Promise<Frame> {
      const [row] = await sql<{ zone: string; settings: unknown }>(
        `select zone, coalesce(document -> 'staffing', '{}') settings from organization where org = $1`,
        [org],
      );
      return { zone: row?.zone ?? 'UTC', settings: StaffingSettings.parse(row?.settings ?? {}), today };
    },
    files: async (from, until) => (await everybody(sql, org, from, until, from, '')).files.filter(({ staff, duties }) => staff !== null || duties.length > 0),
    closed: async (from, until) => (await everybody(sql, org, from, until, from, '')).closed,
    leave: async () =>
      (await sql<{ found: unknown }>(`${LEAVE} where org = $1 and kind = 'leave' order by state <> 'requested', requested_on, id limit 2000`, [org])).map(
        ({ found }) => Leave.parse(found),
      ),
    async version(site, day) {
      const [row] = await sql<{ version: number }>('select version from rota_week where org = $1 and site = $2 and week = $3', [org, site, weekOf(day)]);
      return row?.version ?? 0;
    },
  };
}

/** @param now business clock in the organization's zone */
export function staffingWrites(sql: Sql, org: OrgId, now: LocalTime): StaffingWrites {
  return {
    async change(change, args, key) {
      const [known] = await sql<{ version: number }>('select version from rota_change where org = $1 and key = $2', [org, key]);
      if (known) return known;
      const slots = change.kind === 'assign' ? [change.duty] : [change.slot, ...(change.back ? [change.back] : [])];
      await lockRota(sql, org, change.kind === 'assign' ? [change.duty.person] : [change.from, change.to], slots);
      const { frame, rows } = await asJudged(sql, org, args, key, now.date);
      const effect = effectOf(change, rows);
      const version = await rewriteRota(sql, org, frame, { gives: effect.gives, takes: effect.takes.map(({ duty }) => duty), key, now });
      await sql('insert into rota_change (org, key, version) values ($1, $2, $3)', [org, key, version]);
      await keepTold(sql, org, key, toTell(effect, rows, now.date), now.date);
      return { version };
    },
    async askConsent({ person, slot, gives, insteadOf, key }) {
      const { settings } = await staffingReads(sql, org).frame(now.date);
      const soonest = addDays(now.date, settings.consent.answer_days);
      const answerBy = soonest < slot.day ? soonest : slot.day;
      await sql(
        `insert into consent (org, key, person, site, day, shift, gives, instead_of, answer_by, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked') on conflict do nothing`,
        [org, key, person, slot.site, slot.day, slot.shift, gives && JSON.stringify(gives), insteadOf, answerBy],
      );
      const own = await sql('select 1 from consent where org = $1 and key = $2', [org, key]);
      if (own.length === 0) throw new StaffingError('already_asked', `\`${person}\` was asked about that shift before; nobody was asked again.`);
      return answerBy;
    },
    async decideLeave(leave, grant, reason, key) {
      const [row] = await sql<{ found: unknown }>(`${LEAVE} where org = $1 and id = $2 for update`, [org, leave]);
      const request = row && Leave.parse(row.found);
      if (request?.state !== 'requested') throw new StaffingError('leave_decided', `\`${leave}\` waits for no decision any more; nothing was done.`);
      const { from, until, person } = request;
      await lockRota(sql, org, [person], []); // nobody puts them on a shift meanwhile
      await sql('update leave_request set state = $3, key = $4, reason = $5 where org = $1 and id = $2', [
        org,
        leave,
        grant ? 'granted' : 'refused',
        key,
        reason,
      ]);
      if (!grant) return { takenOff: 0 };
      const { frame, rows } = await everybody(sql, org, from, until, now.date, key);
      const off = rows.flatMap(({ duties }) => duties).filter((duty) => duty.person === person && duty.day >= now.date);
      await removeDuties(sql, org, frame, off, { key, now });
      return { takenOff: off.length };
    },
  };
}

/**
 * The rota as it stands, where what was permitted may still be done; people and weeks are locked, so it stays so. What is permitted
 * elsewhere and not done does not count: it is held against the rota in its own turn, so at every moment what is written keeps the rules.
 * @throws StaffingError `rota_changed`
 */
async function asJudged(sql: Sql, org: OrgId, args: object, key: ProposalId, today: LocalDate): Promise<Known> {
  const [row] = await sql(
    `select ${dutyReadSql('$2', '$3')} found, (select d.facts -> 'duty' from decision d where d.org = $1 and d.proposal = $3 order by d.round desc limit 1) judged`,
    [org, JSON.stringify(args), key],
  );
  const { found, judged } = z.object({ found: z.unknown(), judged: Measures }).parse(row);
  const known = filesOf(found, today);
  const now = measuresOf(args, known.frame, known.rows, known.closed);
  if (!stillHolds(judged, now)) {
    const why = brokenBy(now).map((rule) => rule.says(now));
    throw new StaffingError(
      'rota_changed',
      `The rota, or what holds of the people in it, changed since this was judged (${why.join('; ')}); nothing was done.`,
    );
  }
  return known;
}

/** What the records say beside a card's values. */
export async function staffingContext(sql: Sql, org: OrgId, args: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>> {
  const named = [args['person'], args['from'], args['to'], args['instead_of'], args['leave'], args['site'], args['day'], args['shift']];
  const [row] = await sql<Record<string, string | null>>(
    `select (select p.name from person p where p.org = $1 and p.person = $2) "person", (select p.name from person p where p.org = $1 and p.person = $3) "from",
       (select p.name from person p where p.org = $1 and p.person = $4) "to", (select p.name from person p where p.org = $1 and p.person = $5) "insteadOf",
       (select p.name from leave_request l join person p on p.org = l.org and p.person = l.person where l.org = $1 and l.id = $6) "leaveOf",
       (select concat_ws(' to ', l.from_date, nullif(l.until_date, l.from_date)) from leave_request l where l.org = $1 and l.id = $6) "leaveDays",
       (select string_agg(r.day || ' ' || r.shift || ' at ' || r.site, ', ' order by r.day, r.shift) from leave_request l join rota r on r.org = l.org and r.person = l.person
          and r.day between l.from_date and l.until_date where l.org = $1 and l.id = $6) "takenOff",
       (select string_agg(p.name, ', ' order by p.name) from rota r join person p on p.org = r.org and p.person = r.person where r.org = $1 and r.site = $7 and r.day::text = $8 and r.shift = $9) "onShift"`,
    [org, ...named.map((value) => (typeof value === 'string' ? value : null))],
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
