/** The routine of staffing in code. It reads, and proposes; it has no limits of its own, for those are the gate's. */
import { z } from 'zod';
import { draft, type Draft, type Playbook, type Reads, type Resolution } from '../../src/kernel/define.ts';
import type { Drift } from '../../src/kernel/nouns.ts';
import type { LocalTime } from '../../src/kernel/time.ts';
import { Duty, LeaveId, type Opening, openingOf } from '../../src/domains/staffing/records.ts';
import { askConsent } from '../../src/domains/staffing/tools/ask-consent.ts';
import { assignShift } from '../../src/domains/staffing/tools/assign-shift.ts';
import { decideLeave } from '../../src/domains/staffing/tools/decide-leave.ts';
import { findRemedy, getLeave, listCandidates } from '../../src/domains/staffing/tools/reads.ts';
import { swapShift } from '../../src/domains/staffing/tools/swap-shift.ts';

const MOST_REASONS = 8; // people named with what stands against them; more are read with the tool
const MOST_GAPS = 5;

/** Their word first, where it is needed; then the change. */
function propose(
  why: string,
  opening: Opening,
  insteadOf: string | null,
  { person, mustAgree, word }: { readonly person: string; readonly mustAgree: boolean; readonly word: string },
): Resolution {
  const { site, day, shift, skill } = opening;
  const agreed = !mustAgree || word === 'given';
  if (!agreed && word === 'asked') return { drafts: [], finding: `${why}; \`${person}\` was asked and has still to answer.` };
  const change: Draft = !agreed
    ? draft(askConsent, { site, day, shift, skill, person, instead_of: insteadOf, gives: null }, `${why}; \`${person}\` could take it, if they agree.`)
    : insteadOf === null
      ? draft(assignShift, { site, day, shift, skill, person }, `${why}; \`${person}\` closes it.`)
      : draft(swapShift, { site, day, shift, from: insteadOf, to: person, back: null }, `${why}; \`${person}\` takes it over.`);
  return { drafts: [change] };
}

async function cover(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await reads.read(listCandidates, { opening: drift.subject, instead_of: null, today: now.date });
  const [first] = found.candidates.filter(({ suitable }) => suitable);
  if (!found.short) return { drafts: [], finding: `${drift.why}; it is covered by now.` };
  if (first) return propose(drift.why, openingOf(drift.subject), null, first);
  const against = found.candidates.slice(0, MOST_REASONS).map(({ person, reasons }) => `\`${person}\` ${reasons.join(', ')}`);
  return { drafts: [], finding: `${drift.why}; nobody can take it: ${against.join('; ')}.` };
}

/** One of the shifts goes to somebody else. */
async function handOver(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const duties = z.array(Duty).parse(drift.facts['duties']);
  const found = await reads.read(findRemedy, { duties, today: now.date });
  if (!found) return { drafts: [], finding: `${drift.why}; nobody can take over.` };
  return propose(drift.why, found.duty, found.duty.person, found.choice);
}

/** Proposes what the rota bears; a person decides. */
async function leave(drift: Drift, reads: Reads, now: LocalTime): Promise<Resolution> {
  const found = await reads.read(getLeave, { leave: LeaveId.parse(drift.subject), today: now.date });
  if (!found || found.leave.state !== 'requested') return { drafts: [], finding: `${drift.why}; it is decided by now.` };
  const { gaps, duties } = found;
  const missing = gaps.slice(0, MOST_GAPS).map(({ site, day, shift, skill }) => `${skill} for ${shift} on ${day} at ${site}`);
  const reason =
    gaps.length > 0
      ? `people would be missing: ${missing.join('; ')}`
      : duties.length > 0
        ? `those shifts stay covered without them`
        : 'they are on no shift in those days';
  const decision = gaps.length > 0 ? 'refuse' : 'grant';
  return { drafts: [draft(decideLeave, { leave: found.leave.id, decision, reason: reason.slice(0, 500) }, `${drift.why}; ${reason}.`)] };
}

const report = (drift: Drift): Promise<Resolution> => Promise.resolve({ drafts: [], finding: drift.why });

export const playbook: Playbook = {
  'staffing.uncovered_shift': cover,
  'staffing.double_booking': handOver,
  'staffing.rest_rule': handOver,
  'staffing.planned_away': handOver,
  'staffing.certificate_missing': handOver,
  'staffing.certificate_ending': report,
  'staffing.hours_exceeded': report,
  'staffing.leave_undecided': leave,
};
