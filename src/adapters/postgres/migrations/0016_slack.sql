-- Slack: who is who there, what was heard, and what is to be said. A message is a row before it is sent, and until it is.

create table slack_code (
  org text not null,
  digest text not null,      -- of the code; the code itself is never stored
  person text not null,
  token text not null,       -- that asked for it: the link's votes count no more than that token's, and it must still be valid
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (org, digest)
);

create table slack_link (
  org text not null,
  person text not null,
  team text not null,
  slack_user text not null,
  credential text not null,  -- a token whose secret nobody has: it stands for the person's word given there
  linked_at timestamptz not null,
  digest_at text,            -- `07:30`, or `off`; null: the organization's time
  primary key (org, person),
  unique (org, team, slack_user)
);

-- Ids of events that were heard. Slack sends one again for an hour at most; older rows are removed.
create table slack_event (
  org text not null,
  id text not null,
  at timestamptz not null,
  primary key (org, id)
);
create index slack_event_at on slack_event (org, at);

-- Where a turn was said, and so where it is answered.
create table slack_turn (
  org text not null,
  turn text not null,
  team text not null,
  slack_user text not null,
  channel text not null,
  thread text not null,
  direct boolean not null,
  house boolean not null,    -- everybody who read there was of our house
  agent text not null,
  said_at timestamptz not null,
  primary key (org, turn)
);
create index slack_turn_thread on slack_turn (org, channel, thread, said_at);

create table slack_message (
  org text not null,
  key text not null,         -- of its cause: the same cause says the same thing once
  kind text not null check (kind in ('reply', 'notice', 'card', 'digest')),
  team text not null,
  slack_user text not null,
  channel text,              -- null: the person's direct messages
  thread text,
  about text,                -- the proposal of a card
  body text not null,        -- of a card nothing: it is read anew when it is sent
  ts text,                   -- Slack's id of it, once it is there
  begins int not null default 0,         -- of an answer in several messages: where the one under `ts` begins
  wanted text not null,      -- digest of what is to be seen
  shown text,                -- and of what is
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed')),
  unsure boolean not null default false, -- a try of which nothing was heard: it is looked for before it is sent again
  tries int not null default 0,
  final boolean not null default false,  -- a card that changes no more
  error text,
  created_at timestamptz not null,
  next_at timestamptz not null,
  expires_at timestamptz not null,       -- what comes later is not said any more
  primary key (org, key)
);
create index slack_message_due on slack_message (org, next_at) where state in ('waiting', 'sending');
create index slack_message_card on slack_message (org, about) where kind = 'card';

do $$
declare t text;
begin
  foreach t in array array['slack_code', 'slack_link', 'slack_event', 'slack_turn', 'slack_message'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
