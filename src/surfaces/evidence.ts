/** The record of evidence of a task, as far as it exists, on every surface in the same words. Pure. */
import type { Outputs } from '../client.ts';

export const EVIDENCE =
  'What the log holds of this, oldest first: each event with the SHA-256 digest of its leaf (RFC 6962). An event that is changed has another digest. That the log as a whole holds them is not proved by this: such a proof comes with the tree of the log.';

/** Of each event three lines: `decision.made`, `evt-…`, `9f86d081…` */
export const evidence = (events: Outputs['why']): string => events.map(({ type, id, leaf }) => `${type}\n  ${id}\n  ${leaf}`).join('\n');
