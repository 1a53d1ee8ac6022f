import { z } from 'zod';
import { defineWriteTool } from '../../../kernel/define.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { ConsentInput } from '../calls.ts';
import { consent } from '../facts.ts';
import type { StaffingWrites } from '../ports.ts';
import { slotOf } from '../records.ts';

/** Asks a person whether they would take a shift. Only they can answer; nothing changes by the question. */
export const askConsent = defineWriteTool<StaffingWrites>()({
  name: 'staffing.ask_consent',
  summary: 'Ask a person whether they would take a shift, where that needs their own word',
  classification: 'confidential',
  effect: 'write',
  input: ConsentInput,
  output: z.strictObject({ answerBy: LocalDate }),
  governs: { person: 'recipient', site: 'identifier', shift: 'identifier' },
  facts: consent,
  resource: { type: 'Person', argument: 'person' },
  compensation: { tool: null, why: 'The person was asked. They may refuse, and without an answer in time it ends by itself.' },
  answers: ['respond'], // whom to ask follows from the rota: another person is another search
  card: ({ site, day, shift, person, instead_of, gives }, onRecord) => [
    { label: 'Ask', value: onRecord['person'] ?? person },
    { label: 'Whether they take', value: `${shift}, ${day}, ${site}` },
    ...(instead_of === null ? [] : [{ label: 'Instead of', value: onRecord['insteadOf'] ?? instead_of }]),
    ...(gives ? [{ label: 'In return for', value: `${gives.shift}, ${gives.day}, ${gives.site}` }] : []),
  ],
  run: async ({ person, gives, instead_of, ...opening }, staffing, { proposal }) => ({
    answerBy: await staffing.askConsent({ person, slot: slotOf(opening), gives, insteadOf: instead_of, key: proposal }),
  }),
});
