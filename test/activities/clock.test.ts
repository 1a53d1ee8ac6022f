/** Where a clock that is moved stops on its way. */
import { expect, test } from 'vitest';
import { stopsBetween, type Daily } from '../../src/activities/clock.ts';
import { instantAt, localTime, LocalDate, type Instant } from '../../src/kernel/time.ts';

const ZONE = 'Europe/Berlin';
const at = (date: string, time: string): Instant => instantAt(LocalDate.parse(date), time, ZONE);
const daily: Daily = { cutoff: '15:00', reviews: { finance: ['07:30', '13:00'], staffing: ['13:00'] } };
const told = (from: Instant, to: Instant, plan = daily) =>
  stopsBetween(from, to, ZONE, plan).map(({ at: stop, reviews }) => {
    const { date, hour, minute } = localTime(stop, ZONE);
    return [`${date.slice(5)} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`, ...reviews].join(' ');
  });

test('a day holds every review, its cut-off and its midnight, in order, and ends with the reviews that the last day did not have', () => {
  expect(told(at('2026-03-02', '07:06'), at('2026-03-03', '07:06'))).toEqual([
    '03-02 07:30 finance',
    '03-02 13:00 finance staffing',
    '03-02 15:00',
    '03-03 00:00',
    '03-03 07:06 finance staffing',
  ]);
  expect(told(at('2026-03-02', '15:00'), at('2026-03-03', '07:45'))).toEqual(['03-03 00:00', '03-03 07:30 finance', '03-03 07:45 staffing']);
});

test('what begins or ends at a stop does not make it twice', () => {
  expect(told(at('2026-03-02', '15:00'), at('2026-03-03', '00:00'))).toEqual(['03-03 00:00 finance staffing']);
  expect(told(at('2026-03-02', '14:59'), at('2026-03-02', '15:00'))).toEqual(['03-02 15:00 finance staffing']);
});

test('a cut-off at the time of a review is one stop', () => {
  expect(told(at('2026-03-02', '12:00'), at('2026-03-02', '14:00'), { ...daily, cutoff: '13:00' })).toEqual(['03-02 13:00 finance staffing', '03-02 14:00']);
});

test('a month passes each day once, over the change to summer time too', () => {
  const stops = stopsBetween(at('2026-03-02', '07:06'), at('2026-04-02', '07:06'), ZONE, daily);
  expect(stops).toHaveLength(31 * 4 + 1);
  expect([...stops].sort((a, b) => (a.at < b.at ? -1 : 1))).toEqual(stops);
});
