/** What the gate knows of compliance's calls. */
import { defineFacts } from '../../kernel/facts.ts';

/** Asking a person to see to an obligation. */
export const task = defineFacts('task', 'Assign', {
  obligation_known: 'bool',
  person_active: 'bool', // who is asked
  task_open: 'bool', // somebody was asked already and has not done it
});

/** Filing what shows that an obligation is met. */
export const evidence = defineFacts('evidence', 'Evidence', {
  obligation_known: 'bool',
  kind_agrees: 'bool', // the kind that the obligation asks for
  period_begun: 'bool', // it covers a day up to today
  period_over: 'bool', // its last day is past
});

/** Stopping payments to a supplier, or letting them go on. */
export const hold = defineFacts('hold', 'Restrain', { supplier_known: 'bool', held: 'bool' });
export const lift = defineFacts('lift', 'LiftHold', { supplier_known: 'bool', held: 'bool' });
