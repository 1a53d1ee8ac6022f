/** What the articles of operations are to say. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const order = 'operations.reorder_stock';
const book = 'operations.book_maintenance';

/** Calls that need nobody. */
export const routine: Routine = {
  reorder: {
    amount_minor: 60_000,
    home_currency: true,
    spent_day_minor: 0,
    spent_budget_month_minor: 0,
    limit_budget_month_minor: 250_000,
    item_declared: true,
    supplier_active: true,
    price_agrees: true,
    level_known: true,
    below_minimum: true,
    within_target: true,
    order_open: false,
  },
  maintenance: { machine_known: true, day_ahead: true, machine_free: true },
};

const without = (article: string, tool: string, sheet: string, facts: readonly string[]): CaseTexts =>
  facts.map((fact) => ({ article, name: `not where ${fact.replaceAll('_', ' ')} does not hold`, tool, facts: { [sheet]: { [fact]: false } }, expect: 'deny' }));

export const cases: CaseTexts = [
  { article: 'operations.declared', name: 'what is declared is ordered', tool: order, facts: {}, expect: 'permit' },
  ...without('operations.declared', order, 'reorder', ['item_declared', 'supplier_active', 'price_agrees']),
  { article: 'operations.level', name: 'what is below its minimum is ordered', tool: order, facts: {}, expect: 'permit' },
  ...without('operations.level', order, 'reorder', ['level_known', 'below_minimum', 'within_target']),
  { article: 'operations.twice', name: 'what is not on order is ordered', tool: order, facts: {}, expect: 'permit' },
  {
    article: 'operations.twice',
    name: 'what is on order is not, whoever says so',
    tool: order,
    facts: { base: { approvals: { operations: 2, owner: 1 } }, reorder: { order_open: true } },
    expect: 'deny',
  },
  {
    article: 'operations.call',
    name: 'up to the limit for one order nobody is asked',
    tool: order,
    facts: { reorder: { amount_minor: 200_000 } },
    expect: 'permit',
  },
  { article: 'operations.call', name: 'above it operations is', tool: order, facts: { reorder: { amount_minor: 200_001 } }, expect: 'escalate' },
  {
    article: 'operations.call',
    name: 'and may say yes',
    tool: order,
    facts: { base: { approvals: { operations: 1 } }, reorder: { amount_minor: 200_001 } },
    expect: 'permit',
  },
  {
    article: 'operations.day',
    name: 'up to the limit for a day nobody is asked',
    tool: order,
    facts: { reorder: { spent_day_minor: 940_000 } },
    expect: 'permit',
  },
  { article: 'operations.day', name: 'above it operations is', tool: order, facts: { reorder: { spent_day_minor: 940_001 } }, expect: 'escalate' },
  {
    article: 'operations.day',
    name: 'with the word of operations it goes through',
    tool: order,
    facts: { base: { approvals: { operations: 1 } }, reorder: { spent_day_minor: 940_001 } },
    expect: 'permit',
  },
  {
    article: 'operations.budget',
    name: 'up to the budget line nobody is asked',
    tool: order,
    facts: { reorder: { spent_budget_month_minor: 190_000 } },
    expect: 'permit',
  },
  { article: 'operations.budget', name: 'above it the owner is', tool: order, facts: { reorder: { spent_budget_month_minor: 190_001 } }, expect: 'escalate' },
  {
    article: 'operations.budget',
    name: 'with the word of the owner it goes through',
    tool: order,
    facts: { base: { approvals: { owner: 1 } }, reorder: { spent_budget_month_minor: 190_001 } },
    expect: 'permit',
  },
  { article: 'operations.currency', name: 'our own currency is ordered in', tool: order, facts: {}, expect: 'permit' },
  { article: 'operations.currency', name: 'another one is not', tool: order, facts: { reorder: { home_currency: false } }, expect: 'deny' },
  { article: 'operations.service', name: 'a free machine is serviced on a day ahead', tool: book, facts: {}, expect: 'permit' },
  ...without('operations.service', book, 'maintenance', ['machine_known', 'day_ahead', 'machine_free']),
  {
    article: 'operations.conflict',
    name: 'whoever has no part in the supplier asks by themselves',
    tool: order,
    facts: { base: { requester: 'clara' } },
    expect: 'permit',
  },
  {
    article: 'operations.conflict',
    name: 'whoever has a part in it does not',
    tool: order,
    facts: { base: { requester: 'clara', requester_conflicted: true } },
    expect: 'escalate',
  },
  {
    article: 'operations.conflict',
    name: 'somebody else in operations looked at it',
    tool: order,
    facts: { base: { requester: 'clara', requester_conflicted: true, approvals: { operations: 1 }, approved_by: ['emre'] } },
    expect: 'permit',
  },
  {
    article: 'operations.person.month',
    name: 'up to the month of a person nobody is asked',
    tool: order,
    facts: { base: { spent_person_month_minor: 1_940_000 } },
    expect: 'permit',
  },
  {
    article: 'operations.person.month',
    name: 'a cent above it operations is',
    tool: order,
    facts: { base: { spent_person_month_minor: 1_940_001 } },
    expect: 'escalate',
  },
  {
    article: 'operations.person.month',
    name: 'with the word of operations it goes through',
    tool: order,
    facts: { base: { spent_person_month_minor: 1_940_001, approvals: { operations: 1 } } },
    expect: 'permit',
  },
];
