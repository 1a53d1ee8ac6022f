/** The facts of the gate's sheets, from what was read and by the rules. Pure. */
import type { z } from 'zod';
import { asking, changing, type ConsentInput } from './calls.ts';
import { effectOf, judged, worse } from './changes.ts';
import { coverOf, isShort, type Closed } from './cover.ts';
import type { Frame } from './hours.ts';
import type { PersonFile } from './records.ts';
import { brokenBy, wordOn, type Measures } from './rules.ts';

/** What the rota is, and will be. */
export interface Rota {
  readonly rows: readonly PersonFile[]; // as it stands
  readonly files: readonly PersonFile[]; // with what is permitted and not yet done
  readonly closed: readonly Closed[];
}

/** Of `duty`: on the rota as it stands, and on what it will be once all that is permitted is done; the worse of both. */
export const dutyFacts = (args: unknown, frame: Frame, { rows, files, closed }: Rota): Measures =>
  worse(measuresOf(args, frame, rows, closed), measuresOf(args, frame, files, closed));

/** On one rota. @throws ZodError where the arguments are no change of the rota */
export function measuresOf(args: unknown, frame: Frame, files: readonly PersonFile[], closed: readonly Closed[]): Measures {
  const change = changing(args);
  const needed =
    change.kind === 'swap' ||
    isShort(
      coverOf(
        frame,
        closed,
        files.flatMap(({ duties }) => duties),
        change.duty,
      ),
    );
  return judged(frame, change, files, needed);
}

/** Of `consent`: a person is asked only for what their word would make possible. */
export function consentFacts(input: z.output<typeof ConsentInput>, frame: Frame, files: readonly PersonFile[]) {
  const change = asking(input);
  const measures = judged(frame, change, files, true, input.person);
  const own = effectOf(change, files).takes.find(({ duty }) => duty.person === input.person);
  const file = files.find(({ person }) => person === input.person);
  const word = own && file ? wordOn(file, own.duty, own.gives, frame.today) : 'none';
  return {
    possible: own !== undefined && brokenBy(measures).every(({ liftable, id }) => liftable || id === 'staffing.consent'),
    answered: word === 'given' || word === 'refused',
    open: word === 'asked' || word === 'late',
  };
}
