import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUblOrder } from '../../../src/domains/finance/formats/ubl.ts';
import { SupplierId } from '../../../src/domains/finance/records.ts';
import { writeUblOrder } from '../../../src/domains/operations/formats/ubl-order.ts';
import { WorkCalendar } from '../../../src/kernel/working-days.ts';
import { costOf, packsToTarget, serviceDay, serviceDue, toOrder } from '../../../src/domains/operations/need.ts';
import { ItemCode, MachineCode } from '../../../src/domains/operations/records.ts';
import { OperationsSettings } from '../../../src/domains/operations/settings.ts';
import { addDays, daysBetween, LocalDate, weekdayOf } from '../../../src/kernel/time.ts';
import { dataThere, problems } from '../../fixtures/schemas.ts';

const day = (date: string) => LocalDate.parse(date);
const { items } = OperationsSettings.parse({
  items: [{ item: 'beech', name: 'Beech', site: 'a', unit: 'H87', minimum: 20, target: 60, pack: 10, supplier: 'S-001', price: '38.50', lead_days: 5 }],
});
const [beech] = items;
if (!beech) throw new Error('no item');
const stock = (level: number | null, open = 0) => ({
  level,
  countedOn: day('2026-02-20'),
  movedOn: null,
  lastOrder: null,
  open: Array.from({ length: open }, () => ({
    order: 'x',
    item: ItemCode.parse('beech'),
    site: 'a',
    quantity: 1,
    supplier: 'S-001',
    amount: { minor: 1, currency: 'EUR' },
    orderedOn: day('2026-02-20'),
    expected: day('2026-02-25'),
    receivedOn: null,
  })),
});

describe('what to order', () => {
  test.each([
    ['at the minimum, nothing', stock(20), 0],
    ['below it, whole packs to the target', stock(14), 50],
    ['at nothing, the whole target', stock(0), 60],
    ['what is on order is not ordered again', stock(3, 1), 0],
    ['below nothing somebody counts first', stock(-1), 0],
    ['what was never counted is not ordered', stock(null), 0],
  ])('%s', (_law, state, quantity) => expect(toOrder(beech, state)).toBe(quantity));

  test('packs bring the level to the target, and never a whole pack above it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 500 }), (target, pack, level) => {
        const quantity = packsToTarget({ target, pack }, level);
        expect(quantity % pack).toBe(0);
        if (level < target) expect(level + quantity).toBeGreaterThanOrEqual(target);
        if (quantity > 0) expect(level + quantity).toBeLessThan(target + pack);
      }),
    ));
  test('it costs its price times its number, to the cent', () => expect(costOf(beech, 50, 'EUR')).toEqual({ minor: 192_500, currency: 'EUR' }));
  test('a minimum above the target is no declaration', () => {
    expect(OperationsSettings.safeParse({ items: [{ ...beech, minimum: 61 }] }).success).toBe(false);
  });
});

describe('when to service', () => {
  const machine = (lastService: string, hours: number) => ({
    machine: MachineCode.parse('saw'),
    site: 'a',
    lastService: day(lastService),
    hours,
    state: 'running' as const,
  });
  const rule = { every_days: 180, every_hours: 500 };
  test.each([
    ['after so many days', machine('2026-01-01', 10), '2026-06-30'],
    ['at once where the hours are used up', machine('2026-01-01', 500), '2026-03-02'],
    ['days that are over stay over', machine('2025-01-01', 500), '2025-06-30'],
  ])('%s', (_law, record, due) => expect(serviceDue(rule, record, day('2026-03-02'))).toBe(due));

  test('the day to book is a working day from tomorrow, and up to the due day where that leaves time', () =>
    fc.assert(
      fc.property(fc.integer({ min: -40, max: 60 }), fc.integer({ min: 0, max: 13 }), (ahead, shift) => {
        const today = addDays(day('2026-03-02'), shift);
        const due = addDays(today, ahead);
        const booked = serviceDay(due, today, null);
        expect(weekdayOf(booked)).toBeLessThanOrEqual(5);
        expect(booked > today).toBe(true);
        if (ahead > 3) expect(daysBetween(booked, due)).toBeGreaterThanOrEqual(0);
        expect(daysBetween(today, booked)).toBeLessThanOrEqual(Math.max(ahead, 3));
      }),
    ));

  test.each([
    ['a holiday is none', '2026-04-03', '2026-03-30', '2026-04-02'],
    ['nor are the days after a long closing', '2026-12-21', '2026-12-23', '2027-01-04'],
    ['beyond the calendar it is Monday to Friday', '2027-03-26', '2027-02-01', '2027-03-26'],
  ])('of the organization’s own calendar: %s', (_law, due, today, booked) => {
    const closing = ['24', '25', '26', '27', '28', '29', '30', '31'].map((n) => [`2026-12-${n}`, 'closed'] as const);
    const holidays = Object.fromEntries([['2026-04-03', 'Good Friday'], ...closing, ['2027-01-01', 'New Year']]);
    const calendar = WorkCalendar.parse({ from: '2026-01-01', through: '2027-01-31', holidays });
    expect(serviceDay(day(due), day(today), calendar)).toBe(booked);
  });
});

describe('an order that leaves', () => {
  const order = {
    number: 'CO-1',
    issued: '2026-03-02',
    expected: '2026-03-07',
    buyer: { name: 'Lindner & Voss <Joinery>' },
    seller: { name: 'Holz "AG"', vat: 'DE214731017' },
    line: { item: 'beech-27', name: 'Beech & more', unit: 'MTK', quantity: 50, price: { minor: 3_850, currency: 'EUR' } },
  };
  test('is read by our own reader of orders, which finance matches bills with', () => {
    expect(parseUblOrder(writeUblOrder(order), () => SupplierId.parse('S-001'))).toMatchObject({
      number: 'CO-1',
      supplier: 'S-001',
      lines: [{ item: 'beech-27', quantity: '50', net: { minor: 192_500 } }],
    });
  });
  test.skipIf(!dataThere)('is valid against its schema, whatever it is called', () => {
    for (const name of ['Beech & more', '<b>"x"</b>', '\u0001\ud83d', '木'])
      expect(problems(writeUblOrder({ ...order, line: { ...order.line, name } }), 'ubl-2.1/maindoc/UBL-Order-2.1.xsd'), name).toEqual([]);
  });
});
