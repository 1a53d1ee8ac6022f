-- Who moved a supplier to another budget line, and on which day: its bills draw on another limit from then on.
alter table supplier add column line_since date; -- null: it stands as it was first filed
alter table supplier add column line_by text;    -- a person, `operator` or `folder`; null likewise
