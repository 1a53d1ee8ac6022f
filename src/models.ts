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

/** What was named is no model, or its key is missing. */
export class ModelNameError extends Error {
  override readonly name = 'ModelNameError';
  constructor(
    readonly code: 'model_unknown' | 'key_missing',
    message: string,
  ) {
    super(message);
  }
}

const KEYS = { anthropic: ['ANTHROPIC_API_KEY'], openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'] } as const;

/**
 * The model that is named: `playbook`, `anthropic:NAME` or `openai:NAME`. Keys and addresses come from the environment.
 * @throws ModelNameError
 */
export async function namedModel(named: string, env: NodeJS.ProcessEnv): Promise<ModelPort> {
  if (named === 'playbook') return playbookModel();
  const [, provider, model = ''] = /^(anthropic|openai):(\S+)$/.exec(named) ?? [];
  if (provider !== 'anthropic' && provider !== 'openai')
    throw new ModelNameError('model_unknown', `\`${named}\` is no model. Say playbook, anthropic:NAME or openai:NAME.`);
  if (KEYS[provider].every((key) => !env[key]))
    throw new ModelNameError('key_missing', `\`${named}\` needs ${KEYS[provider].join(' or ')} in the environment.`);
  const other = provider === 'anthropic' ? KEYS.openai : KEYS.anthropic;
  return chooseModel({ ...env, ...Object.fromEntries(other.map((key) => [key, undefined])), CHARTER_MODEL: model });
}
