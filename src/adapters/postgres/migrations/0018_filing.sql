-- Who filed a supplier, one VAT id for one supplier, statements that follow one another, and releases that lift what they were given for.

-- When an organization's first records were in: from then on a register says nothing of its own age.
create table record_base (
  org text not null primary key,
  ended_at timestamptz not null
);
alter table record_base enable row level security;
create policy by_org on record_base using (org = current_setting('charter.org', true)) with check (org = current_setting('charter.org', true));
grant select, insert, update, delete on record_base to charter_app;

alter table supplier add column filed_by text;                    -- a person, `operator` or `folder`; null: of the organization's base
alter table supplier add column account_by text;                  -- who filed the account on record, likewise
alter table supplier add column vat_key text not null default ''; -- the VAT id in one spelling
alter table supplier add column vat_twin_of text;                 -- the supplier that had this VAT id before
create index supplier_vat on supplier (org, vat_key);

alter table invoice add column released_duplicate text;           -- the duplicate that a person released it for
alter table invoice add column released_reasons text[];           -- what disagreed when a person released it

alter table statement add column lines text not null default '';  -- digest of its lines

alter table file_handed add column again boolean not null default false; -- handed in once more after it was set aside: to be judged again
alter table record_file add column tries int not null default 1;

-- The owner of the tables is bound by row security while it is forced; here it fills columns of all organizations.
alter table record_file no force row level security;
insert into record_base (org, ended_at) select distinct org, now() from record_file;
alter table record_file force row level security;
alter table record_base force row level security;
alter table supplier no force row level security;
update supplier set vat_key = regexp_replace(upper(document ->> 'vat'), '[^A-Z0-9]', '', 'g');
alter table supplier force row level security;
alter table invoice no force row level security;
update invoice set released_duplicate = duplicate_of, released_reasons = match_reasons where released;
alter table invoice force row level security;
