-- An answer that is being written: its row grows until it is whole, and what stands in Slack of it grows behind it.
alter table slack_message add column whole boolean not null default true;
alter table slack_message add column stream text not null default 'none' check (stream in ('none', 'open', 'over')); -- over: the rest comes with the whole
alter table slack_message add column streamed int not null default 0; -- characters of the body that stand in the open stream
