/** A small staff for the rules: one site, three shifts, a certificate. */
import type { Frame } from '../../../src/domains/staffing/hours.ts';
import { Duty, PersonFile, type Slot } from '../../../src/domains/staffing/records.ts';
import { StaffingSettings } from '../../../src/domains/staffing/settings.ts';
import { LocalDate } from '../../../src/kernel/time.ts';

export const date = (text: string): LocalDate => LocalDate.parse(text);

const settings = StaffingSettings.parse({
  shifts: [
    { shift: 'early', site: 'yard', start: '06:00', end: '14:00', pause_minutes: 30 },
    { shift: 'late', site: 'yard', start: '14:00', end: '22:00', pause_minutes: 30 },
    { shift: 'night', site: 'yard', start: '22:00', end: '06:00', pause_minutes: 0 },
    { shift: 'long', site: 'yard', start: '06:00', end: '16:30', pause_minutes: 30 },
  ],
  need: [
    { site: 'yard', shift: 'early', weekdays: [1, 2, 3, 4, 5], skill: 'driver', minimum: 1 },
    { site: 'yard', shift: 'late', weekdays: [1, 2, 3, 4, 5], skill: 'joiner', minimum: 1 },
  ],
  certificates: [{ certificate: 'forklift', skill: 'driver', notice_days: 30, source: 'DGUV Vorschrift 68 section 7' }],
});

export const frameOn = (today: string): Frame => ({ settings, zone: 'Europe/Berlin', today: date(today) });
export const slot = (day: string, shift: string): Slot => ({ site: Duty.shape.site.parse('yard'), day: date(day), shift: Duty.shape.shift.parse(shift) });
export const duty = (person: string, day: string, shift: string, skill = 'joiner'): Duty => Duty.parse({ ...slot(day, shift), person, skill });

export function file(person: string, duties: readonly (readonly [string, string])[] = [], more: object = {}): PersonFile {
  return PersonFile.parse({
    person,
    active: true,
    staff: { person, contractMinutes: 2_400, skills: ['joiner', 'driver'], sites: ['yard'], weekdays: [1, 2, 3, 4, 5] },
    duties: duties.map(([day, shift]) => duty(person, day, shift)),
    certificates: [{ id: `C-${person}`, person, certificate: 'forklift', from: '2026-01-01', until: '2026-12-31' }],
    away: [],
    busy: [],
    consents: [],
    ...more,
  });
}
