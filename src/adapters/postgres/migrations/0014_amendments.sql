-- What people want in force instead of what is: proposed, checked, voted on by its digest, and swapped in.

create table amendment (
  org text not null,
  id text not null,
  kind text not null check (kind in ('constitution', 'level')),
  digest text not null,              -- of what it puts in force: what is voted on
  content jsonb not null,            -- what it was made against; of a level, the change and what it cites
  bundle jsonb,                      -- of a constitution: what is put in force, never the files as they are then
  cases jsonb,                       -- that stood beside its articles
  proposed_by text not null,
  reason text not null,
  quorum int not null check (quorum > 0),
  state text not null check (state in ('checking', 'open', 'refused', 'ratified', 'declined', 'expired', 'overtaken')),
  findings jsonb,
  event text not null,               -- amendment.proposed
  checked text,                      -- amendment.checked
  expires_at timestamptz not null,   -- wall clock
  created_at timestamptz not null,
  weighed_at timestamptz,            -- when its votes were counted last
  closed_at timestamptz,
  primary key (org, id)
);
create unique index amendment_once on amendment (org, digest) where state in ('checking', 'open');

create table amendment_vote (
  org text not null,
  amendment text not null,
  person text not null,
  digest text not null,
  choice text not null check (choice in ('approve', 'decline')),
  reason text not null,
  credential text not null,
  attestation text not null,         -- JWS of the API over all of the above
  event text not null,
  at timestamptz not null,
  primary key (org, amendment, person) -- one person counts once
);

-- The level that organization.yaml said when it was read last: only an edit that lowers it holds, not the same text read again.
alter table agent_level add column declared text;

do $$
declare t text;
begin
  foreach t in array array['amendment', 'amendment_vote'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
