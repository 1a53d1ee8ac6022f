/** Rules about payments that an owner makes without Cedar. */
import { asking, cedar, defineTemplate, WEEKDAYS, type DraftedCase, type Piece } from '../../src/kernel/template.ts';

const pay = 'finance.pay_invoice';
const money = cedar`in Action::"Money"`;
const payment = (name: string, facts: Readonly<Record<string, boolean | number | string>>): DraftedCase => ({ name, facts: { payment: facts } });

export const newSupplier = defineTemplate({
  id: 'payment-new-supplier',
  domain: 'finance',
  title: 'A payment above {amount} to a new supplier needs {role}',
  says: 'More eyes on the first large payments to somebody you have not paid before.',
  takes: ['amount', 'role'],
  draft: ({ amount, role }) => ({
    action: money,
    when: cedar`context.payment.supplier_new && context.payment.amount_minor > ${amount}`,
    asks: asking(role),
    words: 'asked {payment.amount_minor}',
    cases: {
      tool: pay,
      caught: [payment('a cent more to a new supplier', { supplier_new: true, amount_minor: amount + 1 })],
      free: [
        payment('as much to a new supplier', { supplier_new: true, amount_minor: amount }),
        payment('more to a supplier that is not new', { supplier_new: false, amount_minor: amount + 1 }),
      ],
    },
  }),
});

export const above = defineTemplate({
  id: 'payment-above',
  domain: 'finance',
  title: 'A payment above {amount} needs {count} of {role}',
  says: 'A second person, or a role of your choice, for what is large for you.',
  takes: ['amount', 'count', 'role'],
  draft: ({ amount, count, role }) => ({
    action: money,
    when: cedar`context.payment.amount_minor > ${amount}`,
    asks: asking(role, count),
    words: 'asked {payment.amount_minor}',
    cases: {
      tool: pay,
      caught: [payment('a cent more', { amount_minor: amount + 1 })],
      free: [payment('as much', { amount_minor: amount })],
    },
  }),
});

export const supplier = defineTemplate({
  id: 'payment-supplier',
  domain: 'finance',
  title: 'Every payment to supplier {supplier} needs {role}',
  says: 'A supplier whom somebody wants to look at each time.',
  takes: ['supplier', 'role'],
  draft: ({ supplier: id, role }) => ({
    action: money,
    when: cedar`context.payment.supplier == ${id}`,
    asks: asking(role),
    words: null,
    cases: { tool: pay, caught: [payment('a payment to it', { supplier: id })], free: [payment('one to another', { supplier: `${id}0` })] },
  }),
});

export const supplierAbove = defineTemplate({
  id: 'payment-supplier-above',
  domain: 'finance',
  title: 'A payment above {amount} to supplier {supplier} needs {role}',
  says: 'A bound of its own for one supplier.',
  takes: ['amount', 'supplier', 'role'],
  draft: ({ amount, supplier: id, role }) => ({
    action: money,
    when: cedar`context.payment.supplier == ${id} && context.payment.amount_minor > ${amount}`,
    asks: asking(role),
    words: 'asked {payment.amount_minor}',
    cases: {
      tool: pay,
      caught: [payment('a cent more to it', { supplier: id, amount_minor: amount + 1 })],
      free: [payment('as much to it', { supplier: id, amount_minor: amount }), payment('more to another', { supplier: `${id}0`, amount_minor: amount + 1 })],
    },
  }),
});

export const supplierMonth = defineTemplate({
  id: 'payment-supplier-month',
  domain: 'finance',
  title: 'More than {amount} in a month to one supplier needs {role}',
  says: 'Counts what was paid and what is under way to the same supplier this month.',
  takes: ['amount', 'role'],
  draft: ({ amount, role }) => ({
    action: money,
    when: cedar`context.payment.spent_supplier_month_minor + context.payment.amount_minor > ${amount}`,
    asks: asking(role),
    words: 'with this one {payment.spent_supplier_month_minor + payment.amount_minor}',
    cases: {
      tool: pay,
      caught: [payment('a cent more in the month', { spent_supplier_month_minor: amount, amount_minor: 1 })],
      free: [payment('as much in the month', { spent_supplier_month_minor: amount - 1, amount_minor: 1 })],
    },
  }),
});

/** Of hours that end after they begin, and are not the whole day. */
const outside = (from: number, until: number): Piece => {
  const [early, late] = [cedar`context.base.hour < ${from}`, cedar`context.base.hour >= ${until}`];
  return from === 0 ? late : until === 24 ? early : cedar`${early} || ${late}`;
};

export const hours = defineTemplate({
  id: 'payment-hours',
  domain: 'finance',
  title: 'Before {from} and from {until} o’clock a payment needs {role}',
  says: 'Payments happen while somebody is there. Reviews that pay earlier or later wait for people.',
  takes: ['from', 'until', 'role'],
  draft: ({ from, until, role }) => {
    const at = (name: string, hour: number): DraftedCase => ({ name, facts: { base: { hour } } });
    const early = from > 0 ? [at(`at ${from - 1}`, from - 1)] : [];
    const late = until < 24 ? [at(`at ${until}`, until)] : [];
    return {
      action: money,
      when: outside(from, until),
      asks: asking(role),
      words: null,
      cases: { tool: pay, caught: [...early, ...late], free: [at(`at ${from}`, from), at(`at ${until - 1}`, until - 1)] },
    };
  },
});

export const weekdays = defineTemplate({
  id: 'payment-weekdays',
  domain: 'finance',
  title: 'On {weekdays} a payment needs {role}',
  says: 'Nothing is paid by agents alone while nobody works.',
  takes: ['weekdays', 'role'],
  draft: ({ weekdays: named, role }) => {
    const numbers = WEEKDAYS.flatMap((day, n) => (named.includes(day) ? [n + 1] : []));
    const others = WEEKDAYS.flatMap((day, n) => (named.includes(day) ? [] : [n + 1]));
    const on = (weekday: number): DraftedCase => ({ name: `on ${WEEKDAYS[weekday - 1] ?? ''}`, facts: { base: { weekday } } });
    const [first = 1, ...rest] = numbers;
    return {
      action: money,
      when: rest.reduce((all, day) => cedar`${all} || context.base.weekday == ${day}`, cedar`context.base.weekday == ${first}`),
      asks: asking(role),
      words: null,
      cases: { tool: pay, caught: numbers.map(on), free: others.map(on) },
    };
  },
});

export const release = defineTemplate({
  id: 'release-held',
  domain: 'finance',
  title: 'To release a held invoice it needs {count} of {role}',
  says: 'An invoice was held for a reason: more people than one may have to say that it is settled.',
  takes: ['count', 'role'],
  draft: ({ count, role }) => ({
    action: cedar`in Action::"Release"`,
    when: null,
    asks: asking(role, count),
    words: null,
    cases: { tool: 'finance.release_invoice', caught: [{ name: 'a release', facts: {} }], free: [{ name: 'a payment', tool: pay, facts: {} }] },
  }),
});
