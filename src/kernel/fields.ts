/** Arguments as fields of a form: what a person sees of a value, and the value of what they wrote. */
import { z } from 'zod';
import { decimal, Money, moneyOf } from './money.ts';

const Value = z.json();
export type FieldValue = z.infer<typeof Value>;

/** As it stands in a field: money as a decimal, text as it is, the rest as JSON. */
export function fieldText(value: FieldValue): string {
  const amount = Money.safeParse(value);
  if (amount.success) return decimal(amount.data);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `Amount (EUR)`, `Instead of` */
export function fieldLabel(name: string, value: FieldValue): string {
  const amount = Money.safeParse(value);
  const words = name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  return amount.success ? `${words} (${amount.data.currency})` : words;
}

/** What was written, of the kind that stood there before. @throws Error that says what cannot be read */
export function fieldValue(text: string, before: FieldValue): FieldValue {
  const amount = Money.safeParse(before);
  if (amount.success) return { ...moneyOf(text, amount.data.currency) };
  return typeof before === 'string' ? text : Value.parse(JSON.parse(text));
}
