/** The supplier register: `records/registers/suppliers.csv`, kept by staff. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Supplier } from '../records.ts';
import { FormatError } from './xml.ts';

const Row = z.record(z.string(), z.string());

/** @throws FormatError with the line and the field */
export function parseSuppliers(csv: string): readonly Supplier[] {
  const rows = z.array(Row).parse(parse(csv, { bom: true, columns: true, trim: true, skip_empty_lines: true, relax_column_count: false }));
  return rows.map((row, n) => {
    const { street, number, postcode, town, country, account_since, registered_by, budget_line, bic, ...rest } = row;
    const parsed = Supplier.safeParse({
      ...rest,
      bic: bic ?? null,
      address: { street, number, postcode, town, country },
      accountSince: account_since,
      registeredBy: registered_by,
      budgetLine: budget_line,
    });
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new FormatError('field_invalid', `suppliers.csv:${n + 2}: \`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'not valid'}.`);
  });
}
