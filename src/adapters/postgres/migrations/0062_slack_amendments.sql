-- Amendments have cards of their own, for the owners.
alter table slack_message drop constraint slack_message_kind_check;
alter table slack_message add constraint slack_message_kind_check check (kind in ('reply', 'notice', 'card', 'amendment', 'digest'));
