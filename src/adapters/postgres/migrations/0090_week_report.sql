-- What ran in shadow in a week, beside what people did: kept once, when the week is over.

create table week_report (
  org text not null,
  week date not null,                -- its Monday
  body jsonb not null,
  event text not null,
  at timestamptz not null,
  primary key (org, week)
);
create index decision_shadowed on decision (org, proposal, round) where level = 'shadow' or body ? 'observed'; -- few in an organization whose agents act

alter table week_report enable row level security;
alter table week_report force row level security;
create policy by_org on week_report using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert on week_report to charter_app;
