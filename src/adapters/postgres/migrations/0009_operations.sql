-- The records of operations: counts and movements of stock, what is on order, machines and their services.

create table stock_count (
  org text not null,
  item text not null,
  site text not null,
  counted int not null,
  counted_on date not null,
  primary key (org, item, site)
);

create table stock_movement (
  org text not null,
  id text not null,
  item text not null,
  site text not null,
  kind text not null check (kind in ('delivery', 'withdrawal')),
  quantity int not null check (quantity > 0),
  moved_on date not null,
  order_number text,
  primary key (org, id)
);
create index stock_movement_item on stock_movement (org, item, site, moved_on);

create table stock_order (
  org text not null,
  number text not null,
  key text,                           -- the proposal that ordered it; null: ordered elsewhere
  item text not null,
  site text not null,
  quantity int not null check (quantity > 0),
  supplier text not null,
  minor bigint not null,
  currency text not null,
  ordered_on date not null,
  expected date not null,
  received_on date,
  primary key (org, number)
);
create unique index stock_order_key on stock_order (org, key) where key is not null;
create unique index stock_order_open on stock_order (org, item, site) where received_on is null and key is not null;

create table machine (
  org text not null,
  machine text not null,
  site text not null,
  last_service date not null,
  hours int not null,
  state text not null check (state in ('running', 'blocked')),
  primary key (org, machine)
);

create table maintenance (
  org text not null,
  key text not null,
  machine text not null,
  day date not null,
  by_whom text not null,
  primary key (org, key)
);
create index maintenance_machine on maintenance (org, machine, day);

alter table outbox_file alter column account set default '';  -- an order or a calendar belongs to no account

do $$
declare t text;
begin
  foreach t in array array['stock_count', 'stock_movement', 'stock_order', 'machine', 'maintenance'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
