-- The rota, who works in it, what they are certified for, their leave, and their word on changes.

create table staff (
  org text not null,
  person text not null,
  document jsonb not null,
  primary key (org, person)
);

create table rota (
  org text not null,
  site text not null,
  day date not null,
  shift text not null,
  person text not null,
  skill text not null,
  primary key (org, site, day, shift, person)
);
create index rota_person on rota (org, person, day);

create table rota_week (
  org text not null,
  site text not null,
  week date not null,                -- its Monday
  version int not null,              -- counts up with each change of this rota; a calendar entry's SEQUENCE
  primary key (org, site, week)
);

create table rota_change (
  org text not null,
  key text not null,                 -- the proposal
  version int not null,              -- the highest that it made
  primary key (org, key)
);

create table certificate (
  org text not null,
  id text not null,
  person text not null,
  certificate text not null,
  from_date date not null,
  until_date date not null,
  primary key (org, id)
);
create index certificate_person on certificate (org, person);

create table leave_request (
  org text not null,
  id text not null,
  person text not null,
  kind text not null check (kind in ('leave', 'other')),
  from_date date not null,
  until_date date not null check (until_date >= from_date),
  requested_on date not null,
  state text not null check (state in ('requested', 'granted', 'refused')),
  key text,                          -- the proposal that decided it; null: decided elsewhere
  reason text not null default '',
  primary key (org, id)
);
create index leave_request_person on leave_request (org, person, from_date);

create table consent (
  org text not null,
  key text not null,                 -- the proposal that asked
  person text not null,
  site text not null,
  day date not null,
  shift text not null,
  gives jsonb,                       -- what they give in return
  instead_of text,                   -- who has the shift now
  answer_by date not null,
  state text not null check (state in ('asked', 'given', 'refused')),
  answered_on date,
  primary key (org, key)
);
create unique index consent_once on consent (org, person, site, day, shift, (coalesce(gives::text, '')));

alter table reservation drop constraint reservation_kind_check;
alter table reservation add constraint reservation_kind_check check (kind in ('agent_day', 'supplier_month', 'budget_month', 'rota_week', 'rota_person'));

do $$
declare t text;
begin
  foreach t in array array['staff', 'rota', 'rota_week', 'rota_change', 'certificate', 'leave_request', 'consent'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
