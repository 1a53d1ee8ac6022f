-- What people were asked comes to them: whether they would take a shift, and what they are to see to.
alter table slack_message drop constraint slack_message_kind_check;
alter table slack_message add constraint slack_message_kind_check check (kind in ('reply', 'notice', 'card', 'amendment', 'consent', 'duty', 'digest'));
