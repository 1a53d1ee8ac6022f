/** What the articles of compliance are to say. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const ask = 'compliance.open_task';
const file = 'compliance.file_evidence';
const stop = 'compliance.hold';
const lift = 'compliance.lift_hold';
const pay = 'finance.pay_invoice';

export const routine: Routine = {
  task: { obligation_known: true, person_active: true, task_open: false },
  evidence: { obligation_known: true, kind_agrees: true, period_begun: true, period_over: false },
  hold: { supplier_known: true, held: false },
  lift: { supplier_known: true, held: true },
};

const approved = { approvals: { compliance: 1 } };

export const cases: CaseTexts = [
  { article: 'compliance.task', name: 'an active person is asked about a known obligation', tool: ask, facts: {}, expect: 'permit' },
  { article: 'compliance.task', name: 'nobody is asked about one that is not known', tool: ask, facts: { task: { obligation_known: false } }, expect: 'deny' },
  { article: 'compliance.task', name: 'who left is not asked', tool: ask, facts: { task: { person_active: false } }, expect: 'deny' },
  { article: 'compliance.task', name: 'nor is a second one while the first has not done it', tool: ask, facts: { task: { task_open: true } }, expect: 'deny' },
  { article: 'compliance.evidence', name: 'what fits and covers today is filed once somebody looked', tool: file, facts: { base: approved }, expect: 'permit' },
  ...(['obligation_known', 'kind_agrees', 'period_begun'] as const).map((fact) => ({
    article: 'compliance.evidence',
    name: `not where ${fact.replaceAll('_', ' ')} does not hold, whoever looked`,
    tool: file,
    facts: { base: approved, evidence: { [fact]: false } },
    expect: 'deny' as const,
  })),
  { article: 'compliance.evidence', name: 'nor what is over', tool: file, facts: { base: approved, evidence: { period_over: true } }, expect: 'deny' },
  { article: 'compliance.evidence.vote', name: 'nobody files evidence alone', tool: file, facts: {}, expect: 'escalate' },
  { article: 'compliance.evidence.vote', name: 'a second person lets it count', tool: file, facts: { base: approved }, expect: 'permit' },
  { article: 'compliance.hold', name: 'payments to a supplier are stopped', tool: stop, facts: {}, expect: 'permit' },
  { article: 'compliance.hold', name: 'to nobody known there is nothing to stop', tool: stop, facts: { hold: { supplier_known: false } }, expect: 'deny' },
  { article: 'compliance.lift', name: 'what is stopped goes on', tool: lift, facts: { base: approved }, expect: 'permit' },
  { article: 'compliance.lift', name: 'what is not stopped does not', tool: lift, facts: { base: approved, lift: { held: false } }, expect: 'deny' },
  { article: 'compliance.lift', name: 'nor to nobody known', tool: lift, facts: { base: approved, lift: { supplier_known: false } }, expect: 'deny' },
  { article: 'compliance.lift.vote', name: 'compliance is asked first', tool: lift, facts: {}, expect: 'escalate' },
  { article: 'compliance.lift.vote', name: 'and may say yes', tool: lift, facts: { base: approved }, expect: 'permit' },
  { article: 'compliance.stopped', name: 'a supplier that is not stopped is paid', tool: pay, facts: {}, expect: 'permit' },
  {
    article: 'compliance.stopped',
    name: 'one that is stopped is not, whoever says so',
    tool: pay,
    facts: { base: { approvals: { finance: 2, owner: 1, compliance: 1 } }, payment: { supplier_stopped: true } },
    expect: 'deny',
  },
];
