-- What was heard of somebody of whom Slack has not said yet who they are: kept before Slack is told that it was heard, and gone with what comes of it.
create table slack_heard (
  org text not null,
  event text not null,       -- Slack's id of it
  team text not null,
  slack_user text not null,
  channel text not null,
  thread text not null,
  ts text not null,          -- Slack's id of the message, and its time
  direct boolean not null,
  body text not null,        -- of a text with a code nothing
  code text,                 -- digest of that code; the code itself is never stored
  tries int not null default 0,
  heard_at timestamptz not null,
  next_at timestamptz not null,
  primary key (org, event)
);
create index slack_heard_due on slack_heard (org, next_at);
create index slack_heard_thread on slack_heard (org, channel, thread);

alter table slack_heard enable row level security;
alter table slack_heard force row level security;
create policy by_org on slack_heard using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on slack_heard to charter_app;
