/** Values in prose are told apart without their backticks, and no text is lost or made by it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoted, quotedLines, spans } from '../../src/surfaces/prose.ts';

test.each([
  ['invoice `R-1` of `Oak & Sons` is due', 'invoice “R-1” of “Oak & Sons” is due'],
  ['`paul` waits (`W-07`), `clara`: `x`.', '“paul” waits (“W-07”), “clara”: “x”.'],
  ['an open ` stays', 'an open ` stays'],
  ['document.title=`owned`"', 'document.title=`owned`"'], // a record's own words
  ['`a\nb` are two lines', '`a\nb` are two lines'],
  ['costs `$1` and `$&`', 'costs “$1” and “$&”'],
])('%s', (text, read) => expect(quoted(text)).toBe(read));

test('what is indented is a source', () => expect(quotedLines(['of `x`', '    + of `x`'])).toEqual(['of “x”', '    + of `x`']));

test('the spans together are the text, but for backticks', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '(', ')', '.', '\n', '<') }), (text) => {
      const found = spans(text);
      expect(found.map(({ text: part, value }) => (value ? `\`${part}\`` : part)).join('')).toBe(text);
      expect(quoted(text)).toBe(found.map(({ text: part, value }) => (value ? `“${part}”` : part)).join(''));
    }),
  );
});
