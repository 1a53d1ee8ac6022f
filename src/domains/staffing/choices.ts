/** Who could take a shift, in the order in which they are asked. A refusal counts for that shift alone, and for nothing else. Pure. */
import type { PersonId } from '../../kernel/ids.ts';
import { judged, type Change } from './changes.ts';
import type { Frame } from './hours.ts';
import { dutyKey, slotOf, type Duty, type Opening, type PersonFile } from './records.ts';
import { brokenBy, consentNeeded, wordOn, type Word } from './rules.ts';

export interface Choice {
  readonly person: PersonId;
  readonly suitable: boolean;
  readonly mustAgree: boolean; // their own word is needed
  readonly word: Word; // what they said
  readonly lifts: readonly string[]; // articles that people would have to lift
  readonly reasons: readonly string[]; // in words, what stands against it
  readonly spare: number; // minutes of their contract left in that week, with the shift
}

/** The change by which a person comes onto a shift. @param insteadOf who has it now, or null where somebody is missing */
export const changeFor = (opening: Opening, insteadOf: PersonId | null, person: PersonId): Change =>
  insteadOf === null
    ? { kind: 'assign', duty: { ...slotOf(opening), skill: opening.skill, person } }
    : { kind: 'swap', slot: slotOf(opening), from: insteadOf, to: person, back: null };

/** Everybody of the staff, the first to ask first. */
export function choices(frame: Frame, opening: Opening, insteadOf: PersonId | null, files: readonly PersonFile[]): readonly Choice[] {
  return files
    .filter(({ person, staff }) => staff !== null && person !== insteadOf)
    .map((file) => choiceOf(frame, opening, insteadOf, file, files))
    .sort((a, b) => rank(a) - rank(b) || b.spare - a.spare || (a.person < b.person ? -1 : 1));
}

function choiceOf(frame: Frame, opening: Opening, insteadOf: PersonId | null, file: PersonFile, files: readonly PersonFile[]): Choice {
  const concerned = files.filter(({ person }) => person === file.person || person === insteadOf);
  const measures = judged(frame, changeFor(opening, insteadOf, file.person), concerned, true);
  const broken = brokenBy(measures);
  const mustAgree = consentNeeded(frame, file, opening);
  const word = wordOn(file, opening, null, frame.today);
  const unwilling = mustAgree && (word === 'refused' || word === 'late');
  const hard = broken.filter(({ liftable, id }) => !liftable && id !== 'staffing.consent');
  return {
    person: file.person,
    suitable: hard.length === 0 && !unwilling,
    mustAgree,
    word,
    lifts: broken.filter(({ liftable }) => liftable).map(({ id }) => id),
    reasons: [
      ...broken.filter(({ id }) => id !== 'staffing.consent' || !unwilling).map((rule) => rule.says(measures)),
      ...(unwilling ? ['has not agreed'] : []),
    ],
    spare: measures.limit_week_minutes - measures.week_minutes,
  };
}

/** Nobody is asked whose word is not needed; nothing is lifted that need not be; one who was asked is waited for. */
function rank({ suitable, lifts, mustAgree, word }: Choice): number {
  if (!suitable) return 9;
  const words = !mustAgree || word === 'given' ? 0 : word === 'asked' ? 1 : 2;
  return (lifts.length > 0 ? 4 : 0) + words;
}

/** One shift that goes to another person. */
export interface Remedy {
  readonly duty: Duty;
  readonly choice: Choice;
}

/** The smallest change that takes one of these shifts from whoever has it; undefined where nobody suits. */
export function remedy(frame: Frame, duties: readonly Duty[], files: readonly PersonFile[]): Remedy | undefined {
  return duties
    .filter(({ day }) => day >= frame.today)
    .flatMap((duty) => {
      const [choice] = choices(frame, duty, duty.person, files);
      return choice?.suitable ? [{ duty, choice }] : [];
    })
    .sort((a, b) => rank(a.choice) - rank(b.choice) || b.choice.spare - a.choice.spare || (dutyKey(a.duty) < dutyKey(b.duty) ? -1 : 1))[0];
}
