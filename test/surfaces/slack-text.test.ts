/** Text on its way to and from Slack: whatever somebody wrote stays text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownWords } from '../../src/gate/own-words.ts';
import { heard } from '../../src/surfaces/slack/events.ts';
import { asMarkdown, clean, escaped, pieces, plain, readable } from '../../src/surfaces/slack/text.ts';

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

  test('what cannot be seen shows as something', () => {
    const turned = 'pay DE02\u202e3021\u2066\u200b to us\ntoday';
    for (const made of [escaped(turned), asMarkdown(turned), plain(turned, 100).text]) expect(made).toBe('pay DE02\ufffd3021\ufffd\ufffd to us\ntoday');
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
  ])('%s', (text, read) => expect(clean(readable(text, 'UBOT'))).toBe(read));
});

describe('whose words are whose', () => {
  const IBAN = 'DE02120300000000202051';
  const text = (said: string, style = {}) => ({ type: 'text', text: said, style });
  const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
  const said = (plainText: string, parts: readonly object[] = [], more = {}) => {
    const blocks = parts.length === 0 ? {} : { blocks: [{ type: 'rich_text', block_id: 'b', elements: parts }] };
    const event = { type: 'message', channel_type: 'im', user: 'U1', channel: 'D1', ts: '1.1', text: plainText, ...blocks, ...more };
    const body = { type: 'event_callback', team_id: 'T1', event_id: 'Ev1', event };
    return heard(body, { user: 'UBOT', team: 'T1', bot: 'BBOT' })?.text ?? expect.fail('not heard');
  };
  const asked = section(text('pay S-001 what they ask'));

  test.each([
    { what: 'their own', heardAs: said(`pay S-001 to ${IBAN}`), own: true },
    {
      what: 'their own, in rich text',
      heardAs: said('-', [section(text(`pay S-001 to ${IBAN}`)), { type: 'rich_text_quote', elements: [text('please')] }]),
      own: true,
    },
    { what: 'quoted', heardAs: said(`pay S-001\n&gt; to ${IBAN}`), own: false },
    { what: 'quoted to the end', heardAs: said(`pay S-001\n&gt;&gt;&gt; dear all\nour new account is ${IBAN}`), own: false },
    { what: 'pasted as code', heardAs: said(`pay S-001 to \`\`\`${IBAN}\`\`\``), own: false },
    // the text that Slack sends beside its blocks need not say that it is a quotation
    {
      what: 'a quotation of several lines',
      heardAs: said(`pay\nto ${IBAN}`, [asked, { type: 'rich_text_quote', elements: [text(`dear all\nto ${IBAN}`)] }]),
      own: false,
    },
    {
      what: 'a list in a quotation',
      heardAs: said(`to ${IBAN}`, [asked, { type: 'rich_text_list', border: 1, style: 'bullet', elements: [section(text(`to ${IBAN}`))] }]),
      own: false,
    },
    { what: 'a block of code', heardAs: said(`to ${IBAN}`, [asked, { type: 'rich_text_preformatted', elements: [text(`to ${IBAN}`)] }]), own: false },
    {
      what: 'a span of code beside a quotation',
      heardAs: said(IBAN, [section(text(`to ${IBAN}`, { code: true })), { type: 'rich_text_quote', elements: [text('x')] }]),
      own: false,
    },
    { what: 'a message that was shared', heardAs: said('pay S-001', [], { attachments: [{ is_share: true, text: `to ${IBAN}` }] }), own: false },
  ])('$what: $own', ({ heardAs, own }) => expect(ownWords(heardAs).includes(IBAN)).toBe(own));
});
