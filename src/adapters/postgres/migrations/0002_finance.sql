-- The records of finance, as filed from their formats, and our own orders to the bank.

create table record_file (
  org text not null,
  digest text not null,              -- of the bytes: the same file twice is one
  name text not null,
  kind text not null,                -- camt053, ubl_invoice, ubl_order, ubl_receipt_advice, suppliers_csv, unknown
  state text not null check (state in ('filed', 'set_aside')),
  reason text not null,              -- why it was set aside, else empty
  filed_at timestamptz not null,
  primary key (org, digest)
);

create table supplier (
  org text not null,
  id text not null,
  iban text not null,
  account_since date not null,
  since date not null,
  registered_by text not null,
  budget_line text not null,
  status text not null,
  document jsonb not null,
  primary key (org, id)
);

create table purchase_order (
  org text not null,
  number text not null,
  supplier text not null,
  document jsonb not null,
  primary key (org, number)
);

create table goods_receipt (
  org text not null,
  number text not null,
  order_number text not null,
  document jsonb not null,
  primary key (org, number)
);
create index goods_receipt_order on goods_receipt (org, order_number);

create table invoice (
  org text not null,
  id text not null,
  supplier text not null,
  issued date not null,
  due date not null,
  order_number text,
  iban text not null,
  total_minor bigint not null,
  currency text not null,
  discount_until date,
  discount_minor bigint,
  document jsonb not null,
  -- what our own checks found, anew at each filing
  sums_agree boolean not null,
  matched boolean not null default false,
  match_reasons text[] not null default '{}',
  duplicate_of text,
  state text not null default 'open' check (state in ('open', 'held', 'instructed', 'paid')),
  held_because text not null default '',
  primary key (org, id)
);
create index invoice_by_state on invoice (org, state, due, id);
create index invoice_by_supplier on invoice (org, supplier);

create table statement (
  org text not null,
  account text not null,
  id text not null,
  from_date date not null,
  to_date date not null,
  opening_minor bigint not null,
  closing_minor bigint not null,
  currency text not null,
  source text not null,
  primary key (org, account, id)
);

create table statement_line (
  org text not null,
  account text not null,
  reference text not null,           -- the bank's own
  booked date not null,
  minor bigint not null,             -- negative: it left
  currency text not null,
  end_to_end_id text,
  counterparty_iban text,
  document jsonb not null,
  explained_by text not null default '', -- a payment, an invoice, a person's word
  primary key (org, account, reference)
);
create index statement_line_end on statement_line (org, end_to_end_id);

create table payment (
  org text not null,
  key text not null,                 -- the proposal id, and the bank's end-to-end id
  invoice text not null,
  supplier text not null,
  payee text not null,
  payee_name text not null,
  minor bigint not null,
  currency text not null,
  account text not null,
  execute_on date not null,
  state text not null check (state in ('instructed', 'sent', 'paid', 'rejected', 'withdrawn')),
  reason text not null default '',
  file text,                         -- the file it left in
  primary key (org, key)
);
create unique index payment_live on payment (org, invoice) where state in ('instructed', 'sent', 'paid');
create index payment_due on payment (org, account, execute_on) where state = 'instructed';

create table outbox_file (
  org text not null,
  name text not null,
  account text not null,
  day date not null,
  content text not null,             -- the exact bytes; written to the folder from here, as often as it takes
  written boolean not null default false,
  primary key (org, name)
);

do $$
declare t text;
begin
  foreach t in array array['record_file', 'supplier', 'purchase_order', 'goods_receipt', 'invoice', 'statement', 'statement_line', 'payment', 'outbox_file'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_org on %I using (org = current_setting(''charter.org'', true)) with check (org = current_setting(''charter.org'', true))', t);
    execute format('grant select, insert, update, delete on %I to charter_app', t);
  end loop;
end $$;
