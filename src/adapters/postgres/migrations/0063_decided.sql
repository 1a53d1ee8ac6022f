-- What was decided, the last first: a search reads it in this order, and stops when it has enough.
create index proposal_closed on proposal (org, closed_at desc, id) where outcome is not null;
