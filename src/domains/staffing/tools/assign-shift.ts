import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { assigning, AssignInput } from '../calls.ts';
import { duty } from '../facts.ts';
import type { StaffingWrites } from '../ports.ts';

/** Puts somebody more on a shift. The rota, its version and the person's calendar change together. */
export const assignShift = defineWriteTool<StaffingWrites>()({
  name: 'staffing.assign_shift',
  summary: 'Put a person on a shift that is short of somebody',
  classification: 'internal',
  effect: 'write',
  input: AssignInput,
  output: z.strictObject({ version: z.int() }),
  governs: { person: 'recipient', site: 'identifier', shift: 'identifier' },
  facts: duty,
  resource: { type: 'Person', argument: 'person' },
  compensation: {
    tool: null,
    why: 'Nobody is taken off a shift without somebody in their place: hand it on with staffing.swap_shift, or file a new rota of that week.',
  },
  answers: ['edit', 'respond'],
  card: ({ site, day, shift, skill, person }, onRecord) => [
    { label: 'Put', value: onRecord['person'] ?? person },
    { label: 'On', value: `${shift}, ${day}, ${site}` },
    { label: 'As', value: skill },
    ...(onRecord['onShift'] === undefined ? [] : [{ label: 'Beside', value: onRecord['onShift'] }]),
  ],
  run: (args, staffing, { proposal }) => staffing.change(assigning(args), args, proposal),
});
