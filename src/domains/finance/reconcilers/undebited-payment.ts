/** What was sent to the bank is on its statement a few days later: a payment that never is was lost, or refused without a word. */
import { defineReconciler } from '../../../kernel/define.ts';
import { show } from '../../../kernel/money.ts';
import { ProposalId } from '../../../kernel/ids.ts';
import { bankDaysAfter } from '../bank-days.ts';
import type { FinanceReads } from '../ports.ts';

const PATIENCE = 3; // bank days; a credit transfer is debited on the day it executes, and a file that came late a day or two after

export const undebitedPayment = defineReconciler<FinanceReads>()({
  name: 'finance.undebited_payment',
  domain: 'finance',
  keys: async (finance) => (await finance.pendingPayments()).filter(({ state }) => state === 'sent').map(({ key }) => key),
  desired: async () => 'debited' as const,
  async observed(key, finance) {
    const payment = await finance.payment(ProposalId.parse(key));
    return payment && { payment, balance: await finance.balance(payment.account) };
  },
  drift(key, _desired, observed) {
    if (observed?.payment.state !== 'sent' || !observed.balance) return []; // no statement: nothing was said of it
    const { payment, balance } = observed;
    if (bankDaysAfter(payment.executeOn, balance.on) <= PATIENCE) return [];
    const why = `${show(payment.amount)} to \`${payment.payeeName}\` was to leave \`${payment.account}\` on ${payment.executeOn}, and the statements up to ${balance.on} do not show it; ask the bank whether it executed \`${key}\``;
    return [{ subject: key, why, arose: payment.executeOn, facts: { executeOn: payment.executeOn } }];
  },
});
