/** When a drift is asked about again. */
import { describe, expect, test } from 'vitest';
import { episodeToAsk, type Remembered } from '../../src/intake/ask.ts';
import { digest } from '../../src/kernel/digest.ts';
import { LocalDate } from '../../src/kernel/time.ts';

const [facts, others] = [digest({ level: 3 }), digest({ level: 2 })];
const day = (text: string) => LocalDate.parse(text);
const before: Remembered = { episode: 4, state: 'asked', factsDigest: facts, quietUntil: null, settled: true };

describe('a drift that was asked about', () => {
  test.each([
    { law: 'is not asked again while nothing changes', given: {}, on: '2027-01-01', asks: undefined },
    { law: 'is asked again when a governing fact changes', given: { factsDigest: others }, on: '2026-03-02', asks: 5 },
    { law: 'is asked again after it was seen gone', given: { state: 'gone' as const }, on: '2026-03-02', asks: 5 },
    { law: 'stays quiet once declined, if no day was named', given: { state: 'declined' as const }, on: '2030-01-01', asks: undefined },
    {
      law: 'stays quiet the day before the one named',
      given: { state: 'declined' as const, quietUntil: day('2026-03-20') },
      on: '2026-03-19',
      asks: undefined,
    },
    { law: 'comes back on the day named', given: { state: 'declined' as const, quietUntil: day('2026-03-20') }, on: '2026-03-20', asks: 5 },
    {
      law: 'comes back before it, when a governing fact changes',
      given: { state: 'declined' as const, quietUntil: day('2026-03-20'), factsDigest: others },
      on: '2026-03-03',
      asks: 5,
    },
    {
      law: 'is not asked beside what is still open of it, even on that day',
      given: { state: 'declined' as const, quietUntil: day('2026-03-20'), settled: false },
      on: '2026-03-21',
      asks: undefined,
    },
  ])('$law', ({ given, on, asks }) => expect(episodeToAsk({ ...before, ...given }, facts, day(on))).toBe(asks));
});

test('the first time it is the first episode', () => expect(episodeToAsk(undefined, facts, day('2026-03-02'))).toBe(1));
