/** What the reconcilers of one person's rota have in common: keys, and the facts for which a drift is asked about again. */
import type { JsonObject } from '../../kernel/nouns.ts';
import { defineReconciler } from '../../kernel/define.ts';
import { remedy } from './choices.ts';
import type { Fault } from './faults.ts';
import type { Frame } from './hours.ts';
import type { StaffingReads } from './ports.ts';
import { dutyKey, type PersonFile } from './records.ts';
import { horizon } from './window.ts';

/** `person/day`, or the shift where a day can have several faults. */
const subjectOf = (person: string, { day, duties }: Fault, byShift: boolean): string => {
  const [first] = duties;
  return byShift && first ? dutyKey(first) : `${person}/${day}`;
};

export const faultReconciler = (name: string, find: (frame: Frame, file: PersonFile) => readonly Fault[], byShift: boolean) =>
  defineReconciler<StaffingReads>()({
    name,
    domain: 'staffing',
    async keys(staffing, now) {
      const { frame, files, until } = await horizon(staffing, now.date);
      return files.filter((file) => find(frame, file).some(({ day }) => day <= until)).map(({ person }) => person);
    },
    desired: (_person, staffing, now) => staffing.frame(now.date),
    observed: (_person, staffing, now) => horizon(staffing, now.date),
    drift(person, frame, { files, until }) {
      const file = files.find((one) => one.person === person);
      return (file ? find(frame, file) : [])
        .filter(({ day }) => day <= until)
        .map((fault) => ({ subject: subjectOf(person, fault, byShift), why: fault.why, arose: null, facts: factsOf(frame, fault, files) }));
    },
  });

/** The shifts of which one goes, and who would take which: where that changes, it is looked at anew. */
function factsOf(frame: Frame, { duties }: Fault, files: readonly PersonFile[]): JsonObject {
  const found = remedy(frame, duties, files);
  return {
    duties: duties.map((duty) => ({ ...duty })),
    next: found ? { duty: dutyKey(found.duty), person: found.choice.person, given: found.choice.word === 'given' } : null,
  };
}
