/** The facts of operations, as SQL inside the gate's one statement. Parameters as in `finance.ts`, whose budgets these draw on too. */

const MONTH = `to_char($4::date, 'YYYY-MM')`;
const spent = (kind: string, key: string, period: string): string =>
  `(select coalesce(sum(r.minor), 0)::bigint from reservation r where r.org = $1 and r.kind = '${kind}' and r.key = ${key} and r.period = ${period}
    and r.state in ('reserved', 'spent') and r.proposal <> $5)`;

/** The level of an item at a site: its last count, and what moved on later days. Null: never counted. */
export const levelSql = (org: string, item: string, site: string): string => `(select c.counted + coalesce((
    select sum(case m.kind when 'delivery' then m.quantity else -m.quantity end) from stock_movement m
    where m.org = c.org and m.item = c.item and m.site = c.site and m.moved_on > c.counted_on), 0)::int
  from stock_count c where c.org = ${org} and c.item = ${item} and c.site = ${site})`;

export const reorderFactsSql = `
select json_build_object(
  'amount_minor', a.minor,
  'home_currency', a.currency = o.currency,
  'spent_day_minor', ${spent('agent_day', '$3', '$4::date::text')},
  'spent_budget_month_minor', ${spent('budget_month', 's.budget_line', MONTH)},
  'limit_budget_month_minor', coalesce(($6 -> 'budgets' ->> s.budget_line)::bigint, 0),
  'counterparty', s.id,
  'item_declared', d.item is not null,
  'supplier_active', coalesce(s.status = 'active', false),
  'price_agrees', coalesce(a.minor = round((d.item ->> 'price')::numeric * 100) * a.quantity, false),
  'level_known', coalesce(l.level >= 0, false),
  'below_minimum', coalesce(l.level < (d.item ->> 'minimum')::int, false),
  'within_target', coalesce(l.level + a.quantity < (d.item ->> 'target')::int + (d.item ->> 'pack')::int and a.quantity % (d.item ->> 'pack')::int = 0, false),
  'order_open', exists (select 1 from stock_order x where x.org = $1 and x.item = a.item and x.site = a.site and x.received_on is null and x.key is distinct from $5),
  'vouched', array_remove(array[
    case when d.item is not null then 'item' end,
    case when d.item is not null then 'site' end,
    case when d.item is not null and s.id is not null then 'supplier' end,
    case when coalesce(l.level + a.quantity < (d.item ->> 'target')::int + (d.item ->> 'pack')::int, false) then 'quantity' end,
    case when coalesce(a.minor = round((d.item ->> 'price')::numeric * 100) * a.quantity, false) then 'amount' end], null))
from organization o
cross join (select ($2::jsonb -> 'amount' ->> 'minor')::bigint minor, $2::jsonb -> 'amount' ->> 'currency' currency, $2::jsonb ->> 'item' item, $2::jsonb ->> 'site' site,
  $2::jsonb ->> 'supplier' supplier, ($2::jsonb ->> 'quantity')::bigint quantity) a
left join lateral (select i item from jsonb_array_elements(coalesce(o.document -> 'operations' -> 'items', '[]')) i
  where i ->> 'item' = a.item and i ->> 'site' = a.site and i ->> 'supplier' = a.supplier limit 1) d on true
left join supplier s on s.org = $1 and s.id = a.supplier
cross join lateral (select ${levelSql('$1', 'a.item', 'a.site')} level) l
where o.org = $1`;

export const maintenanceFactsSql = `
select json_build_object(
  'machine_known', m.machine is not null,
  'day_ahead', a.day > $4::date and a.day <= $4::date + 366,
  'machine_free', not exists (select 1 from maintenance b where b.org = $1 and b.machine = a.machine and b.day > coalesce(m.last_service, b.day - 1) and b.key <> $5),
  'vouched', case when m.machine is null then array[]::text[] else array['machine'] end)
from (select $2::jsonb ->> 'machine' machine, ($2::jsonb ->> 'day')::date as day) a left join machine m on m.org = $1 and m.machine = a.machine`;

/** Locked before the facts are read; the item itself as well, so that two orders of one item see each other. */
export const reorderBudgetsSql = `
select k.kind, k.key, k.period from (select $2::jsonb ->> 'supplier' supplier) a left join supplier s on s.org = $1 and s.id = a.supplier
cross join lateral (values ('agent_day', $3::text, $4::date::text), ('budget_month', s.budget_line, ${MONTH})) k(kind, key, period)
where k.key is not null order by 1, 2, 3`;
