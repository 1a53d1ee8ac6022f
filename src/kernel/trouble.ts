/** What keeps something from being done now, in words that can be kept and shown. */

const LONGEST_ERROR = 300; // characters

/** What keeps something from being done that is tried again in the next round. */
export interface Trouble {
  readonly subject: string;
  readonly reason: string;
}

export const troubleOf = (subject: string, error: unknown): Trouble => ({ subject, reason: wordsOf(error) });

/** An error may quote what somebody wrote; what cannot be kept as text is shown as missing. */
export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replaceAll('\0', '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .slice(0, LONGEST_ERROR)
    .replace(/\p{Surrogate}$/u, '');
