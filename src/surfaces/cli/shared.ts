/** What every command is given. */
export interface Shared {
  options(): { readonly json?: boolean; readonly as?: string; readonly token?: string; readonly url?: string };
  readonly env: NodeJS.ProcessEnv;
  /** The value with `--json`, else the words. */
  print(value: unknown, words: string): void;
}

export const EXIT = { done: 0, failed: 1, wrongUse: 2, denied: 3, waits: 4 } as const;
