/** What people are certified for, and until when. */
import { z } from 'zod';
import { CodeCell, DayText, defineRegister, PersonCell } from '../../../kernel/register.ts';
import { Certificate } from '../records.ts';

export const certificates = defineRegister<Certificate>({
  name: 'certificates',
  domain: 'staffing',
  title: 'the register of certificates',
  columns: {
    id: { about: 'its number', also: ['nummer', 'nr'] },
    person: { about: 'whose: their name, or their id in people.yaml', also: ['employee', 'name', 'mitarbeiter'] },
    certificate: { about: 'which, as desired/staffing.yaml calls it', also: ['schein', 'nachweis', 'zertifikat'] },
    valid_from: { about: 'the first day, YYYY-MM-DD or 31.12.2026', also: ['from', 'von', 'gültig ab'] },
    valid_until: { about: 'the last day, YYYY-MM-DD or 31.12.2026', also: ['until', 'bis', 'gültig bis'] },
  },
  row: z
    .strictObject({ id: z.string(), person: PersonCell, certificate: CodeCell, valid_from: DayText, valid_until: DayText })
    .transform(({ valid_from, valid_until, ...row }) => ({ ...row, from: valid_from, until: valid_until }))
    .pipe(Certificate),
});
