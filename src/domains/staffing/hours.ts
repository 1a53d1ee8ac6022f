/** Shifts as spans of real time. A night on which the clock changes has 23 or 25 hours, and so has the work and the rest in it. */
import { addDays, instantAt, millis, type LocalDate } from '../../kernel/time.ts';
import type { Slot } from './records.ts';
import type { Shift, StaffingSettings } from './settings.ts';

/** What the rules are held against, besides the people. */
export interface Frame {
  readonly settings: StaffingSettings;
  readonly zone: string; // IANA name
  readonly today: LocalDate;
}

export interface Span {
  readonly starts: number; // milliseconds since 1970
  readonly ends: number; // exclusive
  readonly work: number; // minutes, without the pause
}

export const MINUTE = 60_000;

export const shiftOf = ({ settings }: Frame, { site, shift }: Slot): Shift | undefined =>
  settings.shifts.find((one) => one.site === site && one.shift === shift);

const spans = new WeakMap<Frame['settings'], Map<string, Span>>(); // local times are dear to resolve, and rules ask again and again
const MOST_SPANS = 20_000;

/** Undefined where the shift is not declared at the site. */
export function spanOf(frame: Frame, slot: Slot): Span | undefined {
  const shift = shiftOf(frame, slot);
  if (!shift) return undefined;
  const kept = spans.get(frame.settings) ?? new Map<string, Span>();
  spans.set(frame.settings, kept);
  const key = `${frame.zone}/${slot.day}/${shift.start}/${shift.end}/${shift.pause_minutes}`;
  const before = kept.get(key);
  if (before) return before;
  const starts = millis(instantAt(slot.day, shift.start, frame.zone));
  const ends = millis(instantAt(shift.end <= shift.start ? addDays(slot.day, 1) : slot.day, shift.end, frame.zone));
  const span = { starts, ends, work: (ends - starts) / MINUTE - shift.pause_minutes };
  if (kept.size >= MOST_SPANS) kept.clear();
  kept.set(key, span);
  return span;
}

export const overlap = (a: Pick<Span, 'starts' | 'ends'>, b: Pick<Span, 'starts' | 'ends'>): boolean => a.starts < b.ends && b.starts < a.ends;
