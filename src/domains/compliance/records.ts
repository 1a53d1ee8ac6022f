/** What the organization owes to others by law or contract, and what shows that it did it. */
import { z } from 'zod';
import { PersonId } from '../../kernel/ids.ts';
import { LocalDate } from '../../kernel/time.ts';

export const ObligationId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is no number of an obligation; write letters, digits, `.`, `_`, `-`, 40 at most')
  .brand('ObligationId');
export type ObligationId = z.infer<typeof ObligationId>;

export const Obligation = z.strictObject({
  id: ObligationId,
  title: z.string().min(1).max(200),
  source: z.string().min(1).max(200), // the law with its section, or the contract
  party: z.string().min(1).max(120), // to whom it is owed
  due: LocalDate, // of the first time, where nothing shows that it was done
  noticeDays: z.int().min(0).max(366), // so long before, somebody is asked to see to it
  responsible: PersonId,
  evidence: z.string().min(1).max(60), // the kind that shows it
  consequence: z.string().max(300),
});
export type Obligation = z.infer<typeof Obligation>;

/** Shows that an obligation is met from one day to another, both included. The last day is when it must be met again. */
export const Evidence = z
  .strictObject({
    id: z.string().min(1).max(60),
    obligation: ObligationId,
    kind: z.string().min(1).max(60),
    document: z.string().min(1).max(200), // where it lies
    from: LocalDate,
    until: LocalDate,
    filedBy: z.string().min(1),
  })
  .refine(({ from, until }) => from <= until, { message: 'ends before it begins', path: ['until'] });
export type Evidence = z.infer<typeof Evidence>;

/** Something that a person was asked to see to. */
export const Task = z.strictObject({
  key: z.string(),
  obligation: ObligationId,
  person: PersonId,
  title: z.string(),
  due: LocalDate,
  done: LocalDate.nullable(),
});
export type Task = z.infer<typeof Task>;

/** A debit that neither a payment of ours nor a declaration explains, to an account of a supplier of ours. */
export const StrayDebit = z.strictObject({
  reference: z.string(),
  account: z.string(),
  supplier: z.string(),
  booked: LocalDate,
  minor: z.int(),
  currency: z.string(),
});
export type StrayDebit = z.infer<typeof StrayDebit>;
