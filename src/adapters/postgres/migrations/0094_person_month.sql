-- What was spent for a person in a calendar month, over all agents: the key is `person/domain`.
alter table reservation drop constraint reservation_kind_check;
alter table reservation add constraint reservation_kind_check check (kind in ('agent_day', 'supplier_month', 'budget_month', 'person_month', 'rota_week', 'rota_person'));
