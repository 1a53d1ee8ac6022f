/** What the gate knows of operations' calls. Sums include what is reserved, and never the proposal's own. */
import { defineFacts } from '../../kernel/facts.ts';

/** Ordering stock. */
export const reorder = defineFacts(
  'reorder',
  'Order',
  {
    amount_minor: 'long',
    home_currency: 'bool',
    spent_day_minor: 'long', // by this agent, this business day
    spent_budget_month_minor: 'long', // of the supplier's budget line, payments of bills included
    limit_budget_month_minor: 'long',
    item_declared: 'bool', // with this supplier and site, in `desired/operations.yaml`
    supplier_active: 'bool', // in the supplier register
    price_agrees: 'bool', // the amount is the declared price times the quantity
    level_known: 'bool', // it was counted, and its movements do not make it less than nothing
    below_minimum: 'bool',
    within_target: 'bool', // with what is ordered, at most one pack above the target
    order_open: 'bool', // something of it is ordered and has not arrived
  },
  ['spent_day_minor', 'spent_budget_month_minor', 'limit_budget_month_minor'],
);

/** Booking a service of a machine. */
export const maintenance = defineFacts('maintenance', 'Maintain', {
  machine_known: 'bool',
  day_ahead: 'bool', // from tomorrow, and within a year
  machine_free: 'bool', // nothing is booked for it that has not been done
});
