-- Calls of runtimes that are not ours that were let in, for the rates of a minute. One that the gate denied does not count.

create table admitted_call (
  org text not null,
  id text not null,                  -- digest of delegation, route and key: the same call again counts once
  at timestamptz not null,
  person text not null,
  tier text not null,
  tool text not null,
  denied boolean not null default false,
  proposal text,                     -- that came of it
  primary key (org, id)
);
create index admitted_call_at on admitted_call (org, at);
create index proposal_by_person on proposal (org, on_behalf_of, created_at) where on_behalf_of is not null;

alter table admitted_call enable row level security;
alter table admitted_call force row level security;
create policy by_org on admitted_call using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on admitted_call to charter_app;
