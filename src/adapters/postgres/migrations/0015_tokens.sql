-- Who stands behind a token, who handed a file in, and which calls a person proposed in their own name.

-- Everybody through whose hands it came, the first issuer first: a vote counts by this, not by the last of them alone.
alter table token add column issuers text[] not null default '{}';
update token set issuers = array[issued_by];
-- Of a token that a person issued before, nobody kept what stood behind it. The person gets a new one.
update token set revoked_at = now() where issued_by <> 'operator' and revoked_at is null;
alter table token alter column issuers drop default;
alter table token add constraint token_issuers check (issuers[cardinality(issuers)] = issued_by);
create index token_person on token (org, person);

-- Said before a file is put into the folder, since any process may be the one that files it.
create table file_handed (
  org text not null,
  digest text not null,
  by_whom text not null,             -- a person, or `operator`
  at timestamptz not null,
  primary key (org, digest)
);
alter table file_handed enable row level security;
alter table file_handed force row level security;
create policy by_org on file_handed using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on file_handed to charter_app;

alter table record_file add column filed_by text not null default 'folder'; -- a person, `operator`, or `folder`: found where records are dropped

create index turn_proposed on turn using gin (proposals) where source = 'propose';
