/** What can be seen of a text, the same on every surface: in a terminal, in Slack, and in the inbox, whose pages import this in a browser. */

/** Scripts in whose words a joiner changes what is seen. */
const JOINING = ['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam']
  .concat(['Sinhala', 'Tibetan', 'Myanmar', 'Khmer'])
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const SHOWN_JOINER = `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})`;
/** Control characters besides line breaks and tabs, what turns the direction of writing, and what has no width. */
const UNSEEN = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\u{e0000}-\\u{e007f}]';
const MASKED = new RegExp(`(${SHOWN_JOINER})|${UNSEEN}`, 'gu');

/**
 * The text with U+FFFD for every character that cannot be seen and changes what is: it cannot be read backwards, and looks like nothing else.
 * Line breaks and tabs stay; so do joiners where they show, in emoji and between letters that are joined.
 */
export const visible = (text: string): string => text.replace(/\r\n?/g, '\n').replace(MASKED, (_all, shown: string | undefined) => shown ?? '\ufffd');
