-- Whose attention was asked for, and when; questions from agent to agent.

-- A task becomes a card for a person on one business day, once; what is over the day's bound waits in a group.
create table card (
  org text not null,
  person text not null,
  proposal text not null,
  day date not null,          -- business day on which it was first shown
  urgent boolean not null,    -- escalated, or asked of this person by name: such cards have a bound of their own
  shown_at timestamptz not null,
  primary key (org, person, proposal)
);
create index card_day on card (org, person, day);

-- Most of a task's time was over and nobody had decided it: once for a task.
create table escalation (
  org text not null,
  proposal text not null,
  people text[] not null,     -- who was shown it besides those asked; it makes nobody eligible
  event text not null,
  at timestamptz not null,
  primary key (org, proposal)
);

-- A person was asked by name, by another.
create table nudge (
  org text not null,
  proposal text not null,
  person text not null,
  by_person text not null,
  event text not null,
  at timestamptz not null,
  primary key (org, proposal, person)
);

alter table vote add column again_on date;  -- of a decline: the business day on which it may be asked again
alter table ask add column parent text;     -- of a request: the ask whose agent asks
alter table ask add column answer text;     -- of a request: what the asked agent said
create index ask_parent on ask (org, parent) where parent is not null;

do $$
declare t text;
begin
  foreach t in array array['card', 'escalation', 'nudge'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
