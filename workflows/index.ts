/** What the worker registers; Temporal takes each exported function as a workflow type. */
export { action } from './action.ts';
export { amendment } from './amendment.ts';
export { conversation } from './conversation.ts';
export { review } from './review.ts';
export { rollback } from './rollback.ts';
export { upkeep } from './upkeep.ts';
