/** What another process may have changed is looked at again, now and then. */
const CURRENT_MS = 500; // another process may ratify; an intent under what was in force before is refused in any case

/** Runs a check before it lets go on, at most once in a while, whoever comes at once. */
export function keepCurrent(now: () => number, check: () => Promise<void>): () => Promise<void> {
  let [checked, checking]: [number, Promise<void> | undefined] = [0, undefined];
  return async () => {
    if (now() - checked < CURRENT_MS) return;
    checking ??= check().finally(() => {
      checked = now();
      checking = undefined;
    });
    await checking;
  };
}
