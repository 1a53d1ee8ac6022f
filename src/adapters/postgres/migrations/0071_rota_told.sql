-- Whoever's shifts are changed without their own word on it is told of it.

create table rota_told (
  org text not null,
  key text not null,                 -- the proposal that changed them
  person text not null,
  gives jsonb,                       -- a shift that goes to somebody else
  takes jsonb,                       -- a shift that is theirs from now on
  other text,                        -- who takes the one, and gave the other
  until_day date not null,           -- the last day that it is about
  told_on date not null,
  primary key (org, key, person)
);

alter table slack_message drop constraint slack_message_kind_check;
alter table slack_message add constraint slack_message_kind_check check (kind in ('reply', 'notice', 'card', 'amendment', 'consent', 'duty', 'told', 'digest'));

do $$
begin
  alter table rota_told enable row level security;
  alter table rota_told force row level security;
  create policy by_org on rota_told using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
  grant select, insert, update, delete on rota_told to charter_app;
end $$;
