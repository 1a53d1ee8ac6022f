/** What `charter eval` chooses from: every evaluation, and every model. */
export { evals } from '../evals.generated.ts';
export { ModelNameError, namedModel } from '../models.ts';
