import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { leave } from '../facts.ts';
import type { StaffingWrites } from '../ports.ts';
import { LeaveId } from '../records.ts';

/** Grants or refuses a leave; a person always has the last word. Granted, the person's shifts in those days leave the rota with it. */
export const decideLeave = defineWriteTool<StaffingWrites>()({
  name: 'staffing.decide_leave',
  summary: 'Grant or refuse a leave that was asked for',
  classification: 'confidential',
  effect: 'write',
  input: z.strictObject({ leave: LeaveId, decision: z.enum(['grant', 'refuse']), reason: z.string().min(3).max(500) }),
  output: z.strictObject({ takenOff: z.int() }),
  governs: { leave: 'identifier', decision: 'identifier' },
  facts: leave,
  resource: { type: 'LeaveRequest', argument: 'leave' },
  compensation: { tool: null, why: 'Whoever asked for the leave was told. They hand it in anew, and the shifts that were taken off stand in a new rota.' },
  answers: ['edit', 'respond'],
  card: ({ leave: id, decision, reason }, onRecord) => [
    { label: decision === 'grant' ? 'Grant leave to' : 'Refuse leave to', value: onRecord['leaveOf'] ?? id },
    { label: 'Days', value: onRecord['leaveDays'] ?? id },
    ...(decision === 'grant' && onRecord['takenOff'] !== undefined ? [{ label: 'Taken off', value: onRecord['takenOff'] }] : []),
    { label: 'Because', prose: true, value: reason },
  ],
  run: ({ leave: id, decision, reason }, staffing, { proposal }) => staffing.decideLeave(id, decision === 'grant', reason, proposal),
});
