/** Where a command line runs: its process, or a test. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
}

/** What every command is given. */
export interface Shared {
  options(): { readonly json?: boolean; readonly as?: string; readonly token?: string; readonly url?: string };
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number; // of the terminal
  /** The value with `--json`, else the words. */
  print(value: unknown, words: string): void;
  /** One of many answers: a line of JSON with `--json`, else the words. */
  line(value: unknown, words: string): void;
  /** Words beside the answer, such as progress; none with `--json`. */
  tell(words: string): void;
  /** What the command will have ended with: one of `EXIT`, or what a signal left. */
  exit(code: number): void;
}

export const EXIT = { done: 0, failed: 1, wrongUse: 2, denied: 3, waits: 4 } as const;

export const EXIT_CODES = `
Exit codes:
  0  done; of a task also: under way, and nobody has to do anything about it
  1  failed
  2  wrong use: what was written has to be written otherwise; an unknown name is told with the nearest
  3  denied: by the gate, by whoever may decide, or because it was halted, expired or decided otherwise
  4  waits for a human
What is under way is watched for 30 seconds, then told as it stands.`;
