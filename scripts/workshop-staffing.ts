/** The invented people of the example workshop at work: four weeks of rota that are right but for what is planted in them. */
import { addDays, LocalDate, weekdayOf } from '../src/kernel/time.ts';

interface Member {
  readonly person: string;
  readonly hours: number;
  readonly skills: readonly string[];
  readonly sites: readonly string[];
  readonly weekdays: readonly number[];
}

const FULL = [1, 2, 3, 4, 5];
const member = (person: string, site: string, skills: readonly string[], hours = 40, weekdays: readonly number[] = FULL): Member => ({
  person,
  hours,
  skills,
  sites: site === 'both' ? ['mill-lane', 'station-yard'] : [site],
  weekdays,
});

const STAFF: readonly Member[] = [
  member('clara', 'mill-lane', ['office']),
  member('emre', 'both', ['office', 'stores', 'forklift']),
  member('nadia', 'mill-lane', ['office']),
  member('paul', 'both', ['stores', 'forklift']),
  member('greta', 'mill-lane', ['joiner', 'machinist']),
  member('tomas', 'mill-lane', ['machinist']),
  member('aylin', 'mill-lane', ['joiner', 'machinist'], 32, [1, 2, 3, 4]),
  member('henrik', 'mill-lane', ['joiner']),
  member('lotte', 'mill-lane', ['joiner', 'machinist']),
  member('samuel', 'mill-lane', ['joiner']),
  member('ines', 'station-yard', ['joiner']),
  member('jakub', 'station-yard', ['forklift']),
  member('mira', 'station-yard', ['joiner']),
  member('oskar', 'station-yard', ['joiner', 'forklift']),
  member('yusuf', 'station-yard', ['joiner', 'forklift']),
  member('zoe', 'station-yard', ['joiner', 'forklift'], 32, [1, 2, 3, 4]),
  member('finn', 'station-yard', ['helper'], 32, [1, 3, 4, 5]),
];

const day = (date: string): LocalDate => LocalDate.parse(date);
const WEEKS = ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16'].map(day);

type Row = readonly [day: LocalDate, site: string, shift: string, person: string, skill: string];

/** Early and late change from week to week, over the weekend. */
function millLane(date: LocalDate, even: boolean): Row[] {
  const on = (shift: string, person: string, skill: string): Row => [date, 'mill-lane', shift, person, skill];
  const [joinerEarly, joinerLate, machinistEarly, machinistLate] = even ? ['henrik', 'lotte', 'tomas', 'greta'] : ['lotte', 'henrik', 'greta', 'tomas'];
  return [
    on('early', 'samuel', 'joiner'),
    on('early', joinerEarly, 'joiner'),
    on('early', machinistEarly, 'machinist'),
    on('late', joinerLate, 'joiner'),
    on('late', machinistLate, 'machinist'),
    ...(weekdayOf(date) <= 2 || (!even && weekdayOf(date) === 3) ? [on('early', 'aylin', 'joiner')] : []),
    on('office', 'clara', 'office'),
    ...([1, 4, 5].includes(weekdayOf(date)) ? [on('office', 'emre', 'office')] : []),
    on('stores', 'paul', 'stores'),
  ];
}

function stationYard(date: LocalDate): Row[] {
  const on = (person: string, skill: string): Row => [date, 'station-yard', 'day', person, skill];
  const lapsed = date > '2026-03-11'; // jakub's certificate: yusuf drives
  const weekday = weekdayOf(date);
  return [
    ...['ines', 'mira', 'oskar'].map((person) => on(person, 'joiner')),
    ...(weekday === 5 || (weekday === 3 && !lapsed) ? [] : [on('zoe', 'joiner')]),
    on('yusuf', lapsed ? 'forklift' : 'joiner'),
    ...(lapsed ? [] : [on('jakub', 'forklift')]),
    ...(weekday === 2 ? [] : [on('finn', 'helper')]), // at school
  ];
}

const without = (rows: readonly Row[], date: string, person: string): readonly Row[] => rows.filter((row) => !(row[0] === date && row[3] === person));

/** What is wrong with it, as `evals/scheduler/dataset.json` states it. */
function planted(clean: readonly Row[]): readonly Row[] {
  let rows: readonly Row[] = clean.filter(([date, site]) => !(site === 'station-yard' && date === '2026-03-06')); // closed, by its calendar: not wrong
  rows = without(rows, '2026-03-12', 'greta'); // on leave: the late shift is short of a machinist
  rows = without(rows, '2026-03-04', 'jakub'); // away: the yard is short of a driver
  rows = without(rows, '2026-03-10', 'henrik'); // late instead of early, and early on the next day
  return [
    ...rows,
    [day('2026-03-10'), 'mill-lane', 'late', 'henrik', 'joiner'],
    [day('2026-03-10'), 'station-yard', 'day', 'paul', 'forklift'], // and in the stores at the same time
    [day('2026-03-14'), 'station-yard', 'day', 'yusuf', 'joiner'], // a sixth day: above his contract
  ];
}

