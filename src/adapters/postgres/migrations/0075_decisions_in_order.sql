-- A replay reads all decisions of an organization, the newest first, page by page.
create index decision_in_order on decision (org, at desc, proposal desc, round desc);
