-- A ledger that was written with drafts in force is never one that counts: it is marked when it begins, and nothing takes the mark away.
alter table organization add column development boolean not null default false;
