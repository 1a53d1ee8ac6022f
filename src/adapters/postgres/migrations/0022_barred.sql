-- Who filed what a decision is about: their votes do not count on it, and nobody is told that they may decide it.
alter table decision add column barred text[] not null default '{}';
