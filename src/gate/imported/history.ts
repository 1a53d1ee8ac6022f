/** What led to a call, as far as the gate may see it. */
import { z } from 'zod';
import { JsonObject } from '../../kernel/nouns.ts';

export const Step = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('call'), tool: z.string(), arguments: JsonObject }),
  z.looseObject({ type: z.literal('result'), text: z.string() }),
]);
export type Step = z.infer<typeof Step>;

export interface Told {
  readonly system: string; // what the house says of the work
  readonly person: string; // who asks
  readonly prompt: string; // their words
  readonly today: string | null; // where a record of the system says so
}

/** One text or figure among the arguments of a call, with the name it stands under. */
export interface Leaf {
  readonly argument: string; // of the call
  readonly key: string; // the nearest name
  readonly value: string;
}

const MOST_LEAVES = 5_000;

export function leavesOf(args: JsonObject): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (argument: string, key: string, value: unknown): void => {
    if (value === null || value === undefined || value === '' || typeof value === 'boolean' || leaves.length > MOST_LEAVES) return;
    if (Array.isArray(value)) for (const item of value) walk(argument, key, item);
    else if (typeof value === 'object') for (const [name, inner] of Object.entries(value)) walk(argument, name, inner);
    else leaves.push({ argument, key, value: String(value) });
  };
  for (const [name, value] of Object.entries(args)) walk(name, name, value);
  return leaves;
}
