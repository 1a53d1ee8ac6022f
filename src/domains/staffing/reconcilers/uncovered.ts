/** Shifts against the need for people. */
import { defineReconciler } from '../../../kernel/define.ts';
import { addDays } from '../../../kernel/time.ts';
import { choices } from '../choices.ts';
import { coverage, isShort } from '../cover.ts';
import type { StaffingReads } from '../ports.ts';
import { openingKey, openingOf } from '../records.ts';
import { horizon, around } from '../window.ts';

export const uncoveredShift = defineReconciler<StaffingReads>()({
  name: 'staffing.uncovered_shift',
  domain: 'staffing',
  async keys(staffing, now) {
    const { frame, files, until } = await horizon(staffing, now.date);
    return coverage(frame, await staffing.closed(now.date, until), files, now.date, until)
      .filter(isShort)
      .map(openingKey);
  },
  desired: (_key, staffing, now) => staffing.frame(now.date),
  async observed(key, staffing) {
    const { day } = openingOf(key);
    return { files: await around(staffing, day, day), closed: await staffing.closed(day, addDays(day, 1)) };
  },
  drift(key, frame, { files, closed }) {
    const opening = openingOf(key);
    const cover = coverage(frame, closed, files, opening.day, opening.day).find((one) => openingKey(one) === key);
    if (!cover || !isShort(cover)) return [];
    const [next] = choices(frame, opening, null, files).filter(({ suitable }) => suitable);
    const { site, day, shift, skill } = opening;
    const why = `\`${shift}\` on ${day} at ${site} has ${cover.assigned.length} of ${cover.minimum} \`${skill}\``;
    // Who would come next is a fact of it: where they cannot any more, or gave their word, it is looked at anew.
    const facts = { minimum: cover.minimum, assigned: [...cover.assigned], next: next?.person ?? null, given: next?.word === 'given' };
    return [{ subject: key, why, arose: null, facts }];
  },
});
