-- Reads of public data that a client made while the gate did not answer, sent in later: they came to no judgment, and are on record.
alter table service_call drop constraint service_call_kind_check;
alter table service_call add constraint service_call_kind_check check (kind in ('judged', 'refused', 'unjudged'));
