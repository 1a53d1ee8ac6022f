/** What is kept of the rota, the staff, their certificates, leave and consents. */
import { z } from 'zod';
import { PersonId, ProposalId } from '../../kernel/ids.ts';
import { Instant, LocalDate } from '../../kernel/time.ts';

/** Part of keys and file names: no separators. */
const Code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is no code; write lower-case letters, digits and hyphens, 40 at most');
export const Site = Code.brand('Site');
export type Site = z.infer<typeof Site>;
export const ShiftCode = Code.brand('ShiftCode');
export type ShiftCode = z.infer<typeof ShiftCode>;
export const Skill = Code.brand('Skill');
export type Skill = z.infer<typeof Skill>;

/** One shift of one site on the day on which it begins. */
export const Slot = z.strictObject({ site: Site, day: LocalDate, shift: ShiftCode });
export type Slot = z.infer<typeof Slot>;

/** A person on a slot, and what they are there for. */
export const Duty = Slot.extend({ person: PersonId, skill: Skill });
export type Duty = z.infer<typeof Duty>;

/** What a slot needs of a skill: who is to be found for it. */
export const Opening = Slot.extend({ skill: Skill });
export type Opening = z.infer<typeof Opening>;

export const StaffMember = z.strictObject({
  person: PersonId,
  contractMinutes: z
    .int()
    .min(0)
    .max(7 * 24 * 60), // a week
  skills: z.array(Skill),
  sites: z.array(Site).min(1),
  weekdays: z.array(z.int().min(1).max(7)), // ISO 8601; the others are days off
});
export type StaffMember = z.infer<typeof StaffMember>;

export const Certificate = z.strictObject({
  id: z.string().min(1).max(60),
  person: PersonId,
  certificate: Code,
  from: LocalDate,
  until: LocalDate, // the last day on which it is valid
});
export type Certificate = z.infer<typeof Certificate>;

export const LeaveId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'is no number of a request; letters, digits, `.`, `_`, `-`, 40 at most')
  .brand('LeaveId');
export type LeaveId = z.infer<typeof LeaveId>;

/** `other` covers every kind whose reason is nobody's business here; agents read plain leave alone. */
export const Leave = z.strictObject({
  id: LeaveId,
  person: PersonId,
  kind: z.enum(['leave', 'other']),
  from: LocalDate,
  until: LocalDate, // the last day
  requestedOn: LocalDate,
  state: z.enum(['requested', 'granted', 'refused']),
});
export type Leave = z.infer<typeof Leave>;

/** A person's word on one change to their own rota. */
export const Consent = z.strictObject({
  key: ProposalId, // what asked
  person: PersonId,
  site: Site,
  day: LocalDate,
  shift: ShiftCode,
  gives: Slot.nullable(), // what they give in return: their word holds for this exchange alone
  answerBy: LocalDate,
  state: z.enum(['asked', 'given', 'refused']),
});
export type Consent = z.infer<typeof Consent>;

/** Everything about one person that a rule may ask, over some days. Absences have no reasons. */
export const PersonFile = z.strictObject({
  person: PersonId,
  active: z.boolean(),
  staff: StaffMember.nullable(), // null: not in the staff register
  duties: z.array(Duty),
  certificates: z.array(Certificate),
  away: z.array(z.strictObject({ from: LocalDate, until: LocalDate })),
  busy: z.array(z.strictObject({ starts: Instant, ends: Instant })), // appointments of their own calendar
  consents: z.array(Consent),
});
export type PersonFile = z.infer<typeof PersonFile>;

export const slotKey = ({ site, day, shift }: Slot): string => `${site}/${day}/${shift}`;
export const dutyKey = (duty: Duty): string => `${slotKey(duty)}/${duty.person}`;
export const openingKey = (opening: Opening): string => `${slotKey(opening)}/${opening.skill}`;
export const sameSlot = (a: Slot, b: Slot): boolean => slotKey(a) === slotKey(b);
export const sameOrNone = (a: Slot | null, b: Slot | null): boolean => (a && slotKey(a)) === (b && slotKey(b));
/** A slot without what else is said of it. */
export const slotOf = ({ site, day, shift }: Slot): Slot => ({ site, day, shift });

/** @throws ZodError where it is no key of an opening */
export function openingOf(key: string): Opening {
  const [site, day, shift, skill] = key.split('/');
  return Opening.parse({ site, day, shift, skill });
}
