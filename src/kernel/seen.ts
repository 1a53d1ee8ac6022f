/** What is decided is what was shown: a word on facts that changed since then does not count, and every surface says so in these words. */
export const CHANGED = 'A fact that matters changed since it was shown; read it again.';
