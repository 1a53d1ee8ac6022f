-- Stages that keep failing: told to people while they last. A stage is tried again every 30 seconds at the most, so a row that is
-- older than a few minutes speaks of the past.

create table stalled (
  org text not null,
  stage text not null,      -- perform, reconcile, …
  subject text not null,    -- the proposal, the domain, the thread that it is about
  tries int not null,
  error text not null,
  since timestamptz not null,
  at timestamptz not null,
  primary key (org, stage, subject)
);
alter table stalled enable row level security;
alter table stalled force row level security;
create policy by_org on stalled using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on stalled to charter_app;
