/** Everything that a rule may ask, read in one statement: the gate's facts, the reads and the effects all come here. */
import { z } from 'zod';
import { changing } from '../../domains/staffing/calls.ts';
import { applied } from '../../domains/staffing/changes.ts';
import type { Frame } from '../../domains/staffing/hours.ts';
import type { Rota } from '../../domains/staffing/judgments.ts';
import { PersonFile, Site } from '../../domains/staffing/records.ts';
import { StaffingSettings } from '../../domains/staffing/settings.ts';
import { addDays, instant, LocalDate, localTime } from '../../kernel/time.ts';
import { occurrences } from '../files/calendar-occurrences.ts';

/** SQL expressions. */
interface Wanted {
  readonly people: string; // of `person p`
  readonly from: string;
  readonly until: string;
  readonly own: string; // a proposal whose change is not yet in it
}

const PENDING = (own: string): string => `select q.id, q.args from proposal q where q.org = $1 and q.id <> ${own} and q.outcome is null
  and q.tool in ('staffing.assign_shift', 'staffing.swap_shift')
  and exists (select 1 from reservation r where r.org = q.org and r.proposal = q.id and r.state in ('reserved', 'spent'))`;

const list = (what: string, from: string, order: string): string => `(select coalesce(json_agg(${what} order by ${order}), '[]') from ${from})`;
const within = ({ from, until }: Wanted, column: string): string => `${column} between ${from} and ${until}`;

/** One JSON object. $1 is the organization. */
export const filesSql = (wanted: Wanted): string => `(with pending as (${PENDING(wanted.own)})
select json_build_object('zone', o.zone, 'settings', coalesce(o.document -> 'staffing', '{}'), 'from', (${wanted.from})::text, 'until', (${wanted.until})::text,
  'files', ${list(
    `json_build_object('person', p.person, 'active', p.status = 'active', 'staff', (select s.document from staff s where s.org = p.org and s.person = p.person),
    'duties', ${list(`json_build_object('person', r.person, 'site', r.site, 'day', r.day::text, 'shift', r.shift, 'skill', r.skill)`, `rota r where r.org = p.org and r.person = p.person and ${within(wanted, 'r.day')}`, 'r.day, r.site, r.shift')},
    'certificates', ${list(`json_build_object('id', c.id, 'person', c.person, 'certificate', c.certificate, 'from', c.from_date::text, 'until', c.until_date::text)`, 'certificate c where c.org = p.org and c.person = p.person', 'c.id')},
    'away', ${list(`json_build_object('from', l.from_date::text, 'until', l.until_date::text)`, `leave_request l where l.org = p.org and l.person = p.person and l.state = 'granted' and l.from_date <= ${wanted.until} and l.until_date >= ${wanted.from}`, 'l.from_date, l.id')},
    'consents', ${list(`json_build_object('key', n.key, 'person', n.person, 'site', n.site, 'day', n.day::text, 'shift', n.shift, 'gives', n.gives, 'answerBy', n.answer_by::text, 'state', n.state)`, `consent n where n.org = p.org and n.person = p.person and ${within(wanted, 'n.day')}`, 'n.key')})`,
    `person p where p.org = $1 and (${wanted.people})`,
    'p.person',
  )},
  'events', ${list(
    `json_build_object('uid', e.uid, 'recurrence', e.recurrence, 'calendar', e.calendar, 'starts', extract(epoch from e.starts) * 1000, 'ends', extract(epoch from e.ends) * 1000, 'allDay', e.all_day, 'rule', e.rule, 'cancelled', e.status = 'cancelled')`,
    `calendar_event e where e.org = $1 and (e.rule is not null or e.recurrence <> '' or (e.starts < ${wanted.until} + 2 and e.ends > ${wanted.from} - 1))
       and (exists (select 1 from person p where p.org = $1 and p.person = e.calendar and (${wanted.people}))
         or exists (select 1 from jsonb_array_elements(coalesce(o.document -> 'staffing' -> 'shifts', '[]')) s where s ->> 'site' = e.calendar))`,
    'e.uid, e.recurrence',
  )},
  'pending', ${list('args', 'pending', 'id')}) found
from organization o where o.org = $1)`;

const Read = z.object({
  zone: z.string(),
  settings: StaffingSettings,
  from: LocalDate,
  until: LocalDate,
  files: z.array(PersonFile.omit({ busy: true })),
  events: z.array(
    z
      .strictObject({
        uid: z.string(),
        recurrence: z.string(),
        calendar: z.string(),
        starts: z.number().transform(instant),
        ends: z.number().transform(instant),
        allDay: z.boolean(),
        rule: z.string().nullable(),
        cancelled: z.boolean(),
      })
      .readonly(),
  ),
  pending: z.array(z.unknown()), // arguments of what is permitted and not yet done
});

export interface Known extends Rota {
  readonly frame: Frame;
}

/** Of something that takes whole days: its end is the day after its last one (RFC 5545 section 3.6.1). */
function daysOf(starts: LocalDate, ends: LocalDate, within: { readonly from: LocalDate; readonly until: LocalDate }): readonly LocalDate[] {
  const days: LocalDate[] = [];
  const last = addDays(ends, -1) < starts ? starts : addDays(ends, -1);
  for (let day = starts < within.from ? within.from : starts; day <= last && day <= within.until; day = addDays(day, 1)) days.push(day);
  return days;
}

/** @throws ZodError where something that rules need is missing or of another kind */
export function filesOf(found: unknown, today: LocalDate): Known {
  const { zone, settings, from, until, files, events, pending } = Read.parse(found);
  const told = occurrences(events, zone, from, until);
  const withCalendars = files.map((file) => ({
    ...file,
    busy: told.filter(({ calendar }) => calendar === file.person).map(({ starts, ends }) => ({ starts, ends })),
  }));
  const sites = new Set<string>(settings.shifts.map(({ site }) => site));
  const closed = told
    .filter(({ calendar, allDay }) => allDay && sites.has(calendar))
    .flatMap(({ calendar, starts, ends }) =>
      daysOf(localTime(starts, zone).date, localTime(ends, zone).date, { from, until }).map((day) => ({ site: Site.parse(calendar), day })),
    );
  return { frame: { settings, zone, today }, rows: withCalendars, files: applied(withCalendars, pending.map(changing)), closed };
}
