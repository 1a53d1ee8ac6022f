/** What the gate is to know of a call besides what every call carries: declared by its domain, read from trusted records. */
import { z } from 'zod';

const FieldKind = z.enum(['bool', 'long', 'text', 'texts']); // long: a whole number; money is minor units of the organization's currency
export type FieldKind = z.infer<typeof FieldKind>;

/** A fact sheet as it is ratified. */
export const FactSheet = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z_]*$/)
    .refine((name) => !['base', 'facts', 'unanimous'].includes(name), 'is taken'), // articles read `context.<name>`
  group: z.string().regex(/^[A-Z][A-Za-z]*$/), // the action group that articles about it name
  fields: z.record(z.string().regex(/^[a-z][a-z_]*$/), FieldKind),
  running: z.array(z.string()), // totals and limits: judged anew each time, their change voids nobody's vote
});
export type FactSheet = z.infer<typeof FactSheet>;

/** Facts as they are compared: a fact that is absent, or of another kind, denies. */
export type FactValues = Readonly<Record<string, boolean | number | string | readonly string[]>>;

export const defineFacts = <F extends Readonly<Record<string, FieldKind>>>(
  name: string,
  group: string,
  fields: F,
  running: readonly (keyof F & string)[] = [],
): FactSheet => FactSheet.parse({ name, group, fields: { ...fields }, running: [...running] });

const VALUES = { bool: z.boolean(), long: z.int(), text: z.string(), texts: z.array(z.string()) } as const;

const schemas = new WeakMap<FactSheet, z.ZodType<FactValues>>(); // made once: the gate parses with it at each call

/** Exactly the sheet's fields, each of its kind. */
export function valuesOf(sheet: FactSheet): z.ZodType<FactValues> {
  const made = schemas.get(sheet) ?? z.strictObject(Object.fromEntries(Object.entries(sheet.fields).map(([field, kind]) => [field, VALUES[kind]])));
  schemas.set(sheet, made);
  return made;
}
