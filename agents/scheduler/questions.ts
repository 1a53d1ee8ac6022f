/** What the scheduler can answer without a model. */
import type { QuestionRoutine } from '../../src/kernel/define.ts';
import { addDays, LocalDate, type LocalTime } from '../../src/kernel/time.ts';
import { listAbsences, listCertificates, listLeave, listRota } from '../../src/domains/staffing/tools/reads.ts';

const WEEKDAYS: readonly (readonly [RegExp, number])[] = [
  [/\b(mondays?|montags?)\b/i, 1],
  [/\b(tuesdays?|dienstags?)\b/i, 2],
  [/\b(wednesdays?|mittwochs?)\b/i, 3],
  [/\b(thursdays?|donnerstags?)\b/i, 4],
  [/\b(fridays?|freitags?)\b/i, 5],
  [/\b(saturdays?|samstags?|sonnabends?)\b/i, 6],
  [/\b(sundays?|sonntags?)\b/i, 7],
];

/** The day that a question names: a date, tomorrow, or the next such weekday, today included; else today. */
export function dayOf(text: string, { date, weekday }: Pick<LocalTime, 'date' | 'weekday'>): LocalDate {
  const written = LocalDate.safeParse(/\b\d{4}-\d{2}-\d{2}\b/.exec(text)?.[0]);
  if (written.success) return written.data;
  if (/\b(tomorrow|morgen)\b/i.test(text)) return addDays(date, 1);
  const named = WEEKDAYS.find(([words]) => words.test(text))?.[1];
  return named === undefined ? date : addDays(date, (named - weekday + 7) % 7);
}

const LEAVE = /\b(off|leave|holidays?|vacation|urlaub|frei|abwesend)\b/i;

export const questions: readonly QuestionRoutine[] = [
  {
    about: 'who asked for leave',
    matches: (text) => LEAVE.test(text) && /\b(ask(ed|s)?|requests?|open|beantragt|anträge)\b/i.test(text),
    async answer(_text, reads, now) {
      const asked = (await reads.read(listLeave, {})).filter(({ state, until }) => state === 'requested' && until >= now.date);
      if (asked.length === 0) return 'Nobody asked for leave that is not decided.';
      return asked
        .slice(0, 20)
        .map(({ id, person, from, until }) => `- ${person} asked for ${from} to ${until} (${id}), not decided`)
        .join('\n');
    },
  },
  {
    about: 'who is on leave on a day',
    matches: (text) => LEAVE.test(text),
    async answer(text, reads, now) {
      const day = dayOf(text, now);
      const off = await reads.read(listAbsences, { day });
      return off.length === 0
        ? `Nobody is on leave on ${day}.`
        : `On leave on ${day}: ${off.map(({ person, until }) => `${person} (until ${until})`).join(', ')}.`;
    },
  },
  {
    about: 'certificates and until when they hold',
    matches: (text) => /\b(certificates?|certified|scheine?|zertifikate?)\b/i.test(text),
    async answer(_text, reads, now) {
      const all = [...(await reads.read(listCertificates, { today: now.date }))].sort((a, b) => (a.until < b.until ? -1 : 1));
      const told = all
        .slice(0, 30)
        .map(({ person, certificate, until }) => `- ${certificate} of ${person}: ${until < now.date ? 'lapsed on' : 'until'} ${until}`);
      return told.length === 0 ? 'No certificate is on file.' : told.join('\n');
    },
  },
  {
    about: 'who works on a day',
    matches: (text) => /\b(works?|working|rota|shifts?|on duty|arbeitet|dienst|schicht(en)?|dienstplan)\b/i.test(text),
    async answer(text, reads, now) {
      const day = dayOf(text, now);
      const rota = await reads.read(listRota, { from: day, until: day });
      const slots = new Map<string, string[]>();
      for (const { site, shift, person, skill } of rota)
        slots.set(`${shift} at ${site}`, [...(slots.get(`${shift} at ${site}`) ?? []), `${person} (${skill})`]);
      return slots.size === 0
        ? `Nobody is planned on ${day}.`
        : [`On ${day}:`, ...[...slots].map(([slot, people]) => `- ${slot}: ${people.join(', ')}`)].join('\n');
    },
  },
];
