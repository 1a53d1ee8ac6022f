/**
 * The facts of staffing. What rules need is read by SQL inside the gate's one statement; the rules themselves are the domain's
 * functions, the same by which reconcilers see and people are chosen. Parameters as in `finance.ts`.
 */
import { ConsentInput } from '../../../domains/staffing/calls.ts';
import { consentFacts, dutyFacts } from '../../../domains/staffing/judgments.ts';
import { JsonObject } from '../../../kernel/nouns.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { filesOf, filesSql } from '../staffing-files.ts';

const AROUND = 15; // days before and after: more than any run of days, and the weeks on both sides

/** Everybody named, everybody on the slot, and everybody whom a change that is permitted and not done concerns. */
export const dutyReadSql = (args: string, own: string): string => {
  const day = (path: string): string => `(${args}::jsonb ${path})::date`;
  const days = `${day(`->> 'day'`)}, ${day(`-> 'back' ->> 'day'`)}, ${day(`-> 'gives' ->> 'day'`)}`;
  return filesSql({
    own,
    from: `(least(${days}) - ${AROUND})`,
    until: `(greatest(${days}) + ${AROUND})`,
    people: `p.person in (${args}::jsonb ->> 'person', ${args}::jsonb ->> 'from', ${args}::jsonb ->> 'to', ${args}::jsonb ->> 'instead_of')
      or exists (select 1 from rota x where x.org = $1 and x.person = p.person and x.site = ${args}::jsonb ->> 'site' and x.day = ${day(`->> 'day'`)} and x.shift = ${args}::jsonb ->> 'shift')
      or exists (select 1 from pending w where p.person in (w.args ->> 'person', w.args ->> 'from', w.args ->> 'to'))`,
  });
};

export const dutyFactsSql = `select json_build_object('args', $2::jsonb, 'today', $4::date::text, 'read', ${dutyReadSql('$2', '$5')})`;

export const leaveFactsSql = `
select json_build_object(
  'undecided', coalesce(l.state = 'requested' and l.kind = 'leave', false),
  'days', coalesce(l.until_date - l.from_date + 1, 0),
  'over', coalesce(l.until_date < $4::date, false),
  'decided_by', case when 'staffing' <> all(coalesce(p.roles, '{}')) then 'staffing' when 'owner' <> all(p.roles) then 'owner' else 'nobody' end,
  'vouched', case when l.id is null then array[]::text[] else array['leave'] end)
from (select $2::jsonb ->> 'leave' id) a left join leave_request l on l.org = $1 and l.id = a.id left join person p on p.org = $1 and p.person = l.person`;

/** Locked before the facts are read: the people concerned, and the rota of the sites and weeks. */
export const rotaKeysSql = `
select k.kind, k.key, k.period from (select $1::text org, $2::jsonb args, $3::text agent, $4::date today) a
cross join lateral (values ('rota_person', a.args ->> 'person', ''), ('rota_person', a.args ->> 'from', ''), ('rota_person', a.args ->> 'to', ''),
  ('rota_week', a.args ->> 'site', date_trunc('week', (a.args ->> 'day')::date)::date::text),
  ('rota_week', a.args -> 'back' ->> 'site', date_trunc('week', (a.args -> 'back' ->> 'day')::date)::date::text)) k(kind, key, period)
where k.key is not null group by 1, 2, 3 order by 1, 2, 3`;

/** What was read, as the sheet's facts. */
export const dutyFactsOf = ({ args, today, read }: JsonObject): JsonObject => {
  const { frame, ...rota } = filesOf(read, LocalDate.parse(today));
  return JsonObject.parse({ ...dutyFacts(args, frame, rota), vouched: vouchedBy(args, rota.files) });
};

export const consentFactsOf = ({ args, today, read }: JsonObject): JsonObject => {
  const { frame, files } = filesOf(read, LocalDate.parse(today));
  return JsonObject.parse({ ...consentFacts(ConsentInput.parse(args), frame, files), vouched: vouchedBy(args, files) });
};

/** The staff register vouches for people, by the argument that names them. */
const vouchedBy = (args: unknown, files: ReturnType<typeof filesOf>['files']): readonly string[] =>
  Object.entries(JsonObject.parse(args)).flatMap(([name, value]) => (files.some(({ person, staff }) => person === value && staff !== null) ? [name] : []));
