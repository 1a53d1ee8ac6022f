/** What a domain needs of PostgreSQL: one file per domain in `domains/`, found by `npm run generate`. */
import { z } from 'zod';
import { MoneyError } from '../../kernel/money.ts';
import type { Register } from '../../kernel/register.ts';
import type { JsonObject } from '../../kernel/nouns.ts';
import type { OrgId } from '../../kernel/ids.ts';
import type { Instant, LocalDate, LocalTime } from '../../kernel/time.ts';
import { JsonArgs } from '../../kernel/text.ts';
import type { Really } from '../../kernel/week-report.ts';
import type { Sql } from './client.ts';

/** The texts of a row, by column. */
export type Texts = Readonly<Record<string, string>>;

/** Who hands a file in, and when: kept from the speaker and the clock, never read from the file. */
export interface Filing {
  readonly by: string; // a person, `operator`, or `folder`
  readonly base: boolean; // among the organization's first records, which are believed of their own age
  readonly day: LocalDate; // business clock, in the organization's zone
}

/** A register with what keeps its rows. */
export interface BoundRegister {
  readonly register: Register;
  /** Keeps rows, all or none. @param lines of the rows in their file @returns why they cannot be kept, or undefined */
  readonly keep: (
    sql: Sql,
    org: OrgId,
    rows: readonly { readonly line: number; readonly texts: Texts }[],
    at: Instant,
    filing: Filing,
  ) => Promise<string | undefined>;
}

/** @param keep the rows of one file, checked; returns why they cannot be kept, or undefined */
export const bindRegister = <Row>(
  register: Register<Row>,
  keep: (sql: Sql, org: OrgId, rows: readonly Row[], at: Instant, filing: Filing) => Promise<string | undefined>,
): BoundRegister => ({
  register,
  async keep(sql, org, given, at, filing) {
    const rows: Row[] = [];
    for (const { line, texts } of given) {
      const row = readRow(register, texts);
      if ('why' in row) return `line ${line}${row.why}`;
      rows.push(row.taken);
    }
    return keep(sql, org, rows, at, filing);
  },
});

/** A row as the register takes it, or what is wrong with it. Amounts are read on the way, and say themselves what they lack. */
function readRow<Row>(register: Register<Row>, texts: Texts): { readonly taken: Row } | { readonly why: string } {
  const inWords = ([issue]: readonly z.core.$ZodIssue[]) => ({ why: `, \`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'not valid'}` });
  const kept = JsonArgs.safeParse(texts);
  if (!kept.success) return inWords(kept.error.issues);
  try {
    const row = register.row.safeParse(texts);
    return row.success ? { taken: row.data } : inWords(row.error.issues);
  } catch (error) {
    if (error instanceof z.ZodError) return inWords(error.issues);
    if (error instanceof MoneyError || error instanceof RangeError) return { why: `: ${error.message}` };
    throw error;
  }
}

/** `R` and `W`: the domain's ports. Facts, budgets and card context are read inside the gate's transaction. */
export interface DomainAdapter<R, W> {
  reads(sql: Sql, org: OrgId): R;
  writes(sql: Sql, org: OrgId, now: LocalTime): W;
  /** SQL by fact sheet; each yields one JSON object with the sheet's fields, `vouched`, where votes are barred `barred`, and where somebody else is concerned `counterparty`, a supplier. Parameters: `rows-facts.ts`. */
  readonly facts: Readonly<Record<string, string>>;
  /** By fact sheet, where the facts are the domain's own rules over what its SQL read: from that one object to the sheet's fields, and `vouched`. */
  readonly derived?: Readonly<Record<string, (read: JsonObject) => JsonObject>>;
  /** SQL by fact sheet: the budgets that a call draws on, as rows of kind, key, period. */
  readonly budgets: Readonly<Record<string, string>>;
  readonly registers: readonly BoundRegister[];
  /** What the records say beside a card's values. */
  context?(sql: Sql, org: OrgId, args: JsonObject): Promise<Readonly<Record<string, string>>>;
  /** By tool: what the records say of the matter since a day, where nothing was done through the tool. */
  readonly really?: Readonly<
    Record<string, (sql: Sql, org: OrgId, call: { readonly args: JsonObject; readonly since: LocalDate }) => Promise<Really | undefined>>
  >;
}

/** Any domain's, for what does not depend on its ports. */
export type AnyDomainAdapter = Omit<DomainAdapter<unknown, unknown>, 'reads' | 'writes'>;