function rota(): readonly Row[] {
  const days = WEEKS.flatMap((monday) => FULL.map((weekday) => addDays(monday, weekday - 1)));
  const even = (date: LocalDate): boolean => WEEKS.findIndex((monday) => date < addDays(monday, 7)) % 2 === 0;
  return planted(days.flatMap((date) => [...millLane(date, even(date)), ...stationYard(date)]));
}

const CERTIFICATES: readonly (readonly [string, string, string, string, string])[] = [
  ['C-101', 'greta', 'woodworking-machines', '2019-06-03', '2027-06-02'],
  ['C-102', 'tomas', 'woodworking-machines', '2015-04-20', '2027-04-19'],
  ['C-103', 'aylin', 'woodworking-machines', '2022-09-12', '2026-09-11'],
  ['C-104', 'lotte', 'woodworking-machines', '2021-02-15', '2026-08-14'],
  ['C-201', 'jakub', 'forklift', '2025-03-11', '2026-03-10'],
  ['C-202', 'oskar', 'forklift', '2025-10-06', '2026-10-05'],
  ['C-203', 'yusuf', 'forklift', '2025-11-17', '2026-11-16'],
  ['C-204', 'zoe', 'forklift', '2025-06-23', '2026-06-22'],
  ['C-205', 'paul', 'forklift', '2025-09-01', '2026-08-31'],
  ['C-206', 'emre', 'forklift', '2025-12-08', '2026-12-07'],
];

const LEAVE: readonly (readonly [string, string, string, string, string, string, string])[] = [
  ['L-2026-011', 'greta', 'leave', '2026-03-12', '2026-03-12', '2026-02-09', 'granted'],
  ['L-2026-014', 'jakub', 'other', '2026-03-04', '2026-03-04', '2026-03-02', 'granted'],
  ['L-2026-015', 'henrik', 'leave', '2026-04-06', '2026-04-10', '2026-02-27', 'requested'], // on no shift
  ['L-2026-016', 'lotte', 'leave', '2026-03-10', '2026-03-11', '2026-02-27', 'requested'], // the late shift of the 11th would be short
  ['L-2026-017', 'mira', 'leave', '2026-03-09', '2026-03-09', '2026-03-01', 'requested'], // on a shift that bears it
  ['L-2026-018', 'nadia', 'leave', '2026-03-16', '2026-03-20', '2026-03-01', 'requested'], // answers for staffing: the owner decides
  ['L-2026-003', 'tomas', 'leave', '2026-01-19', '2026-01-23', '2025-12-01', 'granted'],
  ['L-2026-009', 'ines', 'leave', '2026-02-05', '2026-02-06', '2026-01-30', 'refused'],
];

const csv = (head: string, rows: readonly (readonly (string | number)[])[]): string => `${[head, ...rows.map((row) => row.join(','))].join('\n')}\n`;

export function staffingRegisters(): Record<string, string> {
  const rows = [...rota()].sort((a, b) => (a.join('/') < b.join('/') ? -1 : 1));
  return {
    'certificates.csv': csv('id,person,certificate,valid_from,valid_until', CERTIFICATES),
    'leave.csv': csv('id,person,kind,first_day,last_day,requested_on,state', LEAVE),
    'rota.csv': csv('day,site,shift,person,skill', rows),
    'staff.csv': csv(
      'person,hours_per_week,skills,sites,weekdays',
      STAFF.map(({ person, hours, skills, sites, weekdays }) => [person, hours, skills.join(';'), sites.join(';'), weekdays.join(';')]),
    ),
  };
}

const calendar = (name: string, event: readonly string[]): string =>
  `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Lindner & Voss//Calendar//EN', `X-WR-CALNAME:${name}`, 'BEGIN:VEVENT', ...event, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n')}\r\n`;

/** A person's calendar is named after them, a site's after the site: on whole days of those the site is closed. */
export const staffingCalendars = (): Record<string, string> => ({
  'finn.ics': calendar('finn', [
    'UID:school-finn-2025@lindner-voss.example',
    'DTSTAMP:20250901T080000Z',
    'DTSTART;TZID=Europe/Berlin:20250902T080000',
    'DTEND;TZID=Europe/Berlin:20250902T150000',
    'RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630T220000Z',
    'SUMMARY:Vocational school',
  ]),
  'station-yard.ics': calendar('station-yard', [
    'UID:closed-2026-03-06@lindner-voss.example',
    'DTSTAMP:20260112T090000Z',
    'DTSTART;VALUE=DATE:20260306',
    'DTEND;VALUE=DATE:20260307',
    'SUMMARY:Yard closed: new floor',
  ]),
});
