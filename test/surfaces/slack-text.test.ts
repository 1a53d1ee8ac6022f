/** Text on its way to and from Slack: whatever somebody wrote stays text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asMarkdown, escaped, pieces, plain, readable } from '../../src/surfaces/slack/text.ts';

const nasty = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('what is written to Slack', () => {
  test('no text makes a mention, a link or an entity of its own', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const made of [escaped(text), asMarkdown(text)]) expect(made.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
      }),
    );
  });

  test('no mark of Markdown stands without its backslash', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(asMarkdown(text).replace(/\\[\\`*_[\]~|#]/g, '')).not.toMatch(/[`*_[\]~|]|^\s*#/m);
      }),
    );
    expect(asMarkdown('[pay here](https://evil.example) ![x](y) <!channel>')).toBe('\\[pay here\\](https://evil.example) !\\[x\\](y) &lt;!channel&gt;');
  });

  test('pieces together are the text, each as short as asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 10, max: 60 }), (text, most) => {
        const found = pieces(text, most);
        expect(found.join('')).toBe(text);
        expect(found.every((piece) => piece.length <= most && /\p{Surrogate}/u.test(piece) === /\p{Surrogate}/u.test(text))).toBe(true);
      }),
    );
  });

  test('a plain text is never empty, never too long, never half a character', () => {
    expect(plain('  ', 10).text).toBe('–');
    expect(plain('a😀b', 3)).toEqual({ type: 'plain_text', text: 'a…', emoji: false });
  });
});

describe('what is read from Slack', () => {
  test.each([
    ['<@UBOT> what is due?', 'what is due?'],
    ['<@UBOT> ask <@U2|ana> in <#C1|general>', 'ask @ana in #general'],
    ['see <https://real.example|https://bank.example>', 'see https://real.example'],
    ['1 &lt; 2 &amp;amp; 3', '1 < 2 &amp; 3'],
    ['a\0b', 'ab'],
  ])('%s', (text, read) => expect(readable(text, 'UBOT')).toBe(read));
});
