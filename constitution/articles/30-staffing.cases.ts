/** What the articles of staffing are to say. */
import type { CaseTexts, Routine } from '../../src/kernel/cases.ts';

const assign = 'staffing.assign_shift';
const swap = 'staffing.swap_shift';
const ask = 'staffing.ask_consent';
const leave = 'staffing.decide_leave';

/** Calls that nothing stands against; a leave needs its person all the same. */
export const routine: Routine = {
  duty: {
    declared: true,
    past: false,
    person_active: true,
    double_booked: false,
    rest_minutes: 660,
    limit_rest_minutes: 660,
    day_minutes: 600,
    limit_day_minutes: 600,
    run_days: 6,
    limit_run_days: 6,
    skilled: true,
    certified: true,
    away: false,
    consent_missing: false,
    busy: false,
    own_site: true,
    week_minutes: 2_400,
    limit_week_minutes: 2_400,
    needed: true,
  },
  consent: { possible: true, answered: false, open: false },
  leave: { undecided: true, over: false, days: 5, decided_by: 'staffing' },
};

const everybody = { owner: 2, manager: 2, staffing: 2 };

/** Permitted as it is; denied with this one fact, whoever approves. */
const hard = (article: string, patch: Readonly<Record<string, boolean | number>>): CaseTexts => [
  { article, name: 'at its limit a shift is assigned', tool: assign, facts: {}, expect: 'permit' },
  { article, name: 'beyond it none is, whoever says so', tool: assign, facts: { base: { approvals: everybody }, duty: patch }, expect: 'deny' },
  { article, name: 'nor is one swapped', tool: swap, facts: { base: { approvals: everybody }, duty: patch }, expect: 'deny' },
];

const liftable = (article: string, patch: Readonly<Record<string, boolean | number>>): CaseTexts => [
  { article, name: 'within it nobody is asked', tool: assign, facts: {}, expect: 'permit' },
  { article, name: 'beyond it staffing is', tool: swap, facts: { duty: patch }, expect: 'escalate' },
  { article, name: 'and may say yes', tool: assign, facts: { base: { approvals: { staffing: 1 } }, duty: patch }, expect: 'permit' },
  { article, name: 'which nobody else may', tool: assign, facts: { base: { approvals: { owner: 2, manager: 2 } }, duty: patch }, expect: 'escalate' },
];

const granted = { base: { approvals: { staffing: 1 } } };

export const cases: CaseTexts = [
  ...hard('staffing.declared', { declared: false }),
  ...hard('staffing.past', { past: true }),
  ...hard('staffing.person', { person_active: false }),
  ...hard('staffing.double', { double_booked: true }),
  ...hard('staffing.rest', { rest_minutes: 659 }),
  ...hard('staffing.day', { day_minutes: 601 }),
  ...hard('staffing.run', { run_days: 7 }),
  ...hard('staffing.skill', { skilled: false }),
  ...hard('staffing.certificate', { certified: false }),
  ...hard('staffing.away', { away: true }),
  ...hard('staffing.consent', { consent_missing: true }),
  ...liftable('staffing.calendar', { busy: true }),
  ...liftable('staffing.site', { own_site: false }),
  ...liftable('staffing.hours', { week_minutes: 2_401 }),
  ...liftable('staffing.need', { needed: false }),
  { article: 'staffing.ask', name: 'for what they could do people are asked', tool: ask, facts: {}, expect: 'permit' },
  ...[{ possible: false }, { answered: true }, { open: true }].map((patch) => ({
    article: 'staffing.ask',
    name: `not where ${Object.entries(patch).join(' is ')}`.replace(',', ' is '),
    tool: ask,
    facts: { base: { approvals: everybody }, consent: patch },
    expect: 'deny' as const,
  })),
  { article: 'staffing.leave.open', name: 'what waits is decided', tool: leave, facts: granted, expect: 'permit' },
  { article: 'staffing.leave.open', name: 'what was decided is not', tool: leave, facts: { ...granted, leave: { undecided: false } }, expect: 'deny' },
  { article: 'staffing.leave.open', name: 'nor what is over', tool: leave, facts: { ...granted, leave: { over: true } }, expect: 'deny' },
  { article: 'staffing.leave.decided', name: 'staffing is asked', tool: leave, facts: {}, expect: 'escalate' },
  { article: 'staffing.leave.decided', name: 'and decides', tool: leave, facts: granted, expect: 'permit' },
  {
    article: 'staffing.leave.owner',
    name: 'of staffing itself the owner is asked',
    tool: leave,
    facts: { leave: { decided_by: 'owner' } },
    expect: 'escalate',
  },
  {
    article: 'staffing.leave.owner',
    name: 'and decides',
    tool: leave,
    facts: { base: { approvals: { owner: 1 } }, leave: { decided_by: 'owner' } },
    expect: 'permit',
  },
  { article: 'staffing.leave.own', name: 'of another one decides', tool: leave, facts: granted, expect: 'permit' },
  {
    article: 'staffing.leave.own',
    name: 'of oneself nobody',
    tool: leave,
    facts: { base: { approvals: everybody }, leave: { decided_by: 'nobody' } },
    expect: 'deny',
  },
];
