-- Which task a person asks its agent back about; null where a turn is about none.
alter table turn add column about text;
