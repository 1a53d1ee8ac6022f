/** Text that can be kept and given back as it came: any characters but NUL, and no half of a surrogate pair. */
import { z } from 'zod';

/** PostgreSQL's `text` takes no U+0000, and UTF-8 has no form for half of a pair: either would be lost or changed on its way. */
const keepable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);
const MESSAGE = 'holds a NUL character or half of a surrogate pair, which cannot be kept; take it out';

/** Text of a model, which nobody can ask to write it anew: what cannot be kept of it is shown as U+FFFD. */
export const keptText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\ufffd');

export const Text = z.string().refine(keepable, MESSAGE);

/** Arguments of a call, as JSON, with keepable text wherever text stands. */
export const JsonArgs = z.record(Text, z.json()).refine((args) => keepable(strings(args).join('')), MESSAGE);

const strings = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(strings)
      : value !== null && typeof value === 'object'
        ? Object.entries(value).flatMap(([name, one]) => [name, ...strings(one)])
        : [];
