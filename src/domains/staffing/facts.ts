/** What the gate knows of staffing's calls: the measures of `rules.ts`, each beside its limit. */
import { defineFacts } from '../../kernel/facts.ts';

/** Somebody takes on a shift: by assignment, or by a swap. Of several people or shifts, the worst is said. */
export const duty = defineFacts('duty', 'Roster', {
  declared: 'bool', // the shift is declared at its site, and whoever gives one away has it
  past: 'bool', // a shift begins before today
  person_active: 'bool', // and in the staff register
  double_booked: 'bool',
  rest_minutes: 'long', // the shortest rest beside the new shift
  limit_rest_minutes: 'long',
  day_minutes: 'long', // worked on the day
  limit_day_minutes: 'long',
  run_days: 'long', // days in a row with the new one
  limit_run_days: 'long',
  skilled: 'bool',
  certified: 'bool', // on that day
  away: 'bool', // on leave, or otherwise absent
  consent_missing: 'bool', // it is needed, and the person has not given it
  busy: 'bool', // their calendar has an appointment
  own_site: 'bool',
  week_minutes: 'long', // in the week of the new shift
  limit_week_minutes: 'long', // by contract
  needed: 'bool', // the slot is short of the skill
});

/** Asking a person whether they would. */
export const consent = defineFacts('consent', 'Consent', {
  possible: 'bool', // with their word nothing else would forbid it
  answered: 'bool', // they gave their word on this shift already
  open: 'bool', // they were asked and have not answered
});

/** Granting or refusing a leave. */
export const leave = defineFacts('leave', 'Leave', {
  undecided: 'bool', // it is on file, plain leave, and nobody decided it
  over: 'bool', // its last day is past
  days: 'long', // calendar days, the first and the last counted
  decided_by: 'text', // `staffing`; `owner` where staffing asks for itself; `nobody` where the asker holds both
});
