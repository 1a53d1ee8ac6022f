/** Waking Temporal after something was committed. */

/** A lost wake loses nothing: what matters is committed, and the sweep of upkeep wakes what stands still. */
export async function woken(waking: Promise<unknown>): Promise<void> {
  await waking.catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
  });
}
