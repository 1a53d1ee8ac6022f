-- A person said of a held invoice that it may be paid: what it was held for is not asked again.
alter table invoice add column released boolean not null default false;
