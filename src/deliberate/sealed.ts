/**
 * Values that a model may not be told, each behind a name that stands in its place: `[sealed:iban-1]`. The model passes the name on
 * where it needs the value, in a call or in its answer, and there the value is put back.
 */
import { sealed, type Sensitive } from '../kernel/sensitive.ts';
import type { z } from 'zod';
import { JsonObject } from '../kernel/nouns.ts';

/** What the destination may be told. */
export interface Tellable {
  kind(kind: Sensitive | 'unknown'): boolean;
}

/** ISO 13616: two letters, two digits, eleven to thirty more, in groups or not. */
const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])/gi;
const SHORTEST = 15; // letters and digits of an account number: Norway's; what is shorter may be the end of an id
const NAME = /\[sealed:[a-z_]+-\d+\]/gi;
const MOST = 2_000; // names in one deliberation: more would be a list, and a list of accounts is no question for a model

export class Sealing {
  readonly #values = new Map<string, unknown>(); // by name
  readonly #names = new Map<string, string>(); // by value as JSON
  readonly #kinds = new Set<Sensitive>(); // that were let through
  readonly #tellable: Tellable;

  constructor(tellable: Tellable) {
    this.#tellable = tellable;
  }

  get count(): number {
    return this.#values.size;
  }
  /** Kinds of sensitive values that were told, because an article lets them be. */
  get told(): readonly Sensitive[] {
    return [...this.#kinds].sort();
  }

  /** A value of a schema, its sensitive fields behind names. */
  value(schema: z.ZodType, value: unknown): unknown {
    return sealed(schema, value, (one, kind, field) => {
      if (!this.#tellable.kind(kind)) return this.#name(one, field);
      if (kind !== 'unknown') this.#kinds.add(kind);
      return one;
    });
  }

  /** Text in which account numbers stand behind names, whoever wrote it. */
  text(text: string): string {
    const tell = this.#tellable.kind('bank_details');
    return text.replace(IBAN, (found) => {
      if (found.replace(/\s/g, '').length < SHORTEST) return found;
      if (tell) this.#kinds.add('bank_details');
      return tell ? found : this.#name(found, 'account');
    });
  }

  /** What the model wrote, for people: names are values again. */
  open(text: string): string {
    return text.replace(NAME, (name) => {
      const value = this.#values.get(name.toLowerCase());
      return value === undefined ? name : typeof value === 'string' ? value : JSON.stringify(value);
    });
  }

  /** As much of an answer that is still being written as can be opened: a name that has begun and not ended waits. */
  openSoFar(text: string): string {
    const last = text.lastIndexOf('[');
    return this.open(last >= 0 && !text.slice(last).includes(']') && '[sealed:'.startsWith(text.slice(last, last + 8)) ? text.slice(0, last) : text);
  }

  /** The arguments of a call, names being values again wherever they stand. */
  args(value: unknown): unknown {
    if (typeof value === 'string') return this.#values.has(value.toLowerCase()) ? this.#values.get(value.toLowerCase()) : this.open(value);
    if (Array.isArray(value)) return value.map((one: unknown) => this.args(one));
    const fields = JsonObject.safeParse(value);
    return fields.success ? Object.fromEntries(Object.entries(fields.data).map(([name, one]) => [name, this.args(one)])) : value;
  }

  #name(value: unknown, field: string): string {
    const key = JSON.stringify(value);
    const before = this.#names.get(key);
    if (before !== undefined) return before;
    if (this.#values.size >= MOST) return '[sealed]';
    const name = `[sealed:${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/[^a-z_]/g, '')}-${this.#values.size + 1}]`;
    this.#names.set(key, name);
    this.#values.set(name, value);
    return name;
  }
}
