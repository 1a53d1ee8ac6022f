/** Rules about leave and the rota that an owner makes without Cedar. */
import { asking, cedar, defineTemplate, type DraftedCase } from '../../src/kernel/template.ts';

const leaveOf = (days: number): DraftedCase => ({ name: `${days} days`, facts: { leave: { days } } });

export const longLeave = defineTemplate({
  id: 'leave-longer',
  domain: 'staffing',
  title: 'Leave of more than {days} days needs {role}',
  says: 'Both the first and the last day count. Whoever decides about leave anyway is asked as well.',
  takes: ['days', 'role'],
  draft: ({ days, role }) => ({
    action: cedar`in Action::"Leave"`,
    when: cedar`context.leave.days > ${days}`,
    asks: asking(role, 1, 'P5D'),
    words: '{leave.days} days',
    cases: { tool: 'staffing.decide_leave', caught: [leaveOf(days + 1)], free: [leaveOf(days)] },
  }),
});

export const longWeek = defineTemplate({
  id: 'shift-week-hours',
  domain: 'staffing',
  title: 'A shift that makes more than {hours} hours in a week needs {role}',
  says: 'Narrower than the contract: somebody looks before a week becomes long.',
  takes: ['hours', 'role'],
  draft: ({ hours, role }) => {
    const week = (name: string, week_minutes: number): DraftedCase => ({ name, facts: { duty: { week_minutes } } });
    return {
      action: cedar`in Action::"Roster"`,
      when: cedar`context.duty.week_minutes > ${hours * 60}`,
      asks: asking(role, 1, 'P1D'),
      words: '{duty.week_minutes} minutes that week',
      cases: { tool: 'staffing.assign_shift', caught: [week('a minute more', hours * 60 + 1)], free: [week('as much', hours * 60)] },
    };
  },
});
