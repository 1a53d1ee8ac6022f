/** Operations' ports on PostgreSQL, and the rows of its registers. */
import { z } from 'zod';
import { Order } from '../../domains/finance/records.ts';
import { writeUblOrder } from '../../domains/operations/formats/ubl-order.ts';
import { OperationsError, type OperationsReads, type OperationsWrites } from '../../domains/operations/ports.ts';
import { Machine, StockOrder, type Movement, type StockCount } from '../../domains/operations/records.ts';
import { OperationsSettings } from '../../domains/operations/settings.ts';
import type { OrgId } from '../../kernel/ids.ts';
import { moneyOf } from '../../kernel/money.ts';
import { addDays, instantAt, LocalDate, type LocalTime } from '../../kernel/time.ts';
import { WorkCalendar } from '../../kernel/working-days.ts';
import { writeCalendar } from '../files/calendar-out.ts';
import type { Sql } from './client.ts';
import { levelSql } from './facts/operations.ts';

const ORDER = `select json_build_object('order', number, 'item', item, 'site', site, 'quantity', quantity, 'supplier', supplier,
  'amount', json_build_object('minor', minor, 'currency', currency), 'orderedOn', ordered_on::text, 'expected', expected::text, 'receivedOn', received_on::text) found from stock_order`;
const orders = async (sql: Sql, where: string, values: readonly unknown[]): Promise<StockOrder[]> =>
  (await sql<{ found: unknown }>(`${ORDER} where org = $1 and ${where}`, values)).map(({ found }) => StockOrder.parse(found));

export function operationsReads(sql: Sql, org: OrgId): OperationsReads {
  return {
    async settings() {
      const [row] = await sql<{ operations: unknown }>(`select document -> 'operations' operations from organization where org = $1`, [org]);
      return OperationsSettings.parse(row?.operations ?? {});
    },
    async currency() {
      const [row] = await sql<{ currency: string }>('select currency from organization where org = $1', [org]);
      return row?.currency ?? 'EUR';
    },
    async calendar() {
      const [row] = await sql<{ calendar: unknown }>(`select document -> 'calendar' calendar from organization where org = $1`, [org]);
      return WorkCalendar.nullable().parse(row?.calendar ?? null);
    },
    async stock(item, site) {
      const [row] = await sql<{ level: number | null; counted: string | null; moved: string | null }>(
        `select ${levelSql('$1', '$2', '$3')} level, (select c.counted_on::text from stock_count c where c.org = $1 and c.item = $2 and c.site = $3) counted,
           (select max(m.moved_on)::text from stock_movement m join stock_count c on c.org = m.org and c.item = m.item and c.site = m.site
              where m.org = $1 and m.item = $2 and m.site = $3 and m.moved_on > c.counted_on) moved`,
        [org, item, site],
      );
      const [last] = await orders(sql, 'item = $2 and site = $3 order by ordered_on desc, received_on is null desc, received_on desc, number desc limit 1', [
        org,
        item,
        site,
      ]);
      return {
        lastOrder: last?.order ?? null,
        level: row?.level ?? null,
        countedOn: row?.counted ? LocalDate.parse(row.counted) : null,
        movedOn: row?.moved ? LocalDate.parse(row.moved) : null,
        open: await orders(sql, 'item = $2 and site = $3 and received_on is null order by expected, number', [org, item, site]),
      };
    },
    supplierStopped: async (supplier) => (await sql('select 1 from supplier_hold where org = $1 and supplier = $2', [org, supplier])).length > 0,
    async machine(machine) {
      const [row] = await sql<{ found: unknown }>(
        `select json_build_object('machine', machine, 'site', site, 'lastService', last_service::text, 'hours', hours, 'state', state) found from machine where org = $1 and machine = $2`,
        [org, machine],
      );
      const record = row && Machine.parse(row.found);
      const [booked] = await sql<{ day: string }>(
        'select min(day)::text as day from maintenance where org = $1 and machine = $2 and day > $3 having min(day) is not null',
        [org, machine, record?.lastService ?? '0001-01-01'],
      );
      return { record, booked: booked ? LocalDate.parse(booked.day) : null };
    },
    openOrders: () => orders(sql, 'received_on is null order by expected, number limit 10000', [org]),
  };
}

