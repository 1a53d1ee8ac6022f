/** Which model answers open questions, by what the environment gives. */
import { anthropicModel } from './adapters/anthropic/model.ts';
import { openAiModel } from './adapters/openai/model.ts';
import { playbookModel } from './adapters/playbook/model.ts';
import type { ModelPort } from './deliberate/ports.ts';

/** Without a key no model is called, and everything that is routine works. Anthropic goes first where both are given. */
export function chooseModel(env: NodeJS.ProcessEnv): ModelPort {
  const { ANTHROPIC_API_KEY: anthropic, ANTHROPIC_BASE_URL: anthropicUrl, OPENAI_API_KEY: openai, OPENAI_BASE_URL: openaiUrl, CHARTER_MODEL: model } = env;
  if (anthropic) return anthropicModel({ apiKey: anthropic, model: model ?? 'claude-sonnet-4-5', ...(anthropicUrl ? { baseUrl: anthropicUrl } : {}) });
  if (openaiUrl) return openAiModel({ apiKey: openai ?? 'none', model: model ?? 'gpt-5', baseUrl: openaiUrl, api: 'chat' });
  if (openai) return openAiModel({ apiKey: openai, model: model ?? 'gpt-5', api: 'responses' });
  return playbookModel();
}
