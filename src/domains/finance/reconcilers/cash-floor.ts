/** Keeps each account above its floor, with what is instructed and not yet booked taken off. */
import { defineReconciler } from '../../../kernel/define.ts';
import { atLeast, money, moneyOf, show, subtract, sum } from '../../../kernel/money.ts';
import type { FinanceReads } from '../ports.ts';
import { Iban } from '../records.ts';

export const cashFloor = defineReconciler<FinanceReads>()({
  name: 'finance.cash_floor',
  domain: 'finance',
  keys: async (finance) => (await finance.settings()).accounts.map(({ iban }) => iban),
  desired: async (account, finance) => (await finance.settings()).accounts.find(({ iban }) => iban === account)?.floor ?? '0',
  observed: async (account, finance) => ({
    balance: await finance.balance(Iban.parse(account)),
    pending: (await finance.pendingPayments()).filter((payment) => payment.account === account),
  }),
  drift(account, floor, { balance, pending }) {
    if (!balance) return [{ subject: account, why: `no statement for \`${account}\``, arose: null, facts: { unseen: true } }]; // unknown is not zero
    const { currency } = balance.amount;
    const foreign = pending.filter(({ amount }) => amount.currency !== currency);
    if (foreign.length > 0)
      return [
        {
          subject: account,
          why: `\`${account}\` has ${foreign.length} payments under way that are not in ${currency}; what it will hold is not known`,
          arose: null,
          facts: { foreign: foreign.map(({ key }) => key) },
        },
      ];
    const left = subtract(
      balance.amount,
      sum(
        pending.map(({ amount }) => amount),
        currency,
      ),
    );
    const wanted = moneyOf(floor, currency);
    if (atLeast(left, wanted)) return [];
    const short = money(wanted.minor - left.minor, currency);
    return [
      {
        subject: account,
        why: `\`${account}\` will hold ${show(left)}, ${show(short)} below its floor of ${show(wanted)}`,
        arose: null,
        facts: { left: left.minor, floor: wanted.minor },
      },
    ];
  },
});
