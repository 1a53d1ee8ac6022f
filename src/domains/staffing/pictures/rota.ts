/** The rota of two weeks: who is where, and what is wrong with it, in the words of the rules. */
import { definePicture, type Picture } from '../../../kernel/picture.ts';
import { addDays, weekdayOf, type LocalDate } from '../../../kernel/time.ts';
import { coverage, isShort, type Cover } from '../cover.ts';
import { doubleBookings, restFaults, uncertified } from '../faults.ts';
import type { Frame } from '../hours.ts';
import type { StaffingReads } from '../ports.ts';
import { dutyKey, type Duty, type PersonFile } from '../records.ts';
import { around } from '../window.ts';

const DAYS = 14; // two weeks fit a screen, and the notice of a change is shorter
const WEEKDAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']; // ISO 8601
const MONTHS = ['', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Row = Extract<Picture, { kind: 'grid' }>['rows'][number];
type Cell = Row['cells'][number][number];

export const rota = definePicture<StaffingReads>()({
  name: 'staffing.rota',
  domain: 'staffing',
  title: 'The rota',
  says: 'Two weeks from today: above, what is short of people; below, who is where. A word says what is wrong with a shift.',
  classification: 'internal',
  async draw(staffing, { date }) {
    const until = addDays(date, DAYS - 1);
    const [frame, files, closed] = [await staffing.frame(date), await around(staffing, date, until), await staffing.closed(date, until)];
    const days = Array.from({ length: DAYS }, (_, n) => addDays(date, n));
    const shut = (day: LocalDate) => closed.filter((one) => one.day === day).map(({ site }) => site);
    return {
      kind: 'grid',
      columns: days.map((day) => ({
        title: `${WEEKDAYS[weekdayOf(day)] ?? ''} ${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7))] ?? ''}`,
        note: shut(day)
          .map((site) => `${site} closed`)
          .join(', '),
      })),
      rows: [...shortRows(coverage(frame, closed, files, date, until), days), ...files.filter(shown(days)).map((file) => rowOf(frame, file, days))],
    };
  },
});

/** Only what is short: what is covered is seen in the rows of people. */
function shortRows(covers: readonly Cover[], days: readonly LocalDate[]): Row[] {
  const short = covers.filter(isShort);
  const kinds = [...new Set(short.map(({ site, shift, skill }) => `${site}: ${skill}, ${shift}`))].sort();
  const cell = ({ minimum, assigned }: Cover): Cell => ({ text: `${assigned.length} of ${minimum}`, tone: 'short', mark: 'short' });
  return kinds.map((name) => ({
    name,
    cells: days.map((day) => short.filter((one) => one.day === day && `${one.site}: ${one.skill}, ${one.shift}` === name).map(cell)),
  }));
}

const shown = (days: readonly LocalDate[]) => (file: PersonFile) => file.active || file.duties.some(({ day }) => days.includes(day));

function rowOf(frame: Frame, file: PersonFile, days: readonly LocalDate[]): Row {
  const marks = marksOf(frame, file);
  const away = (day: LocalDate): Cell[] => (file.away.some(({ from, until }) => from <= day && day <= until) ? [{ text: 'away', tone: 'off', mark: '' }] : []);
  const cell = (duty: Duty): Cell => {
    const mark = marks.get(dutyKey(duty)) ?? '';
    return { text: `${duty.shift}, ${duty.site}`, tone: mark === '' ? 'plain' : 'clash', mark };
  };
  return { name: file.person, cells: days.map((day) => [...away(day), ...file.duties.filter((duty) => duty.day === day).map(cell)]) };
}

/** What the reconcilers would say of each shift, in a word. */
function marksOf(frame: Frame, file: PersonFile): ReadonlyMap<string, string> {
  const kinds = [
    ['no certificate', uncertified(frame, file)],
    ['rest', restFaults(frame, file)],
    ['double', doubleBookings(frame, file)],
  ] as const;
  return new Map(kinds.flatMap(([mark, faults]) => faults.flatMap(({ duties }) => duties.map((duty): [string, string] => [dutyKey(duty), mark]))));
}
