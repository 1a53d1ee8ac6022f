/** An order of ten boards at 100.00, what came of it, and bills for it. */
import { digestBytes } from '../../../src/kernel/digest.ts';
import { money, type Money } from '../../../src/kernel/money.ts';
import { LocalDate, weekdayOf, type LocalTime } from '../../../src/kernel/time.ts';
import { priceOf } from '../../../src/domains/finance/price.ts';
import { Iban, InvoiceId, type GoodsReceipt, type Invoice, type Line, type Order } from '../../../src/domains/finance/records.ts';
import type { FinanceSettings } from '../../../src/domains/finance/settings.ts';

export const day = (date: string) => LocalDate.parse(date);
export const eur = (minor: number): Money => money(minor, 'EUR');

export const at = (date: string, time = '09:00'): LocalTime => ({
  date: day(date),
  hour: Number(time.slice(0, 2)),
  minute: Number(time.slice(3)),
  weekday: weekdayOf(day(date)),
});

export const line = (quantity: string, minor = 10_000, item = 'OAK'): Line => ({
  item,
  description: 'oak board',
  quantity,
  unit: 'C62',
  price: priceOf(eur(minor)),
  net: eur(Math.round(minor * Number(quantity))),
});

export const order: Order = { number: 'PO-1', supplier: 'S-001', ordered: day('2026-02-01'), orderedBy: 'ada', lines: [line('10')], net: eur(100_000) };

export const receipt = (quantity: string, number = 'GR-1'): GoodsReceipt => ({
  number,
  order: 'PO-1',
  received: day('2026-02-10'),
  receivedBy: 'ben',
  lines: [{ item: 'OAK', quantity }],
});

export const tolerance = { price_percent: '2', amount: '10.00' };

/** Due on a Tuesday, with 19% tax. */
export function bill(number: string, lines: readonly Line[] = [line('10')], patch: Partial<Invoice> = {}): Invoice {
  const net = lines.reduce((sum, one) => sum + one.net.minor, 0);
  const tax = Math.round(net * 0.19);
  return {
    id: InvoiceId.parse(`S-001:${number.replaceAll(' ', '_')}`),
    supplier: 'S-001',
    number,
    issued: day('2026-02-12'),
    due: day('2026-03-10'),
    order: 'PO-1',
    lines: [...lines],
    net: eur(net),
    tax: eur(tax),
    total: eur(net + tax),
    charges: null,
    iban: Iban.parse('DE51820511173097531246'),
    discount: null,
    note: '',
    problems: [],
    source: digestBytes(number),
    ...patch,
  };
}

export const when: Pick<FinanceSettings, 'cutoff' | 'pay_days_ahead' | 'discount_worth_percent_a_year'> = {
  cutoff: '15:00',
  pay_days_ahead: 3,
  discount_worth_percent_a_year: '20',
};
