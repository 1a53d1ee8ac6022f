/** What a schema refuses is told as a person would say it: never in the words of the checker. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { mistakes } from '../../src/kernel/mistakes.ts';

const Call = z.strictObject({
  tool: z.string().min(1),
  reason: z.string().min(3).max(6).default('why not'),
  effect: z.enum(['read', 'write']).optional(),
  lines: z.array(z.strictObject({ item: z.string(), quantity: z.int() })).optional(),
  limits: z.partialRecord(z.enum(['finance', 'staffing']), z.int()).optional(),
});
const told = (value: unknown): readonly string[] => {
  const parsed = Call.safeParse(value);
  return parsed.success ? [] : mistakes(Call, value, parsed.error);
};

test.each<[string, unknown, string]>([
  [
    'a field that is none, with the nearest',
    { tool: 'a', raeson: 'because' },
    '`raeson` is no field here; take it out, or mend its spelling: name one of `reason`.',
  ],
  [
    'one deep inside',
    { tool: 'a', lines: [{ item: 'x', quantity: 1, itm: 2 }] },
    '`itm` is no field of `lines.0`; take it out, or mend its spelling: name one of `item`.',
  ],
  [
    'a key that is none of a few',
    { tool: 'a', limits: { finanze: 1 } },
    '`finanze` is no field of `limits`; take it out, or mend its spelling: name one of `finance`.',
  ],
  ['what is missing', {}, '`tool` is missing; add it.'],
  ['what is empty', { tool: '' }, '`tool` is empty: write at least 1 character.'],
  ['what is too long', { tool: 'a', reason: 'because it is' }, '`reason` is too long: write at most 6 characters.'],
  ['another type', { tool: 5 }, '`tool` is `5`: it takes a string.'],
  ['none of a few', { tool: 'a', effect: 'wride' }, '`effect` is `wride`: name one of `write`.'],
  ['nothing at all', undefined, 'Nothing was given; a JSON object is wanted.'],
])('%s', (_what, value, words) => expect(told(value)).toEqual([words]));
