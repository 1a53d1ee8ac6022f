-- Actions of other runtimes whose callers are sent word when they change, instead of asking. What is told is compared with what is so.
create table notified_action (
  org text not null,
  proposal text not null,
  delegation text not null,          -- whose secret signs
  url text not null,
  told text,                         -- the last state that arrived
  tries int not null default 0,      -- of the state after that one
  next_at timestamptz not null,
  ended text check (ended in ('told', 'given_up')), -- nothing more is sent
  primary key (org, proposal)
);
create index notified_action_due on notified_action (org, next_at) where ended is null;
alter table notified_action enable row level security;
alter table notified_action force row level security;
create policy by_org on notified_action using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on notified_action to charter_app;
