/** Prose as people read it on a page or a card: a value that stands between backticks is told apart without them. A value itself is shown as it is. Pure. */

export interface Span {
  readonly text: string;
  readonly value: boolean; // it stood between backticks
}

/** An agent as people speak of it: `the finance analyst`. */
export const spokenOf = (agent: string): string => `the ${agent.replaceAll('-', ' ')}`;

export const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** They open and close beside a blank or a mark of punctuation: what a record has within its own words stays as it is. */
const VALUE = /(?<=^|[\s(])`([^`\n]+)`(?=$|[\s).,;:!?'’])/gm;

/** Together they are the text, without the backticks of its values. */
export const spans = (text: string): readonly Span[] =>
  text
    .split(VALUE)
    .map((part, n) => ({ text: part, value: n % 2 === 1 }))
    .filter((span) => span.text !== '');

/** For surfaces that show text alone: `of “Oak & Sons”`. */
export const quoted = (text: string): string => text.replace(VALUE, '“$1”');

/** The same, line by line; what is indented is a source, and stays as it is written. */
export const quotedLines = (lines: readonly string[]): readonly string[] => lines.map((line) => (line.startsWith('    ') ? line : quoted(line)));
