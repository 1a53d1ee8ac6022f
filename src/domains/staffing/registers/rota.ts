/** The rota, as staff write it: the whole of a site and a week. */
import { z } from 'zod';
import { CodeCell, DayText, defineRegister, PersonCell } from '../../../kernel/register.ts';
import { Duty } from '../records.ts';

export const rota = defineRegister<Duty>({
  name: 'rota',
  domain: 'staffing',
  title: 'the rota',
  columns: {
    day: { about: 'the day on which the shift begins, YYYY-MM-DD', also: ['date', 'datum', 'tag'] },
    site: { about: 'where', also: ['location', 'standort'] },
    shift: { about: 'the shift, as desired/staffing.yaml calls it', also: ['schicht', 'dienst'] },
    person: { about: 'who works: their name, or their id in people.yaml', also: ['employee', 'mitarbeiter', 'name'] },
    skill: { about: 'what they are there for', also: ['as', 'function', 'tätigkeit', 'funktion'] },
  },
  row: z.strictObject({ day: DayText, site: CodeCell, shift: CodeCell, person: PersonCell, skill: CodeCell }).pipe(Duty),
});
