/** Rules about obligations and stopped payments that an owner makes without Cedar. */
import { asking, cedar, defineTemplate } from '../../src/kernel/template.ts';

export const evidence = defineTemplate({
  id: 'evidence-votes',
  domain: 'compliance',
  title: 'Evidence that an obligation is met needs {count} of {role}',
  says: 'Two people look at what an auditor will look at.',
  takes: ['count', 'role'],
  draft: ({ count, role }) => ({
    action: cedar`in Action::"Evidence"`,
    when: null,
    asks: asking(role, count, 'P5D'),
    words: null,
    cases: {
      tool: 'compliance.file_evidence',
      caught: [{ name: 'a paper', facts: {} }],
      free: [{ name: 'a question', tool: 'compliance.open_task', facts: {} }],
    },
  }),
});

export const lift = defineTemplate({
  id: 'lift-votes',
  domain: 'compliance',
  title: 'To let stopped payments go on it needs {count} of {role}',
  says: 'What compliance stopped goes on by more than one word.',
  takes: ['count', 'role'],
  draft: ({ count, role }) => ({
    action: cedar`in Action::"LiftHold"`,
    when: null,
    asks: asking(role, count, 'P5D'),
    words: null,
    cases: {
      tool: 'compliance.lift_hold',
      caught: [{ name: 'payments go on', facts: {} }],
      free: [{ name: 'payments are stopped', tool: 'compliance.hold', facts: {} }],
    },
  }),
});
