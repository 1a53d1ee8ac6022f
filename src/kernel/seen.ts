/** What is decided is what was shown: a word on facts that changed since then does not count, and every surface says so in these words. */
export const CHANGED = 'A fact that matters changed since it was shown; read it again.';

export const SHORTEST_REASON = 5; // characters that can be seen: a word that teaches nobody anything is asked again

/** Whether a reason says too little. What cannot be seen does not count, and a run of blanks is one. */
export const saysTooLittle = (reason: string): boolean => [...reason.replace(/\s+/g, ' ').replace(UNSEEN, '').trim()].length < SHORTEST_REASON;

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;
