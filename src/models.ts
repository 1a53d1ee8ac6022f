/** Which model answers open questions, by what the environment gives. */
import { playbookModel } from './adapters/playbook/model.ts';
import type { ModelPort } from './deliberate/ports.ts';

/** Without a key no model is called, and everything that is routine works. */
export function chooseModel(_env: NodeJS.ProcessEnv): ModelPort {
  return playbookModel();
}
