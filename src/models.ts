/** Which model answers open questions, by what the environment gives. */
import { playbookModel } from './adapters/playbook/model.ts';
import type { ModelPort } from './deliberate/ports.ts';

/**
 * Without a key no model is called, and everything that is routine works. Anthropic goes first where both are given. A
 * provider's client is loaded only where it is chosen.
 */
export async function chooseModel(env: NodeJS.ProcessEnv): Promise<ModelPort> {
  const { ANTHROPIC_API_KEY: anthropic, ANTHROPIC_BASE_URL: anthropicUrl, OPENAI_API_KEY: openai, OPENAI_BASE_URL: openaiUrl, CHARTER_MODEL: model } = env;
  if (anthropic) {
    const { anthropicModel } = await import('./adapters/anthropic/model.ts');
    return anthropicModel({ apiKey: anthropic, model: model ?? 'claude-sonnet-5-5', ...(anthropicUrl ? { baseUrl: anthropicUrl } : {}) });
  }
  if (!openai && !openaiUrl) return playbookModel();
  const { openAiModel } = await import('./adapters/openai/model.ts');
  const key = { apiKey: openai ?? 'none', model: model ?? 'gpt-5' };
  return openaiUrl ? openAiModel({ ...key, baseUrl: openaiUrl, api: 'chat' }) : openAiModel({ ...key, api: 'responses' });
}
