/**
 * The facts that one judgment rests on. They come from trusted records only, read in one statement after the locks of
 * their budgets were taken (`src/adapters/postgres/facts/`), and never from the model. All money is in minor units of the
 * organization's currency. A fact that is absent fails the parse, and the gate denies.
 */
import { z } from 'zod';
import { valuesOf, type FactSheet, type FactValues } from '../kernel/facts.ts';
import { Governs, Level, Role } from '../kernel/nouns.ts';
import { PersonId } from '../kernel/ids.ts';

const Count = z.int().min(0);
const Minor = z.int();

/** What every call carries. */
export const BaseFacts = z.strictObject({
  halted: z.boolean(), // of the agent, its domain or the organization
  level: Level,
  tool_granted: z.boolean(), // the ratified agent lists the tool
  person_active: z.boolean(), // true where the agent acts for the organization
  chain_length: Count, // hops from a person or the organization to this agent
  limit_call_minor: Minor, // the least along the chain, for one call
  limit_day_minor: Minor, // the least along the chain, for one business day
  limit_person_month_minor: Minor, // of whoever asks, for a calendar month over all agents of the domain
  spent_person_month_minor: Minor, // for them, reservations included; 0 where the organization asks
  calls_last_minute_agent: Count,
  calls_last_minute_person: Count, // over all agents; denied calls do not count
  hour: z.int().min(0).max(23), // business clock, the organization's zone
  weekday: z.int().min(1).max(7),
  working_day: z.boolean().exactOptional(), // of the organization, public holidays included; left out where its calendar does not reach
  untrusted: z.array(Governs), // kinds of governing arguments known from untrusted content alone
  approvals: z.partialRecord(Role, Count), // distinct, eligible, unexpired, for this proposal and this slice; never the requester
  unanimous: z.array(Role).exactOptional(), // in which everybody who is eligible approved, where an article waits for everybody
  approved_by: z.array(PersonId),
  requester_is_sole: z.boolean(), // nobody else holds a role whose article names a sole approver
  requester_may: z.boolean(), // the requester owns, or has the role of the tool's domain or authority in it; true where nobody asks
  requester_conflicted: z.boolean(), // has an interest in the counterparty on record: family, ownership, or is it; false where nobody asks
  requester: PersonId.nullable(),
});
export type BaseFacts = z.infer<typeof BaseFacts>;

/** The facts of one call: what every call carries, and the sheet of its tool where it has one. */
export interface Facts {
  readonly base: BaseFacts;
  readonly sheet: FactSheet | null;
  readonly values: FactValues; // of the sheet
}

const Envelope = z.object({ facts: z.string(), base: BaseFacts }).catchall(z.unknown());

/** Reads `{ facts: 'payment', base: {…}, payment: {…} }`, or `{ facts: 'none', base: {…} }`; or says what is missing or too much. */
export function readFacts(sheet: FactSheet | null, given: unknown): Facts | { readonly problems: readonly string[] } {
  const envelope = Envelope.safeParse(given);
  if (!envelope.success) return { problems: envelope.error.issues.map(inWords) };
  const { facts, base, ...rest } = envelope.data;
  const needed = sheet?.name ?? 'none';
  if (facts !== needed) return { problems: [`the tool needs the facts \`${needed}\`; these are \`${facts}\``] };
  const known = Object.keys(rest).filter((part) => part !== sheet?.name);
  if (known.length > 0) return { problems: known.map((part) => `\`${part}\` is no part of these facts`) };
  if (!sheet) return { base, sheet, values: {} };
  const values = valuesOf(sheet).safeParse(rest[sheet.name]);
  return values.success ? { base, sheet, values: values.data } : { problems: values.error.issues.map((issue) => inWords(issue, sheet.name)) };
}

const inWords = (issue: z.core.$ZodIssue, part?: unknown): string =>
  `fact \`${[...(typeof part === 'string' ? [part] : []), ...issue.path].join('.')}\`: ${issue.message}`;
