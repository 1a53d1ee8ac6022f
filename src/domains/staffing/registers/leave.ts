/** Leave, asked for and decided. Of other absences only the days are kept, never why. */
import { z } from 'zod';
import { DayText, defineRegister, PersonCell } from '../../../kernel/register.ts';
import { Leave } from '../records.ts';

const PLAIN: ReadonlySet<string> = new Set(['leave', 'holiday', 'vacation', 'urlaub', 'erholungsurlaub']);
const STATES: Readonly<Record<string, string>> = { beantragt: 'requested', genehmigt: 'granted', abgelehnt: 'refused' };

export const leaveRegister = defineRegister<Leave>({
  name: 'leave',
  domain: 'staffing',
  title: 'the register of leave',
  columns: {
    id: { about: 'its number, each once', also: ['nummer', 'nr', 'request'] },
    person: { about: 'who: their name, or their id in people.yaml', also: ['employee', 'name', 'mitarbeiter'] },
    kind: { about: 'leave, or any other word: of others only the days are kept', also: ['type', 'art', 'grund'] },
    first_day: { about: 'YYYY-MM-DD', also: ['from', 'von', 'first day', 'erster tag'] },
    last_day: { about: 'YYYY-MM-DD', also: ['until', 'to', 'bis', 'last day', 'letzter tag'] },
    requested_on: { about: 'when it was asked for, YYYY-MM-DD', also: ['requested', 'asked on', 'beantragt am'] },
    state: { about: 'requested, granted or refused', also: ['status', 'zustand'] },
  },
  row: z
    .strictObject({
      id: z.string(),
      person: PersonCell,
      kind: z.string(),
      first_day: DayText,
      last_day: DayText,
      requested_on: DayText,
      state: z.string(),
    })
    .transform(({ kind, first_day, last_day, requested_on, state, ...row }) => ({
      ...row,
      kind: PLAIN.has(kind.trim().toLowerCase()) ? 'leave' : 'other',
      from: first_day,
      until: last_day,
      requestedOn: requested_on,
      state: STATES[state.toLowerCase()] ?? state,
    }))
    .pipe(Leave)
    .refine(({ from, until }) => from <= until, { message: 'ends before it begins', path: ['last_day'] }),
});