const Ordering = z.object({ name: z.string(), seller: z.string(), vat: z.string() });

/** @param now business clock in the organization's zone */
export function operationsWrites(sql: Sql, org: OrgId, now: LocalTime): OperationsWrites {
  const reads = operationsReads(sql, org);
  return {
    async order({ key, item, site, quantity, supplier, amount }) {
      const [known] = await orders(sql, 'key = $2', [org, key]);
      if (known) return known;
      await sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${org}/stock/${item}@${site}`]);
      const rule = (await reads.settings()).items.find((one) => one.item === item && one.site === site && one.supplier === supplier);
      if (!rule) throw new OperationsError('item_unknown', `\`${item}\` from \`${supplier}\` is not declared for \`${site}\` any more; nothing was ordered.`);
      const [open] = await orders(sql, 'item = $2 and site = $3 and received_on is null', [org, item, site]);
      if (open)
        throw new OperationsError('already_ordered', `\`${item}\` is on order already (\`${open.order}\`, expected ${open.expected}); nothing was ordered.`);
      const number = `CO-${key.slice(4, 14)}`;
      const expected = addDays(now.date, rule.lead_days);
      await sql(
        `insert into stock_order (org, number, key, item, site, quantity, supplier, minor, currency, ordered_on, expected) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [org, number, key, item, site, quantity, supplier, amount.minor, amount.currency, now.date, expected],
      );
      const price = moneyOf(rule.price, amount.currency);
      const line = { item, description: rule.name, quantity: String(quantity), unit: rule.unit, price, net: amount };
      const document = Order.parse({ number, supplier, ordered: now.date, orderedBy: '', lines: [line], net: amount });
      await sql('insert into purchase_order (org, number, supplier, document) values ($1, $2, $3, $4)', [org, number, supplier, JSON.stringify(document)]);
      const [who] = await sql(
        `select o.name, s.document ->> 'name' seller, s.document ->> 'vat' vat from organization o join supplier s on s.org = o.org and s.id = $2 where o.org = $1`,
        [org, supplier],
      );
      const { name, seller, vat } = Ordering.parse(who);
      const text = writeUblOrder({
        number,
        issued: now.date,
        expected,
        buyer: { name },
        seller: { name: seller, vat },
        line: { item, name: rule.name, unit: rule.unit, quantity, price },
      });
      await sql('insert into outbox_file (org, name, day, content) values ($1, $2, $3, $4)', [org, `order-${number}.xml`, now.date, text]);
      return { order: number, item, site, quantity, supplier, amount, orderedOn: now.date, expected, receivedOn: null };
    },
    async book({ key, machine, day, by }) {
      const [known] = await sql('select 1 from maintenance where org = $1 and key = $2', [org, key]);
      if (known) return;
      const rows = await sql('select 1 from machine where org = $1 and machine = $2 for update', [org, machine]);
      if (rows.length === 0) throw new OperationsError('machine_unknown', `\`${machine}\` is not in the machine register; nothing was booked.`);
      const { booked } = await reads.machine(machine);
      if (booked !== null) throw new OperationsError('already_booked', `A service of \`${machine}\` is booked for ${booked} already; nothing was booked.`);
      await sql('insert into maintenance (org, key, machine, day, by_whom) values ($1, $2, $3, $4, $5)', [org, key, machine, day, by]);
      const [zone] = await sql<{ zone: string }>('select zone from organization where org = $1', [org]);
      const at = instantAt(now.date, `${String(now.hour).padStart(2, '0')}:${String(now.minute).padStart(2, '0')}`, zone?.zone ?? 'UTC');
      const text = writeCalendar([{ uid: `${key}@charter`, day, summary: `Service of ${machine} by ${by}`, at, sequence: 0 }]);
      await sql('insert into outbox_file (org, name, day, content) values ($1, $2, $3, $4)', [
        org,
        `service-${machine}-${day}-${key.slice(4, 10)}.ics`,
        now.date,
        text,
      ]);
    },
  };
}

