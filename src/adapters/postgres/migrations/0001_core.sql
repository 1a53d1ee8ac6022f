-- The spine: who may, what was asked, proposed, decided, voted, permitted, done; and the log of it all.
-- The organization leads every primary key; row-level security keeps one organization from another's rows.

create table organization (
  org text primary key,
  digest text not null,              -- of the directory's files, as last loaded
  name text not null,
  zone text not null,
  currency text not null,
  document jsonb not null,           -- the validated organization
  clock_offset_ms bigint not null default 0, -- business clock minus wall clock
  constitution text,                 -- digest of the last ratified one
  loaded_at timestamptz not null
);

create table constitution (
  org text not null,
  digest text not null,
  bundle jsonb not null,             -- schema, articles, tool entries, agents: all that the digest covers
  ratified_by text not null,
  ratified_at timestamptz not null,
  primary key (org, digest)
);

create table person (
  org text not null,
  person text not null,
  name text not null,
  roles text[] not null,
  manager text,
  status text not null check (status in ('active', 'left', 'guest')),
  site text,
  authority jsonb not null,          -- per domain: limits per call and per day
  primary key (org, person)
);

create table token (
  org text not null,
  token text not null,               -- id; the secret itself is never stored
  secret_digest text not null,
  person text not null,
  issued_by text not null,           -- a person, or `operator`: whoever holds the data directory
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org, token),
  unique (secret_digest)
);

create table agent_level (
  org text not null,
  agent text not null,
  level text not null check (level in ('shadow', 'ask', 'act')),
  primary key (org, agent)
);

create table halt (
  org text not null,
  scope text not null,               -- `organization`, `agent/NAME`, `domain/NAME`
  halted boolean not null,
  by_person text not null,
  reason text not null,
  at timestamptz not null,
  primary key (org, scope)
);

create table drift (
  org text not null,
  key text not null,
  reconciler text not null,
  episode int not null,
  state text not null check (state in ('asked', 'declined', 'gone')),
  facts_digest text not null,
  quiet_until date,                  -- business date; a declined drift sleeps until then, or until its facts change
  seen_at timestamptz not null,
  primary key (org, key)
);

create table ask (
  org text not null,
  id text not null,
  agent text not null,
  on_behalf_of text,
  about jsonb not null,
  drift_key text,
  episode int,
  cause text not null,
  created_at timestamptz not null,
  primary key (org, id)
);
create unique index ask_once_per_episode on ask (org, drift_key, episode) where drift_key is not null;

create table turn (
  org text not null,
  id text not null,
  source text not null,              -- cli, slack
  message text not null,             -- the source's own id: the same message twice is one turn
  conversation text not null,
  person text not null,
  agent text not null,
  content text not null,
  answer text,
  answered_by text,
  proposals jsonb not null default '[]',
  state text not null check (state in ('waiting', 'answered', 'failed')),
  created_at timestamptz not null,
  primary key (org, id),
  unique (org, source, message)
);
create index turn_waiting on turn (org, conversation, created_at) where state = 'waiting';

create table proposal (
  org text not null,
  id text not null,
  ask text not null,
  agent text not null,
  on_behalf_of text,
  tool text not null,
  args jsonb not null,
  action_digest text not null,
  rationale text not null,
  card jsonb not null,
  outcome text,                      -- null while it is open
  event text not null,               -- proposal.made
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (org, id)
);
create index proposal_open on proposal (org, created_at) where outcome is null;
create index proposal_by_ask on proposal (org, ask);
create index proposal_recent on proposal (org, agent, created_at);

create table decision (
  org text not null,
  id text not null,
  proposal text not null,
  round int not null,
  verdict text not null,
  body jsonb not null,               -- the whole Decision
  facts jsonb not null,
  level text not null,
  expires_at timestamptz,            -- of an escalation, wall clock
  event text not null,
  at timestamptz not null,
  primary key (org, id),
  unique (org, proposal, round)
);

create table vote (
  org text not null,
  proposal text not null,
  person text not null,
  choice text not null check (choice in ('approve', 'decline')),
  reason text not null,
  credential text not null,
  slice text not null,
  material text not null,
  attestation text not null,         -- JWS of the API over all of the above
  event text not null,
  at timestamptz not null,
  void_because text,
  primary key (org, proposal, person) -- one person counts once
);

