/** What cannot be seen shows as something, on every surface alike. */
import { expect, test } from 'vitest';
import { visible } from '../../src/surfaces/visible.ts';

const between = (from: number, to: number): readonly string[] => Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n));

test.each([
  ...between(0x202a, 0x202e),
  ...between(0x2066, 0x2069),
  ...between(0x200b, 0x200f),
  ...['\u2060', '\ufeff', '\u061c', '\u180e', '\0', '\u001b', '\u0085', '\u{e0041}'],
])('%j is masked', (unseen) => expect(visible(`DE02${unseen}1203`)).toBe('DE02\ufffd1203'));

test.each(['Tomás Zoë 木工 Ольга', 'one\ntwo\tthree', '👨‍👩‍👧 👩🏽‍🚒 ❤️‍🔥', 'می‌خواهم', 'क्‍ष', 'שלום عليكم'])('%s stays as it is', (text) =>
  expect(visible(text)).toBe(text),
);

test('a joiner that nothing shows is masked, and line breaks are of one kind', () => {
  expect(visible('a\u200db \u200c👨 👨\u200d')).toBe('a\ufffdb \ufffd👨 👨\ufffd');
  expect(visible('one\r\ntwo\rthree')).toBe('one\ntwo\nthree');
});
