-- Files that were recognised by their headings, and files that wait for a person to say what is in them.

alter table record_file drop constraint record_file_state_check;
alter table record_file add constraint record_file_state_check check (state in ('filed', 'set_aside', 'asks'));
alter table record_file add column mapping jsonb;  -- which heading filled which column of which register
alter table record_file add column content bytea;  -- of a file that waits for its fields, and nothing else's

-- What calendars say: one row for each event of a file, as it was last filed.
create table calendar_event (
  org text not null,
  uid text not null,
  recurrence text not null default '',  -- the occurrence that it overrides, else empty
  calendar text not null,               -- whose: the calendar's name, or the file's
  summary text not null,
  category text not null,
  starts timestamptz not null,
  ends timestamptz not null,
  all_day boolean not null,
  rule text,                            -- RRULE, as it came
  attendees text[] not null default '{}',
  sequence int not null default 0,
  status text not null,
  source text not null,                 -- the file's digest
  primary key (org, uid, recurrence)
);

alter table calendar_event enable row level security;
alter table calendar_event force row level security;
create policy by_org on calendar_event using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on calendar_event to charter_app;
