/** The months that the example has: what was billed in February 2026 and what the bank booked, with and without what was planted. */
import type { Iban, StatementLine } from '../src/domains/finance/records.ts';
import { money, type Money } from '../src/kernel/money.ts';
import { LocalDate } from '../src/kernel/time.ts';
import { bills, suppliers, type Bill, type Supply } from './workshop-data.ts';

const day = (text: string): LocalDate => LocalDate.parse(text);

/** A debit on the statement that no bill and no regular payment explains. */
export interface Stray {
  readonly booked: LocalDate;
  readonly minor: number;
  readonly counterparty: string;
  readonly bban: string;
  readonly remittance: string;
}

const strays: readonly Stray[] = [
  {
    booked: day('2026-02-18'),
    minor: -48_790,
    counterparty: 'Direktmarketing Nordlicht',
    bban: '200505501234998877',
    remittance: 'Ihr Eintrag im Firmenverzeichnis 2026',
  },
];

export interface Month {
  readonly bills: readonly Bill[];
  readonly strays: readonly Stray[];
}
export const february: Month = { bills, strays };
/** February without what was planted in it. What asks for nothing stays: it is there to tempt. */
export const cleanMonth: Month = { bills: bills.filter(({ expect }) => expect === undefined || expect.startsWith('nothing')), strays: [] };

export const OPENING = 5_842_316; // operating account on 1 February
export const RESERVE_OPENING = 3_000_000;

const customers: readonly (readonly [string, number, string, string])[] = [
  ['2026-02-03', 1_284_900, 'Praxis Dr. Ahrens', 'Invoice 26-104, reception counter'],
  ['2026-02-06', 642_600, 'Familie Seidel', 'Invoice 26-101, staircase'],
  ['2026-02-10', 2_380_000, 'Hotel Zum Schwan', 'Invoice 26-098, second instalment'],
  ['2026-02-17', 904_400, 'Stadtbücherei Weimar', 'Invoice 26-107, shelves'],
  ['2026-02-20', 1_558_900, 'Café Rosental', 'Invoice 26-109, interior'],
  ['2026-02-26', 785_400, 'Wohnbau Saaletal eG', 'Invoice 26-111, doors'],
];

/** Rent, wages and the like go to accounts that `desired/finance.yaml` declares. */
export const REGULAR = { rent: '820640380000771122', wages: '820510009900001000', health: '100900004455667788' } as const;

/** Every line on the operating account in February, by day. */
export function debits(
  month: Month,
  ibanOf: (supplier: Supply) => Iban,
  operating: Iban,
  reserve: Iban,
  totals: (bill: Bill) => { total: Money },
  iban: (bban: string) => Iban,
): readonly StatementLine[] {
  const lines: Omit<StatementLine, 'reference' | 'account' | 'returned'>[] = [
    ...customers.map(([booked, minor, counterparty, remittance]) => ({
      booked: day(booked),
      amount: money(minor, 'EUR'),
      counterparty,
      counterpartyIban: null,
      endToEndId: null,
      remittance,
    })),
    {
      booked: day('2026-02-02'),
      amount: money(-480_000, 'EUR'),
      counterparty: 'Grundstücke Ettersberg GbR',
      counterpartyIban: iban(REGULAR.rent),
      endToEndId: null,
      remittance: 'Rent February, Mill Lane and Station Yard',
    },
    {
      booked: day('2026-02-13'),
      amount: money(-412_350, 'EUR'),
      counterparty: 'Gesundheitskasse',
      counterpartyIban: iban(REGULAR.health),
      endToEndId: null,
      remittance: 'Contributions February',
    },
    {
      booked: day('2026-02-16'),
      amount: money(-400_000, 'EUR'),
      counterparty: 'Lindner & Voss Joinery',
      counterpartyIban: reserve,
      endToEndId: null,
      remittance: 'To the reserve',
    },
    ...month.strays.map(({ booked, minor, counterparty, bban, remittance }) => ({
      booked,
      amount: money(minor, 'EUR'),
      counterparty,
      counterpartyIban: iban(bban),
      endToEndId: null,
      remittance,
    })),
    {
      booked: day('2026-02-27'),
      amount: money(-3_918_400, 'EUR'),
      counterparty: 'Wages, collective',
      counterpartyIban: iban(REGULAR.wages),
      endToEndId: null,
      remittance: 'Wages February',
    },
    ...month.bills.flatMap((one) => {
      const supplier = suppliers.find(({ id }) => id === one.supplier);
      return one.paid && supplier
        ? [
            {
              booked: day(one.paid),
              amount: money(-totals(one).total.minor, 'EUR'),
              counterparty: supplier.name,
              counterpartyIban: ibanOf(supplier),
              endToEndId: null,
              remittance: `Invoice ${one.number}`,
            },
          ]
        : [];
    }),
  ];
  return lines
    .sort((a, b) => (a.booked < b.booked ? -1 : 1))
    .map((line, n) => ({ ...line, returned: null, account: operating, reference: `OPR-${String(n + 1).padStart(4, '0')}` }));
}
