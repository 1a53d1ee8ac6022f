/** `desired/staffing.yaml`: who is needed when and where, and the rules by which people are planned. Each rule says where it comes from. */
import { z } from 'zod';
import { Site, ShiftCode, Skill } from './records.ts';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day; write "06:00", in quotes');
const source = z.string().min(3);

const Shift = z.strictObject({
  shift: ShiftCode,
  site: Site,
  start: TimeOfDay,
  end: TimeOfDay, // at or before the start: on the next day
  pause_minutes: z.int().min(0).max(180), // no working time (ArbZG section 2)
});
export type Shift = z.infer<typeof Shift>;

const Need = z.strictObject({ site: Site, shift: ShiftCode, weekdays: z.array(z.int().min(1).max(7)).min(1), skill: Skill, minimum: z.int().min(1).max(200) });

/** A list that is left out, or whose lines are all comments, is empty. */
const list = <Of extends z.ZodType>(of: Of) =>
  z
    .array(of)
    .nullable()
    .default([])
    .transform((all) => all ?? []);

export const StaffingSettings = z
  .strictObject({
    shifts: list(Shift),
    need: list(Need),
    certificates: list(z.strictObject({ certificate: z.string().min(1), skill: Skill, notice_days: z.int().min(0).max(365), source })),
    rest: z.strictObject({ hours: z.number().min(8).max(48), source }).default({ hours: 11, source: 'ArbZG section 5' }),
    longest_day: z.strictObject({ hours: z.number().min(1).max(10), source }).default({ hours: 10, source: 'ArbZG section 3' }),
    consecutive_days: z.strictObject({ days: z.int().min(1).max(12), source }).default({ days: 6, source: 'ArbZG sections 9 and 11' }),
    contract: z.strictObject({ over_hours: z.number().min(0).max(20), source }).default({ over_hours: 0, source: 'contract' }),
    consent: z
      .strictObject({ notice_days: z.int().min(0).max(60), on_day_off: z.boolean(), answer_days: z.int().min(0).max(14), source })
      .default({ notice_days: 4, on_day_off: true, answer_days: 1, source: 'TzBfG section 12' }),
    horizon_days: z.int().min(1).max(62).default(20), // so far ahead the rota is compared with the need
  })
  .superRefine(({ shifts, need }, context) => {
    for (const [n, one] of need.entries())
      if (!shifts.some(({ shift, site }) => shift === one.shift && site === one.site))
        context.addIssue({ code: 'custom', path: ['need', n, 'shift'], message: `is no shift of \`${one.site}\`; declare it under \`shifts\`` });
  });
export type StaffingSettings = z.infer<typeof StaffingSettings>;
