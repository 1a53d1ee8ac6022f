/** What agents may read of staffing. No wages, and no reason why anybody is away but plain leave. */
import { z } from 'zod';
import { defineReadTool } from '../../../kernel/define.ts';
import { PersonId } from '../../../kernel/ids.ts';
import { LocalDate } from '../../../kernel/time.ts';
import { choices, remedy } from '../choices.ts';
import { coverOf, isShort, leaveEffect } from '../cover.ts';
import type { StaffingReads } from '../ports.ts';
import { Certificate, Duty, Leave, LeaveId, openingOf, Opening, StaffMember } from '../records.ts';
import { WORDS } from '../rules.ts';
import { around } from '../window.ts';

const Choice = z.strictObject({
  person: PersonId,
  suitable: z.boolean(),
  mustAgree: z.boolean(), // by their own word
  word: z.enum(WORDS),
  lifts: z.array(z.string()), // articles that people would have to lift
  reasons: z.array(z.string()), // what stands against it
  spare: z.int(), // minutes of their contract left in that week
});

export const listRota = defineReadTool<StaffingReads>()({
  name: 'staffing.list_rota',
  summary: 'Who works when and where, between two days',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ from: LocalDate, until: LocalDate }),
  output: z.array(Duty),
  run: async ({ from, until }, staffing) =>
    (await staffing.files(from, until))
      .flatMap(({ duties }) => duties)
      .sort((a, b) => order(a).localeCompare(order(b)))
      .slice(0, 1_000),
});
const order = ({ day, site, shift, person }: Duty): string => `${day}/${site}/${shift}/${person}`;

export const listStaff = defineReadTool<StaffingReads>()({
  name: 'staffing.list_staff',
  summary: 'Everybody on the staff: contract hours, skills, sites and usual weekdays',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ today: LocalDate }),
  output: z.array(StaffMember),
  run: async ({ today }, staffing) => (await staffing.files(today, today)).flatMap(({ staff }) => (staff ? [staff] : [])),
});

export const listCertificates = defineReadTool<StaffingReads>()({
  name: 'staffing.list_certificates',
  summary: 'Certificates of the staff and the days on which they hold',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ today: LocalDate }),
  output: z.array(Certificate),
  run: async ({ today }, staffing) => (await staffing.files(today, today)).flatMap(({ certificates }) => certificates),
});

export const listAbsences = defineReadTool<StaffingReads>()({
  name: 'staffing.list_absences',
  summary: 'Who is on granted leave on a day, and until when; as everybody plans by it',
  classification: 'internal',
  untrusted: [],
  input: z.strictObject({ day: LocalDate }),
  output: z.array(Leave.pick({ person: true, until: true })),
  run: async ({ day }, staffing) =>
    (await staffing.leave())
      .filter(({ state, from, until }) => state === 'granted' && from <= day && day <= until)
      .map(({ person, until }) => ({ person, until })),
});

export const listLeave = defineReadTool<StaffingReads>()({
  name: 'staffing.list_leave',
  summary: 'Plain leave that was asked for, granted or refused',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({}),
  output: z.array(Leave),
  run: async (_input, staffing) => [...(await staffing.leave())],
});

export const getLeave = defineReadTool<StaffingReads>()({
  name: 'staffing.get_leave',
  summary: 'One leave, the shifts it would take off the rota, and where people would be missing by it',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ leave: LeaveId, today: LocalDate }),
  output: z.strictObject({ leave: Leave, duties: z.array(Duty), gaps: z.array(Opening) }).nullable(), // null: there is none
  run: async ({ leave: id, today }, staffing) => {
    const leave = (await staffing.leave()).find((one) => one.id === id);
    if (!leave) return null;
    const [frame, files, closed] = [await staffing.frame(today), await staffing.files(leave.from, leave.until), await staffing.closed(leave.from, leave.until)];
    const { duties, gaps } = leaveEffect(frame, closed, files, leave);
    return { leave, duties: [...duties], gaps: [...gaps] };
  },
});

export const listCandidates = defineReadTool<StaffingReads>()({
  name: 'staffing.list_candidates',
  summary: 'How many a shift needs of a skill, who is on it, and who could take it, the first to ask first, with what stands against each',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ opening: z.string().max(160), instead_of: PersonId.nullable(), today: LocalDate }), // `site/day/shift/skill`
  output: z.strictObject({ opening: Opening, minimum: z.int(), assigned: z.array(PersonId), short: z.boolean(), candidates: z.array(Choice) }),
  run: async ({ opening: key, instead_of, today }, staffing) => {
    const opening = openingOf(key);
    const [frame, files, closed] = [
      await staffing.frame(today),
      await around(staffing, opening.day, opening.day),
      await staffing.closed(opening.day, opening.day),
    ];
    const cover = coverOf(
      frame,
      closed,
      files.flatMap(({ duties }) => duties),
      opening,
    );
    const candidates = choices(frame, opening, instead_of, files).map((choice) => ({ ...choice, lifts: [...choice.lifts], reasons: [...choice.reasons] }));
    return { opening, minimum: cover.minimum, assigned: [...cover.assigned], short: isShort(cover), candidates };
  },
});

export const findRemedy = defineReadTool<StaffingReads>()({
  name: 'staffing.find_remedy',
  summary: 'The smallest change that takes one of these shifts from whoever has it: which, and who takes it',
  classification: 'confidential',
  untrusted: [],
  input: z.strictObject({ duties: z.array(Duty).min(1).max(20), today: LocalDate }),
  output: z.strictObject({ duty: Duty, choice: Choice }).nullable(), // null: nobody suits
  run: async ({ duties, today }, staffing) => {
    const days = duties.map(({ day }) => day).sort();
    const [from = today, until = today] = [days[0], days.at(-1)];
    const found = remedy(await staffing.frame(today), duties, await around(staffing, from, until));
    return found ? { duty: found.duty, choice: { ...found.choice, lifts: [...found.choice.lifts], reasons: [...found.choice.reasons] } } : null;
  },
});
