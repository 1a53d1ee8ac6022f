-- What somebody said was wrong: it is undone step by step, the last done first, and what its agent made of it is evaluated from then on.

create table rollback (
  org text not null,
  id text not null,
  target text not null,              -- the proposal, ask or event that was named
  person text not null,              -- who said so; each compensation is judged with their authority
  reason text not null,
  event text not null,               -- rollback.begun
  at timestamptz not null,
  held boolean not null default false, -- a halt keeps it from going on
  ended text,                        -- rollback.ended
  ended_at timestamptz,
  primary key (org, id),
  unique (org, target)               -- said twice, nothing more is done
);
create index rollback_open on rollback (org, at) where ended is null;

-- One action to undo. `next`: its turn has not come; `asked`: its compensation is proposed; `undone`, or `left` as it is, with the reason.
create table rollback_step (
  org text not null,
  rollback text not null,
  n int not null,                    -- in this order: the last effect first
  proposal text not null,            -- what is undone
  state text not null check (state in ('next', 'asked', 'undone', 'left')),
  compensation text,                 -- the proposal that undoes it
  attempt int not null default 1,    -- after a halt it is proposed anew
  says text not null default '',     -- for people
  primary key (org, rollback, n),
  foreign key (org, rollback) references rollback (org, id),
  check (state <> 'asked' or compensation is not null)
);
create unique index rollback_step_once on rollback_step (org, proposal) where state <> 'left'; -- whatever it was said of, an action is undone once

-- A drift of which an agent made what was called wrong; `charter eval` runs it with the example's own.
create table eval_case (
  org text not null,
  id text not null,
  agent text not null,
  proposal text not null,
  rollback text not null,
  content jsonb not null,            -- the drift, the call, the reason, and what would have been right
  at timestamptz not null,
  primary key (org, id),
  foreign key (org, rollback) references rollback (org, id)
);
create index eval_case_agent on eval_case (org, agent, at);

create index proposal_by_event on proposal (org, event);

do $$
declare t text;
begin
  foreach t in array array['rollback', 'rollback_step', 'eval_case'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
