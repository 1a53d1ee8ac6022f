import { defineAgent } from '../../src/kernel/define.ts';
import { getBalance, getInvoice, listDebits, listInvoices, listPayments } from '../../src/domains/finance/tools/reads.ts';
import { holdInvoice } from '../../src/domains/finance/tools/hold-invoice.ts';
import { payInvoice } from '../../src/domains/finance/tools/pay-invoice.ts';
import { releaseInvoice } from '../../src/domains/finance/tools/release-invoice.ts';
import { withdrawPayment } from '../../src/domains/finance/tools/withdraw-payment.ts';
import { playbook } from './playbook.ts';
import { questions } from './questions.ts';

/** Settles what the organization owes, on the day it should, and says why. */
export const agent = defineAgent({
  name: 'finance-analyst',
  domain: 'finance',
  purpose: 'Pay what is due to whom it is due, once, when it pays to; flag what is not right with a bill; keep each account above its floor.',
  owner: 'finance',
  reads: [listInvoices, getInvoice, getBalance, listPayments, listDebits],
  proposes: [payInvoice, withdrawPayment, holdInvoice, releaseInvoice],
  authority: { perCall: { minor: 200_000, currency: 'EUR' }, perDay: { minor: 1_000_000, currency: 'EUR' } },
  limits: { turns: 8, tokens: 60_000, money: { minor: 2_000, currency: 'EUR' } },
  playbook,
  questions,
});
