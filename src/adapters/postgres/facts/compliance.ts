/** The facts of compliance, as SQL inside the gate's one statement. Parameters as in `finance.ts`. */

export const taskFactsSql = `
select json_build_object(
  'obligation_known', o.id is not null,
  'person_active', exists (select 1 from person p where p.org = $1 and p.person = a.person and p.status = 'active'),
  'task_open', exists (select 1 from task t where t.org = $1 and t.obligation = a.id and t.done is null and t.key <> $5),
  'vouched', array_remove(array[
    case when o.id is not null then 'obligation' end,
    case when exists (select 1 from person p where p.org = $1 and p.person = a.person) then 'person' end], null))
from (select $2::jsonb ->> 'obligation' id, $2::jsonb ->> 'person' person) a left join obligation o on o.org = $1 and o.id = a.id`;

export const evidenceFactsSql = `
select json_build_object(
  'obligation_known', o.id is not null,
  'kind_agrees', coalesce(o.document ->> 'evidence' = a.kind, false),
  'period_begun', coalesce(a.from_date <= $4::date, false),
  'period_over', coalesce(a.until_date < $4::date, true),
  'vouched', case when o.id is null then array[]::text[] else array['obligation'] end)
from (select $2::jsonb ->> 'obligation' id, $2::jsonb ->> 'kind' kind, ($2::jsonb ->> 'from')::date from_date, ($2::jsonb ->> 'until')::date until_date) a
left join obligation o on o.org = $1 and o.id = a.id`;

export const holdFactsSql = `
select json_build_object(
  'supplier_known', s.id is not null,
  'held', exists (select 1 from supplier_hold h where h.org = $1 and h.supplier = a.supplier),
  'vouched', case when s.id is null then array[]::text[] else array['supplier'] end)
from (select $2::jsonb ->> 'supplier' supplier) a left join supplier s on s.org = $1 and s.id = a.supplier`;
