-- An answer to a channel that may be read there only while everybody there is of our house: that is asked again right before it is sent.
alter table slack_message add column house text; -- how sensitive what it rests on is; null: who reads along does not matter
