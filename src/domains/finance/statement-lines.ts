/** A line of a statement by the name that drift gives it: the account and the bank's reference. */
import type { StatementLine } from './records.ts';

export const lineKey = ({ account, reference }: StatementLine): string => `${account}/${reference}`;
export const lineNamed = (key: string, lines: readonly StatementLine[]): StatementLine | undefined => lines.find((line) => lineKey(line) === key);
