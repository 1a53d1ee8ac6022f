-- Since when an agent is at its level: what is cited for raising it was shown since then.
alter table agent_level add column since timestamptz not null default now();
