/**
 * The facts of finance, as SQL that runs inside the gate's one statement. Each yields one JSON object with the keys of
 * `src/gate/facts.ts`, and `vouched`: the arguments that records vouch for, each for its own kind of field and subject; and
 * `barred`, where there are any: people whose votes do not count, since they filed what the vote would be about; and `counterparty`,
 * the supplier that it is about.
 *
 * $1 organization, $2 arguments (jsonb), $3 agent, $4 business date, $5 own proposal, $6 declared limits in minor units, $7 the requester or null.
 * What was spent is summed from `reservation` alone, and never counts the proposal itself. A bill takes the place of the order that
 * it answers: of both together the budget line counts one.
 */

const spent = (kind: string, key: string, period: string): string =>
  `(select coalesce(sum(r.minor), 0)::bigint from reservation r where r.org = $1 and r.kind = '${kind}' and r.key = ${key} and r.period = ${period}
    and r.state in ('reserved', 'spent') and r.proposal <> $5)`;

const MONTH = `to_char($4::date, 'YYYY-MM')`;

/** Nothing was paid yet to the account on record. */
const UNPAID = `not exists (select 1 from payment p where p.org = $1 and p.supplier = s.id and p.payee = s.iban and p.state = 'paid')`;
const UNPROVEN = `coalesce(s.account_by is not null and ${UNPAID}, false)`;
const NEW = `coalesce($4::date - s.since < ($6 ->> 'new_supplier_days')::int, true)`;
const CHANGED = `coalesce((s.account_since <> s.since or s.account_by is distinct from s.filed_by) and $4::date - s.account_since < ($6 ->> 'account_change_days')::int, true)`;
/** A supplier that is on no record counts as moved; one that nobody moved does not. */
const REBOOKED = `(s.id is null or (s.line_since is not null and coalesce($4::date - s.line_since < ($6 ->> 'account_change_days')::int, true)))`;

export const paymentFactsSql = `
select json_build_object(
  'amount_minor', a.minor,
  'home_currency', a.currency = o.currency,
  'spent_day_minor', ${spent('agent_day', '$3', '$4::date::text')},
  'spent_supplier_month_minor', ${spent('supplier_month', 's.id', MONTH)},
  'limit_supplier_month_minor', coalesce(($6 -> 'suppliers' ->> s.id)::bigint, ($6 ->> 'supplier_month')::bigint),
  'spent_budget_month_minor', ${spent('budget_month', 's.budget_line', MONTH)} - coalesce(
    (select sum(r.minor) from stock_order x join reservation r on r.org = x.org and r.proposal = x.key and r.kind = 'budget_month' and r.key = s.budget_line
       and r.period = ${MONTH} and r.state in ('reserved', 'spent') where x.org = $1 and x.number = i.order_number), 0)::bigint,
  'limit_budget_month_minor', coalesce(($6 -> 'budgets' ->> s.budget_line)::bigint, 0),
  'invoice_known', i.id is not null,
  'invoice_open', coalesce(i.state = 'open', false),
  'invoice_amount_agrees', coalesce(a.currency = i.currency and (a.minor = i.total_minor or (a.minor = i.discount_minor and $4::date <= i.discount_until)), false),
  'sums_agree', coalesce(i.sums_agree, false),
  'matched', coalesce(i.matched, false),
  'duplicate', i.duplicate_of is not null and not (i.released and i.duplicate_of is not distinct from i.released_duplicate),
  'supplier', coalesce(s.id, ''),
  'supplier_known', coalesce(s.status = 'active', false),
  'supplier_new', ${NEW},
  'account_of_record', coalesce(a.payee = s.iban, false),
  'account_changed_lately', ${CHANGED},
  'budget_line_moved_lately', ${REBOOKED},
  'account_refused', exists (select 1 from payment p where p.org = $1 and p.payee = a.payee and p.state = 'rejected'),
  'requester_registered_supplier', coalesce($7::text in (s.registered_by, s.filed_by, s.account_by), false),
  'supplier_unproven', ${UNPROVEN},
  'supplier_vat_shared', s.vat_twin_of is not null,
  'barred', case when ${UNPROVEN} or ${NEW} or ${CHANGED} then array_remove(array[s.filed_by, s.account_by], null) else array[]::text[] end
    || case when ${REBOOKED} then array_remove(array[s.line_by], null) else array[]::text[] end,
  'counterparty', s.id,
  'supplier_stopped', exists (select 1 from supplier_hold h where h.org = $1 and h.supplier = s.id),
  'vouched', array_remove(array[
    case when i.id is not null then 'invoice' end,
    case when a.payee = s.iban then 'payee' end,
    case when i.matched and a.currency = i.currency and (a.minor = i.total_minor or (a.minor = i.discount_minor and $4::date <= i.discount_until)) then 'amount' end], null))
from organization o
cross join (select ($2::jsonb -> 'amount' ->> 'minor')::bigint minor, $2::jsonb -> 'amount' ->> 'currency' currency, $2::jsonb ->> 'payee' payee, $2::jsonb ->> 'invoice' invoice) a
left join invoice i on i.org = $1 and i.id = a.invoice
left join supplier s on s.org = $1 and s.id = i.supplier
where o.org = $1`;

export const withdrawalFactsSql = `
select json_build_object(
  'payment_known', p.key is not null,
  'before_cutoff', coalesce(p.state = 'instructed', false),
  'vouched', case when p.key is null then array[]::text[] else array['payment'] end)
from (select $2::jsonb ->> 'payment' key) a left join payment p on p.org = $1 and p.key = a.key`;

export const invoiceFactsSql = `
select json_build_object(
  'invoice_known', i.id is not null,
  'invoice_open', coalesce(i.state = 'open', false),
  'counterparty', i.supplier,
  'vouched', case when i.id is null then array[]::text[] else array['invoice'] end)
from (select $2::jsonb ->> 'invoice' id) a left join invoice i on i.org = $1 and i.id = a.id`;

export const releaseFactsSql = `
select json_build_object(
  'invoice_known', i.id is not null,
  'invoice_held', coalesce(i.state = 'held', false),
  'counterparty', i.supplier,
  'sums_agree', coalesce(i.sums_agree, false),
  'vouched', case when i.id is null then array[]::text[] else array['invoice'] end)
from (select $2::jsonb ->> 'invoice' id) a left join invoice i on i.org = $1 and i.id = a.id`;

/** The budgets that a payment draws on: locked before its facts are read, and reserved when it is permitted. $1 to $4 as above. */
export const budgetKeysSql = `
select k.kind, k.key, k.period from (select $2::jsonb ->> 'invoice' invoice) a
left join invoice i on i.org = $1 and i.id = a.invoice
left join supplier s on s.org = $1 and s.id = i.supplier
cross join lateral (values
  ('agent_day', $3::text, $4::date::text),
  ('supplier_month', s.id, ${MONTH}),
  ('budget_month', s.budget_line, ${MONTH})) k(kind, key, period)
where k.key is not null order by 1, 2, 3`;
