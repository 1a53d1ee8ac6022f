-- Calls whose tool is the caller's own: permitted, and waiting until the caller fetches the warrant. Nothing sweeps them: the caller comes back by id.

create table handed_call (
  org text not null,
  proposal text not null,
  at timestamptz not null,
  fetched boolean not null default false,
  primary key (org, proposal)
);
alter table handed_call enable row level security;
alter table handed_call force row level security;
create policy by_org on handed_call using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on handed_call to charter_app;
