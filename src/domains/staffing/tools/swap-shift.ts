import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { swapping, SwapInput } from '../calls.ts';
import { duty } from '../facts.ts';
import type { StaffingWrites } from '../ports.ts';

/** A shift goes from one person to another, who may give one in return. Both are judged on the rota as it will be. */
export const swapShift = defineWriteTool<StaffingWrites>()({
  name: 'staffing.swap_shift',
  summary: 'Hand a shift from one person to another, in exchange for another shift or for none',
  classification: 'internal',
  effect: 'write',
  input: SwapInput,
  output: z.strictObject({ version: z.int() }),
  governs: { from: 'identifier', to: 'recipient', site: 'identifier', shift: 'identifier' },
  facts: duty,
  resource: { type: 'Person', argument: 'to' },
  compensation: {
    tool: 'staffing.swap_shift',
    args: ({ input: { from, to, ...slots } }) => ({ ...slots, from: to, to: from }),
    otherwise: 'A new rota of that week says who works when.',
  },
  answers: ['respond'], // it is what these two agreed to
  card: ({ site, day, shift, from, to, back }, onRecord) => [
    { label: 'Shift', value: `${shift}, ${day}, ${site}` },
    { label: 'Goes to', value: onRecord['to'] ?? to, before: onRecord['from'] ?? from },
    ...(back ? [{ label: 'In return', value: `${back.shift}, ${back.day}, ${back.site}` }] : []),
  ],
  run: (args, staffing, { proposal }) => staffing.change(swapping(args), args, proposal),
});
