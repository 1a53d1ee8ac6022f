/** What agents may read of operations. */
import { z } from 'zod';
import { defineReadTool } from '../../../kernel/define.ts';
import { Money } from '../../../kernel/money.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { costOf, serviceDay, serviceDue, toOrder } from '../need.ts';
import type { OperationsReads } from '../ports.ts';
import { ItemCode, Machine, MachineCode, StockOrder } from '../records.ts';

const StockLine = z.strictObject({
  item: ItemCode,
  name: z.string(),
  site: z.string(),
  level: z.int().nullable(),
  minimum: z.int(),
  target: z.int(),
  onOrder: z.int(),
  toOrder: z.int(), // now, by what is declared
});

export const listStock = defineReadTool<OperationsReads>()({
  name: 'operations.list_stock',
  summary: 'Stock of every declared item beside its minimum and target, and what is on order',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({}),
  output: z.array(StockLine),
  run: async (_input, operations) => {
    const lines = [];
    for (const item of (await operations.settings()).items) {
      const stock = await operations.stock(item.item, item.site);
      const { name, site, minimum, target } = item;
      lines.push({
        item: item.item,
        name,
        site,
        level: stock.level,
        minimum,
        target,
        onOrder: stock.open.reduce((sum, { quantity }) => sum + quantity, 0),
        toOrder: toOrder(item, stock),
      });
    }
    return lines;
  },
});

export const getItem = defineReadTool<OperationsReads>()({
  name: 'operations.get_item',
  summary: 'One item at a site: its level, what is declared of it, what is on order',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ item: ItemCode, site: z.string().max(60) }),
  output: StockLine.extend({ supplier: z.string(), stopped: z.boolean(), cost: Money }).nullable(), // null: it is not declared
  run: async ({ item: code, site }, operations) => {
    const item = (await operations.settings()).items.find((one) => one.item === code && one.site === site);
    if (!item) return null;
    const stock = await operations.stock(code, site);
    const { name, minimum, target, supplier } = item;
    const quantity = toOrder(item, stock);
    return {
      item: code,
      name,
      site,
      level: stock.level,
      minimum,
      target,
      onOrder: stock.open.reduce((sum, { quantity }) => sum + quantity, 0),
      toOrder: quantity,
      supplier,
      stopped: await operations.supplierStopped(supplier), // payments to it, by compliance
      cost: costOf(item, quantity, await operations.currency()), // of what is to be ordered
    };
  },
});

export const listOrders = defineReadTool<OperationsReads>()({
  name: 'operations.list_orders',
  summary: 'What is ordered and has not arrived, the earliest expected first',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({}),
  output: z.array(StockOrder),
  run: async (_input, operations) => [...(await operations.openOrders())],
});

export const listMachines = defineReadTool<OperationsReads>()({
  name: 'operations.list_machines',
  summary: 'Machines with their last service, hours since, and a service that is booked',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ today: LocalDate }),
  output: z.array(
    z.strictObject({
      machine: MachineCode,
      name: z.string(),
      record: Machine.nullable(),
      booked: LocalDate.nullable(),
      servicedBy: z.string(),
      bookFor: LocalDate.nullable(),
    }),
  ), // bookFor: the day to book, where it is not booked
  run: async ({ today }, operations) => {
    const all = [];
    const calendar = await operations.calendar();
    for (const { machine, name, serviced_by, ...rule } of (await operations.settings()).machines) {
      const { record, booked } = await operations.machine(machine);
      const bookFor = record && booked === null ? serviceDay(serviceDue(rule, record, today), today, calendar) : null;
      all.push({ machine, name, record: record ?? null, booked, servicedBy: serviced_by, bookFor });
    }
    return all;
  },
});
