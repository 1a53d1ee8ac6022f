-- What of a conversation its next turn may build on: how sensitive an answer is, and who heard it. Of answers from before this nobody
-- knows, so they are not carried over.
alter table turn add column classification text check (classification in ('public', 'internal', 'confidential', 'restricted'));
alter table turn add column heard_by text not null default 'asker' check (heard_by in ('asker', 'thread'));
create index turn_answered on turn (org, conversation, created_at) where state = 'answered';
