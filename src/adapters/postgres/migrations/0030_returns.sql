-- A return is explained by the payment that it sent back: one that none explains is told. Those matched before now are marked.

-- The owner of the tables is bound by row security while it is forced; here it fills a column of all organizations.
alter table statement_line no force row level security;
alter table payment no force row level security;
update statement_line l set explained_by = p.key from payment p
  where p.org = l.org and p.key = l.end_to_end_id and p.state = 'rejected' and p.account = l.account and l.minor = p.minor and l.currency = p.currency
    and l.explained_by = '' and l.document ->> 'returned' is not null;
alter table payment force row level security;
alter table statement_line force row level security;

create index statement_line_returned on statement_line (org, booked) where minor > 0 and explained_by = '' and document ->> 'returned' is not null;
