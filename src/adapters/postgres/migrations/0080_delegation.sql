-- Runtimes that are not ours: what a person hands on to an agent of theirs, and every call that comes of it.

create table delegation (
  org text not null,
  id text not null,
  secret_digest text not null,
  person text not null,              -- for whom everything on it is done
  credential text not null,          -- the person's own token that the chain began with: revoked, the chain ends
  agent text not null,               -- the ratified agent whose grants and limits apply
  worker text not null,              -- what the other runtime calls whoever acts
  parent text,
  path text[] not null,              -- the chain from the first delegation to this one
  workers text[] not null,           -- who stands in it, in the same order
  task text not null,
  tools text[],                      -- null: all that the one before may use
  per_call bigint,                   -- minor units; null: as the one before
  per_day bigint,
  tier text not null check (tier in ('interactive', 'delegated', 'service', 'background')),
  event text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org, id),
  unique (secret_digest),
  check (path[cardinality(path)] = id and cardinality(path) = cardinality(workers))
);
create index delegation_path on delegation using gin (path);
create index delegation_parent on delegation (org, parent);

alter table ask add column delegation text; -- on which an agent of another runtime asks
alter table ask add foreign key (org, delegation) references delegation (org, id);
create index ask_delegation on ask (org, delegation) where delegation is not null;

-- Calls that came to no proposal: judged without acting, or refused. What the log holds sealed is found here by filter.
create table service_call (
  org text not null,
  event text not null,
  at timestamptz not null,
  kind text not null check (kind in ('judged', 'refused')),
  person text,                       -- null: nobody said who they are
  agent text,
  delegation text,
  tool text,
  verdict text not null,
  why text not null,
  articles text[] not null,
  trace text,
  primary key (org, event)
);
create index service_call_at on service_call (org, at);
create index decision_at on decision (org, at);

do $$
declare t text;
begin
  foreach t in array array['delegation', 'service_call'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
