/** Who is on the staff, with contract hours, skills and sites. No wages. */
import { z } from 'zod';
import { CodesCell, defineRegister, PersonCell, WeekdaysCell } from '../../../kernel/register.ts';
import { StaffMember } from '../records.ts';

const Hours = z.string().regex(/^\d{1,3}([.,]\d{1,2})?$/, 'is no number of hours; write 38.5');
export const staff = defineRegister<StaffMember>({
  name: 'staff',
  domain: 'staffing',
  title: 'the staff register',
  columns: {
    person: { about: 'their name, or their id in people.yaml', also: ['employee', 'name', 'full name', 'mitarbeiter', 'mitarbeitername'] },
    hours_per_week: { about: 'by contract, such as 38.5', also: ['hours', 'contract hours', 'wochenstunden', 'stunden pro woche'] },
    skills: { about: 'what they can be planned for, parted by semicolons or commas', also: ['skill', 'fähigkeiten', 'qualifikation'] },
    sites: { about: 'where they work, parted by semicolons or commas', also: ['site', 'standorte', 'standort'] },
    weekdays: { about: 'on which they usually work, such as Mon-Fri, or 1;2;3 with 1 for Monday', also: ['days', 'working days', 'arbeitstage'] },
  },
  row: z
    .strictObject({ person: PersonCell, hours_per_week: Hours, skills: CodesCell, sites: CodesCell, weekdays: WeekdaysCell })
    .transform(({ person, hours_per_week, skills, sites, weekdays }) => ({
      person,
      contractMinutes: Math.round(Number(hours_per_week.replace(',', '.')) * 60),
      skills,
      sites,
      weekdays,
    }))
    .pipe(StaffMember),
});