/** A newer count stands; an older one changes nothing. */
export async function fileCounts(sql: Sql, org: OrgId, counts: readonly StockCount[]): Promise<undefined> {
  for (const { item, site, counted, on } of counts)
    await sql(
      `insert into stock_count (org, item, site, counted, counted_on) values ($1, $2, $3, $4, $5)
       on conflict (org, item, site) do update set counted = excluded.counted, counted_on = excluded.counted_on where excluded.counted_on >= stock_count.counted_on`,
      [org, item, site, counted, on],
    );
  return undefined;
}

/** Each movement once; a delivery for an order of ours marks it as arrived. */
export async function fileMovements(sql: Sql, org: OrgId, all: readonly Movement[]): Promise<string | undefined> {
  for (const { id, item, site, kind, quantity, on, order } of all) {
    const kept = await sql(
      `insert into stock_movement (org, id, item, site, kind, quantity, moved_on, order_number) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (org, id) do update set id = excluded.id where (stock_movement.item, stock_movement.site, stock_movement.kind, stock_movement.quantity, stock_movement.moved_on)
         = (excluded.item, excluded.site, excluded.kind, excluded.quantity, excluded.moved_on) returning id`,
      [org, id, item, site, kind, quantity, on, order],
    );
    if (kept.length === 0) return `movement \`${id}\` is on file with other contents; give the new one a number of its own`;
    if (kind === 'delivery' && order !== null)
      await sql('update stock_order set received_on = coalesce(received_on, $5) where org = $1 and number = $2 and item = $3 and site = $4', [
        org,
        order,
        item,
        site,
        on,
      ]);
  }
  return undefined;
}

export async function fileMachines(sql: Sql, org: OrgId, all: readonly Machine[]): Promise<undefined> {
  for (const { machine, site, lastService, hours, state } of all)
    await sql(
      `insert into machine (org, machine, site, last_service, hours, state) values ($1, $2, $3, $4, $5, $6)
       on conflict (org, machine) do update set site = excluded.site, last_service = excluded.last_service, hours = excluded.hours, state = excluded.state`,
      [org, machine, site, lastService, hours, state],
    );
  return undefined;
}

export async function fileStockOrders(sql: Sql, org: OrgId, all: readonly StockOrder[]): Promise<undefined> {
  for (const { order, item, site, quantity, supplier, amount, orderedOn, expected, receivedOn } of all)
    await sql(
      `insert into stock_order (org, number, item, site, quantity, supplier, minor, currency, ordered_on, expected, received_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (org, number) do update set expected = excluded.expected, received_on = coalesce(excluded.received_on, stock_order.received_on)`,
      [org, order, item, site, quantity, supplier, amount.minor, amount.currency, orderedOn, expected, receivedOn],
    );
  return undefined;
}

/** What the records say beside a card's values. */
export async function operationsContext(sql: Sql, org: OrgId, args: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>> {
  const { item, site, supplier, machine } = args;
  const [row] = await sql<{ item: string | null; level: string | null; seller: string | null; machine: string | null; lastService: string | null }>(
    `select (select i ->> 'name' from jsonb_array_elements(coalesce(o.document -> 'operations' -> 'items', '[]')) i where i ->> 'item' = $2 and i ->> 'site' = $3 limit 1) item,
       ${levelSql('$1', '$2', '$3')}::text "level", (select s.document ->> 'name' from supplier s where s.org = $1 and s.id = $4) seller,
       (select i ->> 'name' from jsonb_array_elements(coalesce(o.document -> 'operations' -> 'machines', '[]')) i where i ->> 'machine' = $5 limit 1) machine,
       (select m.last_service::text from machine m where m.org = $1 and m.machine = $5) "lastService" from organization o where o.org = $1`,
    [org, ...[item, site, supplier, machine].map((value) => (typeof value === 'string' ? value : null))],
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