create table reservation (
  org text not null,
  proposal text not null,
  agent text not null,
  kind text not null check (kind in ('agent_day', 'supplier_month', 'budget_month')),
  key text not null,
  period text not null,
  minor bigint not null,
  state text not null check (state in ('reserved', 'spent', 'released')),
  primary key (org, proposal, kind, key, period)
);
create index reservation_sum on reservation (org, kind, key, period) include (minor, state);

create table warrant (
  org text not null,
  id text not null,
  proposal text not null,
  round int not null,                -- of issuing: one that ran out unused is issued again after a new judgment
  claims jsonb not null,
  jws text not null,
  event text not null,
  issued_at timestamptz not null,
  primary key (org, id),
  unique (org, proposal, round)
);

create table intent (
  org text not null,
  proposal text not null,            -- at most one intent for a proposal, for ever
  warrant text not null,
  event text not null,
  at timestamptz not null,
  primary key (org, proposal),
  unique (org, warrant)
);

create table receipt (
  org text not null,
  proposal text not null,
  body jsonb not null,
  event text not null,
  at timestamptz not null,
  primary key (org, proposal)
);

create table read_batch (
  org text not null,
  step text not null,                -- the deliberation step's key
  ask text not null,
  reads jsonb not null,              -- tool, digest of its input, verdict
  event text not null,
  primary key (org, step)
);

create table model_cost (
  org text not null,
  id bigint generated always as identity,
  agent text not null,
  month text not null,
  model text not null,
  tokens_in bigint not null,
  tokens_out bigint not null,
  micros bigint not null,            -- of the price list's currency
  at timestamptz not null,
  primary key (org, id)
);
create index model_cost_month on model_cost (org, month, agent);

-- The outcome of each stage under its key. Found: returned unchanged. Same key, other request: an error.
create table stage (
  org text not null,
  key text not null,
  request text not null,
  outcome jsonb not null,
  primary key (org, key)
);

-- The log. A row's header is the leaf; the fields themselves lie sealed beside it, one group under one subject's key.
create table event (
  org text not null,
  id text not null,
  type text not null,
  header text not null,              -- canonical JSON; SHA-256(0x00 || header) is the leaf
  leaf bytea not null check (octet_length(leaf) = 32),
  correlation text not null,
  wall timestamptz not null,
  business timestamptz not null,
  position bigint generated always as identity, -- order of staging; the sequencer gives the final one
  primary key (org, id)
);
create index event_correlation on event (org, correlation, position);
create index event_position on event (org, position);

create table event_cause (
  org text not null,
  effect text not null,
  cause text not null,
  primary key (org, effect, cause),
  foreign key (org, effect) references event (org, id),
  foreign key (org, cause) references event (org, id)  -- an unknown cause is refused
);
create index event_effects on event_cause (org, cause);

create table event_group (
  org text not null,
  event text not null,
  name text not null,                -- actor, subject, payload, decision, execution
  subject text not null,             -- whose key seals it
  sealed bytea not null,             -- AES-256-GCM: nonce, ciphertext, tag
  primary key (org, event, name),
  foreign key (org, event) references event (org, id)
);

create table subject_key (
  org text not null,
  subject text not null,
  wrapped bytea not null,            -- under the key-encryption key, which is not in this database
  kek text not null,
  primary key (org, subject)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only';
end $$;
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event execute function refuse_change();
create trigger cause_append_only before update or delete on event_cause for each row execute function refuse_change();
create trigger intent_append_only before update or delete on intent for each row execute function refuse_change();
create trigger receipt_append_only before update or delete on receipt for each row execute function refuse_change();

do $$
declare t text;
begin
  foreach t in array array['organization', 'constitution', 'person', 'token', 'agent_level', 'halt', 'drift', 'ask', 'turn', 'proposal',
    'decision', 'vote', 'reservation', 'warrant', 'intent', 'receipt', 'read_batch', 'model_cost', 'stage', 'event', 'event_cause',
    'event_group', 'subject_key'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
