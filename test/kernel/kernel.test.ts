import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, digest, DigestError } from '../../src/kernel/digest.ts';
import { deriveId, ProposalId } from '../../src/kernel/ids.ts';
import { add, decimal, money, moneyOf, MoneyError, show } from '../../src/kernel/money.ts';
import { nearest } from '../../src/kernel/nearest.ts';
import { durationMs, instant, instantAt, LocalDate, localTime } from '../../src/kernel/time.ts';

describe('money', () => {
  test('what is written as a decimal is read back, to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (minor) => {
        expect(moneyOf(decimal(money(minor, 'EUR')), 'EUR').minor).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });
  test.each(['1,50', '1.234', 'NaN', '', '1e3', '--1'])('`%s` is no amount', (text) => expect(() => moneyOf(text, 'EUR')).toThrow(MoneyError));
  test('beyond exact arithmetic nothing is computed', () => expect(() => add(money(Number.MAX_SAFE_INTEGER, 'EUR'), money(1, 'EUR'))).toThrow(MoneyError));
  test('two currencies do not add', () => expect(() => add(money(1, 'EUR'), money(1, 'USD'))).toThrow(MoneyError));
  test('people read it with separators', () =>
    expect([show(money(240_000, 'EUR')), show(money(-5, 'EUR')), show(money(1_234, 'JPY'))]).toEqual(['2,400.00 EUR', '-0.05 EUR', '1,234 JPY']));
});

describe('digests and ids', () => {
  test('the order of keys does not matter', () => expect(digest({ a: 1, b: [1, 2] })).toBe(digest({ b: [1, 2], a: 1 })));
  test.each([Number.NaN, undefined, () => 1, '\ud800', { deep: Number.NaN }])('%s has no digest', (value) => {
    expect(() => digest(value)).toThrow(DigestError);
  });
  test('RFC 8785, section 3.2.3', () =>
    expect(canonical({ numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27], string: '€$\u000f\nA\'B"\\\\"/' })).toBe(
      '{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ));
  test('one key, one id; another key, another; and it fits a bank’s end-to-end id', () => {
    const id = deriveId('prp', ['org', 'x']);
    expect(deriveId('prp', ['org', 'x'])).toBe(id);
    expect(deriveId('prp', ['org', 'y'])).not.toBe(id);
    expect(ProposalId.parse(id)).toMatch(/^[A-Za-z0-9-]{1,35}$/);
  });
});

describe('time', () => {
  test('a place’s clock and the instant it shows are inverse, on every day of a year', () => {
    for (let n = 0; n < 365; n++) {
      const date = LocalDate.parse(new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
      expect(localTime(instantAt(date, '07:30', 'Europe/Berlin'), 'Europe/Berlin')).toMatchObject({ date, hour: 7, minute: 30 });
    }
  });
  test('an hour that summer time skips is just after it; one that comes twice is its first', () => {
    expect(instantAt(LocalDate.parse('2026-03-29'), '02:30', 'Europe/Berlin')).toBe(instant(Date.UTC(2026, 2, 29, 1, 30)));
    expect(instantAt(LocalDate.parse('2026-10-25'), '02:30', 'Europe/Berlin')).toBe(instant(Date.UTC(2026, 9, 25, 0, 30)));
  });
  test.each([
    ['P1D', 86_400_000],
    ['PT4H', 14_400_000],
    ['P1DT30M', 88_200_000],
    ['P', undefined],
    ['PT', undefined],
    ['4h', undefined],
  ])('%s', (text, ms) => expect(durationMs(text)).toBe(ms));
});

test('an unknown name is answered with the nearest', () =>
  expect(nearest('finance.pay_invoic', ['finance.pay_invoice', 'finance.hold_invoice', 'x'])[0]).toBe('finance.pay_invoice'));
