/** The ports of operations. Reading and writing are different types: reconcilers and read tools cannot write. */
import type { ProposalId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { LocalDate } from '../../kernel/time.ts';
import type { WorkCalendar } from '../../kernel/working-days.ts';
import type { ItemCode, Machine, MachineCode, StockOrder } from './records.ts';
import type { OperationsSettings } from './settings.ts';

/** What there is of an item at a site. */
export interface Stock {
  readonly level: number | null; // the last count and what moved after it, may be below zero; null: never counted
  readonly countedOn: LocalDate | null;
  readonly movedOn: LocalDate | null; // the last movement after the count
  readonly open: readonly StockOrder[]; // ordered and not arrived
  readonly lastOrder: string | null; // the newest, arrived or not: a shortage after it is another one
}

export interface MachineState {
  readonly record: Machine | undefined;
  readonly booked: LocalDate | null; // a service that is booked and not done
}

export interface OperationsReads {
  settings(): Promise<OperationsSettings>;
  /** The organization's, in which prices are declared. */
  currency(): Promise<string>;
  /** Which days the organization works; null where it does not say. */
  calendar(): Promise<WorkCalendar | null>;
  stock(item: ItemCode, site: string): Promise<Stock>;
  /** Whether compliance stopped payments to a supplier: nothing is ordered that could not be paid. */
  supplierStopped(supplier: string): Promise<boolean>;
  machine(machine: MachineCode): Promise<MachineState>;
  /** Everything that is ordered and has not arrived, the earliest expected first. */
  openOrders(): Promise<readonly StockOrder[]>;
}

export interface OperationsWrites {
  /**
   * Orders, and keeps the order where deliveries and bills are matched with it. Same key: nothing more happens.
   * @throws OperationsError `item_unknown`, `already_ordered`
   */
  order(order: {
    readonly key: ProposalId;
    readonly item: ItemCode;
    readonly site: string;
    readonly quantity: number;
    readonly supplier: string;
    readonly amount: Money;
  }): Promise<StockOrder>;
  /** Books a service for a day. @throws OperationsError `machine_unknown`, `already_booked` */
  book(booking: { readonly key: ProposalId; readonly machine: MachineCode; readonly day: LocalDate; readonly by: string }): Promise<void>;
}

/** A record of operations is missing or in a state in which the call makes no sense. */
export class OperationsError extends Error {
  override readonly name = 'OperationsError';
  constructor(
    readonly code: 'item_unknown' | 'already_ordered' | 'machine_unknown' | 'already_booked',
    message: string,
  ) {
    super(message);
  }
}
