/** Rules about stock and machines that an owner makes without Cedar. */
import { asking, cedar, defineTemplate, type DraftedCase } from '../../src/kernel/template.ts';

const order = 'operations.reorder_stock';

export const orderAbove = defineTemplate({
  id: 'order-above',
  domain: 'operations',
  title: 'An order of stock above {amount} needs {count} of {role}',
  says: 'What is ordered by itself stays small.',
  takes: ['amount', 'count', 'role'],
  draft: ({ amount, count, role }) => {
    const of = (name: string, amount_minor: number): DraftedCase => ({ name, facts: { reorder: { amount_minor } } });
    return {
      action: cedar`in Action::"Order"`,
      when: cedar`context.reorder.amount_minor > ${amount}`,
      asks: asking(role, count),
      words: 'asked {reorder.amount_minor}',
      cases: { tool: order, caught: [of('a cent more', amount + 1)], free: [of('as much', amount)] },
    };
  },
});

export const orderMonth = defineTemplate({
  id: 'order-month',
  domain: 'operations',
  title: 'An order that brings its budget line above {amount} this month needs {role}',
  says: 'Asked before the declared budget is used up.',
  takes: ['amount', 'role'],
  draft: ({ amount, role }) => {
    const of = (name: string, spent_budget_month_minor: number): DraftedCase => ({ name, facts: { reorder: { spent_budget_month_minor, amount_minor: 1 } } });
    return {
      action: cedar`in Action::"Order"`,
      when: cedar`context.reorder.spent_budget_month_minor + context.reorder.amount_minor > ${amount}`,
      asks: asking(role),
      words: 'with this one {reorder.spent_budget_month_minor + reorder.amount_minor}',
      cases: { tool: order, caught: [of('a cent more in the month', amount)], free: [of('as much in the month', amount - 1)] },
    };
  },
});

export const service = defineTemplate({
  id: 'service-booked',
  domain: 'operations',
  title: 'To take a machine out of use for its service needs {role}',
  says: 'A machine that stands still costs: somebody says when.',
  takes: ['role'],
  draft: ({ role }) => ({
    action: cedar`in Action::"Maintain"`,
    when: null,
    asks: asking(role),
    words: null,
    cases: { tool: 'operations.book_maintenance', caught: [{ name: 'a service', facts: {} }], free: [{ name: 'an order', tool: order, facts: {} }] },
  }),
});
