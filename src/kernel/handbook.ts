/** The whole constitution in plain words, section by section. */
import { z } from 'zod';

export const Handbook = z.array(z.strictObject({ title: z.string(), lines: z.array(z.string()) }));
export type Handbook = z.infer<typeof Handbook>;
