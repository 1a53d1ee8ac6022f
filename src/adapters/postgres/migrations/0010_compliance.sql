-- What is owed to others, what shows that it was done, who was asked to see to it, and suppliers whose payments are stopped.

create table obligation (
  org text not null,
  id text not null,
  responsible text not null,
  document jsonb not null,
  primary key (org, id)
);

create table evidence (
  org text not null,
  id text not null,
  key text,                 -- the proposal that filed it; null: from the register
  obligation text not null,
  kind text not null,
  document text not null,
  from_date date not null,
  until_date date not null,
  filed_by text not null,
  primary key (org, id)
);
create index evidence_obligation on evidence (org, obligation, until_date);

create table task (
  org text not null,
  key text not null,
  obligation text not null,
  person text not null,
  title text not null,
  due date not null,
  done date,
  done_by text,
  primary key (org, key)
);
create unique index task_open on task (org, obligation) where done is null;

create table supplier_hold (
  org text not null,
  supplier text not null,
  reason text not null,
  key text not null,        -- the proposal that stopped them
  primary key (org, supplier)
);

do $$
declare t text;
begin
  foreach t in array array['obligation', 'evidence', 'task', 'supplier_hold'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
