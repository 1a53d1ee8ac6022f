/** How much to order, and when to service: pure. */
import { addDays, weekdayOf, type LocalDate } from '../../kernel/time.ts';
import { isWorkingDay, type WorkCalendar } from '../../kernel/working-days.ts';
import { money, moneyOf, type Money } from '../../kernel/money.ts';
import type { Machine } from './records.ts';
import type { Stock } from './ports.ts';
import type { Item, MachineRule } from './settings.ts';

/** Whole packs that bring the level to the target or, at most a pack less one, above it. */
export const packsToTarget = ({ target, pack }: Pick<Item, 'target' | 'pack'>, level: number): number => Math.max(0, Math.ceil((target - level) / pack)) * pack;

/** @param currency of the organization @throws RangeError beyond what money holds */
export const costOf = ({ price }: Pick<Item, 'price'>, quantity: number, currency: string): Money => money(moneyOf(price, currency).minor * quantity, currency);

/** Below its minimum, known, and nothing on order: then how many to order. */
export function toOrder(item: Item, { level, open }: Stock): number {
  return level !== null && level >= 0 && level < item.minimum && open.length === 0 ? packsToTarget(item, level) : 0;
}

/** The day by which a machine is to be serviced: by days alone, or today where its hours are used up. */
export function serviceDue(
  { every_days, every_hours }: Pick<MachineRule, 'every_days' | 'every_hours'>,
  { lastService, hours }: Machine,
  today: LocalDate,
): LocalDate {
  const byDays = addDays(lastService, every_days);
  return hours >= every_hours && byDays > today ? today : byDays;
}

const LONGEST_PAUSE = 31; // days: no calendar closes for longer than that, and then any day will do

/**
 * The last working day up to the due day; where none is left, the next from tomorrow. Where the organization's calendar does not
 * reach, Monday to Friday: it is a plan, and what a region keeps people know.
 */
export function serviceDay(due: LocalDate, today: LocalDate, calendar: WorkCalendar | null): LocalDate {
  const working = (day: LocalDate) => isWorkingDay(day, calendar) ?? weekdayOf(day) <= 5;
  for (let day = due; day > today; day = addDays(day, -1)) if (working(day)) return day;
  return Array.from({ length: LONGEST_PAUSE }, (_, n) => addDays(today, n + 1)).find(working) ?? addDays(today, 1);
}
