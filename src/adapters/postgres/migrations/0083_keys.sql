-- Keys of this installation that this organization's log knows of: a rotation is an event of each.

create table key_known (
  org text not null,
  kid text not null,
  purpose text not null check (purpose in ('warrants', 'attestations', 'codec', 'kek')),
  since timestamptz not null,        -- in use from then on
  primary key (org, kid)
);
alter table key_known enable row level security;
alter table key_known force row level security;
create policy by_org on key_known using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on key_known to charter_app;
