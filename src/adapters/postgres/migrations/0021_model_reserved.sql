-- What a call of a model may cost at most is set aside before it, and settled after it. What was never settled, because the process died
-- or the answer broke off, stays as it was set aside: it counts as spent.
alter table model_cost add column state text not null default 'settled' check (state in ('reserved', 'settled'));
alter table model_cost alter column state drop default;
