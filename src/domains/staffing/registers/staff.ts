/** Who is on the staff, with contract hours, skills and sites. No wages. */
import { z } from 'zod';
import { defineRegister } from '../../../kernel/register.ts';
import { StaffMember } from '../records.ts';

const Hours = z.string().regex(/^\d{1,3}([.,]\d{1,2})?$/, 'is no number of hours; write 38.5');
const parts = (text: string): string[] =>
  text
    .split(/[;|\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

export const staff = defineRegister<StaffMember>({
  name: 'staff',
  domain: 'staffing',
  title: 'the staff register',
  columns: {
    person: { about: 'their id in people.yaml', also: ['employee', 'mitarbeiter'] },
    hours_per_week: { about: 'by contract, such as 38.5', also: ['hours', 'contract hours', 'wochenstunden', 'stunden pro woche'] },
    skills: { about: 'what they can be planned for, parted by semicolons', also: ['skill', 'fähigkeiten', 'qualifikation'] },
    sites: { about: 'where they work, parted by semicolons', also: ['site', 'standorte', 'standort'] },
    weekdays: { about: 'on which they usually work, 1 is Monday, parted by semicolons', also: ['days', 'working days', 'arbeitstage'] },
  },
  row: z
    .strictObject({ person: z.string(), hours_per_week: Hours, skills: z.string(), sites: z.string(), weekdays: z.string() })
    .transform(({ person, hours_per_week, skills, sites, weekdays }) => ({
      person,
      contractMinutes: Math.round(Number(hours_per_week.replace(',', '.')) * 60),
      skills: parts(skills),
      sites: parts(sites),
      weekdays: parts(weekdays).map(Number),
    }))
    .pipe(StaffMember),
});
