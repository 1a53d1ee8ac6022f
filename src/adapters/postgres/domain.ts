/** What a domain needs of PostgreSQL: one file per domain in `domains/`, found by `npm run generate`. */
import type { Register } from '../../kernel/register.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Instant, LocalTime } from '../../kernel/time.ts';
import type { Sql } from './client.ts';

/** The texts of a row, by column. */
export type Texts = Readonly<Record<string, string>>;

/** A register with what keeps its rows. */
export interface BoundRegister {
  readonly register: Register;
  /** Keeps rows, all or none. @param lines of the rows in their file @returns why they cannot be kept, or undefined */
  readonly keep: (sql: Sql, org: OrgId, rows: readonly { readonly line: number; readonly texts: Texts }[], at: Instant) => Promise<string | undefined>;
}

/** @param keep the rows of one file, checked; returns why they cannot be kept, or undefined */
export const bindRegister = <Row>(
  register: Register<Row>,
  keep: (sql: Sql, org: OrgId, rows: readonly Row[], at: Instant) => Promise<string | undefined>,
): BoundRegister => ({
  register,
  async keep(sql, org, given, at) {
    const rows: Row[] = [];
    for (const { line, texts } of given) {
      const row = register.row.safeParse(texts);
      const [issue] = row.error?.issues ?? [];
      if (!row.success) return `line ${line}, \`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'not valid'}`;
      rows.push(row.data);
    }
    return keep(sql, org, rows, at);
  },
});

/** `R` and `W`: the domain's ports. Facts, budgets and card context are read inside the gate's transaction. */
export interface DomainAdapter<R, W> {
  reads(sql: Sql, org: OrgId): R;
  writes(sql: Sql, org: OrgId, now: LocalTime): W;
  /** SQL by fact sheet; each yields one JSON object with the sheet's fields, and `vouched`. Parameters: `rows-facts.ts`. */
  readonly facts: Readonly<Record<string, string>>;
  /** By fact sheet, where the facts are the domain's own rules over what its SQL read: from that one object to the sheet's fields, and `vouched`. */
  readonly derived?: Readonly<Record<string, (read: JsonObject) => JsonObject>>;
  /** SQL by fact sheet: the budgets that a call draws on, as rows of kind, key, period. */
  readonly budgets: Readonly<Record<string, string>>;
  readonly registers: readonly BoundRegister[];
  /** What the records say beside a card's values. */
  context?(sql: Sql, org: OrgId, args: JsonObject): Promise<Readonly<Record<string, string>>>;
}

/** Any domain's, for what does not depend on its ports. */
export type AnyDomainAdapter = Omit<DomainAdapter<unknown, unknown>, 'reads' | 'writes'>;
