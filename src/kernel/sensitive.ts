/**
 * Values that are not told to a model unless an article lets them be: marked on the schema of the field, so that whatever holds the
 * field keeps the mark.
 */
import { z } from 'zod';

export const Sensitive = z.enum(['bank_details', 'wages', 'health']);
export type Sensitive = z.infer<typeof Sensitive>;

const marks = z.registry<{ readonly kind: Sensitive }>();

/** The same schema, its values known to be of this kind wherever it stands. */
export function sensitive<T extends z.ZodType>(schema: T, kind: Sensitive): T {
  marks.add(schema, { kind });
  return schema;
}

/** Stands in the place of a value; `field` is the name it stood under. */
export type Seal = (value: unknown, kind: Sensitive | 'unknown', field: string) => unknown;

/**
 * A value of a schema with every marked field handed to `seal`. What no schema describes is of unknown kind, and handed over too: it
 * may hold anything.
 */
export function sealed(schema: z.core.$ZodType, value: unknown, seal: Seal, field = 'value'): unknown {
  if (value === null || value === undefined) return value;
  const kind = marks.get(schema)?.kind;
  if (kind !== undefined) return seal(value, kind, field);
  if (schema instanceof z.ZodObject) return fields(schema, value, seal, field);
  if (schema instanceof z.ZodArray && Array.isArray(value)) return value.map((one: unknown) => sealed(schema.element, one, seal, field));
  if (schema instanceof z.ZodRecord && isFields(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sealed(schema.valueType, one, seal, field)]));
  if (schema instanceof z.ZodUnion) {
    const option = schema.options.find((one) => z.safeParse(one, value).success);
    return option ? sealed(option, value, seal, field) : seal(value, 'unknown', field);
  }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly)
    return sealed(schema.unwrap(), value, seal, field);
  if (schema instanceof z.ZodPipe) return sealed(schema.out, value, seal, field);
  return PLAIN.some((type) => schema instanceof type) ? value : seal(value, 'unknown', field);
}

const PLAIN = [z.ZodString, z.ZodStringFormat, z.ZodNumber, z.ZodBoolean, z.ZodEnum, z.ZodLiteral, z.ZodNull] as const;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function fields(schema: z.ZodObject, value: unknown, seal: Seal, field: string): unknown {
  if (!isFields(value)) return seal(value, 'unknown', field);
  const shape: Readonly<Record<string, z.core.$ZodType | undefined>> = schema.shape;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const of = shape[name];
      return [name, of ? sealed(of, one, seal, name) : seal(one, 'unknown', name)];
    }),
  );
}
