/** The port where there is no model: agents answer from their routines, and nothing is sent anywhere. */
import { ModelError, type ModelPort } from '../../deliberate/ports.ts';

export const playbookModel = (): ModelPort => ({
  name: 'playbook',
  model: 'playbook',
  address: null,
  next: () => Promise.reject(new ModelError('request_refused', 'There is no model here. Set ANTHROPIC_API_KEY or OPENAI_API_KEY for open questions.')),
});
